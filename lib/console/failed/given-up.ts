/** What an operator gave up, and why: `/failed?given-up=yes`. */
import { commandFor } from "../../ops/command.ts";
import { changesOf, type FailedChange } from "../../ops/dlq/failed-changes.ts";
import { pageOfRows, parkedRows, planOfRows } from "../../ops/dlq/parked-rows.ts";
import type { Operations } from "../../ops/operations.ts";
import { counted } from "../../ops/words.ts";
import { addressOf, hrefOf } from "../addresses.ts";
import { actionForm, command, empty, idCode, linkButton, name, pager, section, table, time } from "../components.ts";
import type { ConsoleApp, ConsoleContext } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import { page } from "../layout.ts";
import type { View } from "../view.ts";
import { changesOnPage, namesOf } from "./list-part.ts";
import { planPart } from "./plan-part.ts";
import { replayRun } from "./replays.ts";
import { startRun, subjectOf } from "./runs.ts";

const here = "/failed?given-up=yes";
const takeUp = "/failed/given-up/replay";

export async function givenUpPage(view: View, o: Operations, after: string | undefined): Promise<Html> {
  const { rows, isMore } = await parkedRows(o, "given");
  const shown = pageOfRows(rows, after, changesOnPage);
  const isFirst = after === undefined && rows.length > 0;
  const plan = isFirst
    ? section(
        "Take up again",
        planPart(view, o, await planOfRows(o, rows, { takesUp: true }), { action: takeUp, verb: "Take up again" }),
      )
    : nothing;
  const links = {
    ...(after === undefined ? {} : { first: here }),
    ...(shown.next === undefined ? {} : { next: hrefOf("/failed", { "given-up": "yes", after: shown.next }) }),
  };
  const changes = await changesOf(o, shown.rows);
  return page(view, {
    title: "Given up",
    place: "/failed",
    aside: html`<span class="quiet">${counted(rows.length, "change")}${isMore ? " or more" : ""}</span>`,
    content: html`<p>
        Somebody decided that these stay as they are in the directory. It holds until the identity provider says
        something new about them, or until they are taken up again.
      </p>
      ${plan}
      ${
        rows.length === 0
          ? empty(
              "Nothing is given up",
              html`<p>What is dropped from <a href="/failed">Failed syncs</a> stands here with the reason.</p>`,
            )
          : section("Who, and why", html`${await listOf(view, o, changes)} ${pager(links)}`)
      }
      <p>${linkButton("/failed", "Failed syncs")}</p>
      ${command(commandFor(o, "dlq show --given-up"))}
      ${command(commandFor(o, "dlq replay --given-up"), "Take up again")}`,
  });
}

export function addTakeUp(app: ConsoleApp, context: ConsoleContext): void {
  app.post(takeUp, async (c) => {
    const { even, who } = await c.req.parseBody();
    const one = typeof who === "string" ? who : "";
    const { rows } = await parkedRows(context.operations, "given");
    const subject = subjectOf(rows, one, "given up");
    const selection = { givenUp: true, ...(one === "" ? {} : { user: one }) };
    const title = "Taking up again what was given up";
    return await startRun(c, context, replayRun(context, { selection, evenFailing: even === "yes", title, subject }));
  });
}

async function listOf(view: View, o: Operations, changes: readonly FailedChange[]): Promise<Html> {
  const names = await namesOf(o, changes);
  const columns = [
    { title: "Who, and why" },
    { title: "Id", isMinor: true },
    { title: "Given up", isMinor: true },
    { title: "Cause", isMinor: true },
    { title: "Decide" },
  ];
  const rows = changes.flatMap(({ type = "", id = "", status, head, cause }) => {
    const decided = head?.givenUp;
    if (status !== "givenUp") return [];
    const href = addressOf({ type, id });
    return [
      {
        href,
        cells: [
          html`<a href="${href}">${name(names.get(id) ?? id)}</a><br /><bdi>${decided?.reason ?? ""}</bdi>`,
          idCode(id),
          time(view, decided?.at),
          html`<code>${cause}</code>`,
          actionForm(view, { action: takeUp, button: "Take up again", hidden: { who: id, even: "yes" } }),
        ],
      },
    ];
  });
  return html`<div class="listed">${table("What was given up", columns, rows)}</div>`;
}
