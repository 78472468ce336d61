/** Giving up: a page that asks first, with a reason that stays; and dropping messages that are none of ours. */
import { commandFor } from "../../ops/command.ts";
import { drop, needsReason, planDrop, reasonMost } from "../../ops/dlq/drop.ts";
import { changesOf } from "../../ops/dlq/failed-changes.ts";
import { plannedMost, type ParkedRow } from "../../ops/dlq/parked-rows.ts";
import { hiddenSecondsToChange, type Selection, withFailedChanges } from "../../ops/dlq/select.ts";
import type { Operations } from "../../ops/operations.ts";
import { counted, whole } from "../../ops/words.ts";
import { addressOf, causeAddress } from "../addresses.ts";
import { actionForm, command, empty, linkButton, name, notice, section } from "../components.ts";
import type { ConsoleApp, ConsoleContext } from "../context.ts";
import { html, type Html, joined, nothing } from "../html.ts";
import { page } from "../layout.ts";
import { type View, viewOf } from "../view.ts";
import { everyCause, rowsOf, titleOf } from "./cause-page.ts";
import { namesOf } from "./list-part.ts";
import { changes as changesText, tally } from "./run-page.ts";
import { type RunWork, startRun, subjectOf } from "./runs.ts";

interface Asked {
  readonly cause: string;
  /** An id; empty: all of the cause. */
  readonly who: string;
  readonly reason: string;
  /** What has begun to wait by then, which was shown. Milliseconds since 1970. */
  readonly until: number;
}

export function addDropPages(app: ConsoleApp, context: ConsoleContext): void {
  const { operations: o } = context;
  app.get("/failed/:cause/drop", async (c) => {
    const view = viewOf(c, context);
    const asked = { cause: c.req.param("cause"), who: c.req.query("who") ?? "", reason: "", until: view.now };
    return c.html(await askPage(view, o, asked));
  });
  app.post("/failed/:cause/drop", async (c) => {
    const form = await c.req.parseBody();
    const text = (field: string): string => (typeof form[field] === "string" ? form[field].trim() : "");
    const until = Number(text("until"));
    const asked = { cause: c.req.param("cause"), who: text("who"), reason: text("reason"), until };
    const problem = problemOf(asked);
    if (problem !== undefined) return c.html(await askPage(viewOf(c, context), o, asked, problem), 400);
    const { rows } = await rowsOf(o, asked.cause);
    const subject = subjectOf(rows, asked.who, `cause ${asked.cause}`);
    return await startRun(c, context, dropRun(o, asked, subject));
  });
}

function problemOf({ cause, reason, until }: Asked): string | undefined {
  if (cause === everyCause || !Number.isSafeInteger(until) || until <= 0) return "Choose a cause first.";
  if (reason.length > reasonMost) return `A reason has at most ${reasonMost} characters.`;
  return reason === "" && needsReason(cause)
    ? "Say why: it stays with the resource for whoever asks later."
    : undefined;
}

async function askPage(view: View, o: Operations, asked: Asked, problem?: string): Promise<Html> {
  const { cause, who } = asked;
  const { rows } = await rowsOf(o, cause);
  const chosen = who === "" ? rows : rows.filter(({ id }) => id === who);
  const isForeign = !needsReason(cause);
  const one = who === "" ? "" : ` --user ${who}`;
  const words = isForeign ? `dlq drop --cause ${cause}` : `dlq drop --cause ${cause}${one} --reason "…"`;
  return page(view, {
    title: isForeign ? "Drop messages that are none of ours?" : `Give up: ${titleOf(cause)}?`,
    place: "/failed",
    content: html`${problem === undefined ? nothing : html`<div role="alert">${notice("bad", problem)}</div>`}
    ${isForeign ? foreignPart(view, asked) : await givingUpPart(view, o, chosen, asked)}
    ${command(commandFor(o, words))}`,
  });
}

function foreignPart(view: View, { cause, until }: Asked): Html {
  return section(
    "What will happen",
    html`<p>
        Every message in either dead-letter queue that is none of ours is taken away for good. It cannot be brought
        back: look at them first, and find out who sends there.
      </p>
      <p>${linkButton("/failed/letters", "Look into the dead-letter queues")}</p>
      ${actionForm(view, {
        action: `${causeAddress(cause)}/drop`,
        button: "Drop them",
        tone: "danger",
        hidden: { until: String(until) },
      })}
      <p>${linkButton(causeAddress(cause), "Leave them")}</p>`,
  );
}

async function givingUpPart(view: View, o: Operations, rows: readonly ParkedRow[], asked: Asked): Promise<Html> {
  const { cause, who, reason, until } = asked;
  if (rows.length === 0)
    return empty("Nothing is left to be given up", html`<p><a href="${causeAddress(cause)}">Back to the list</a></p>`);
  const first = await changesOf(o, rows.slice(0, plannedMost));
  const { leavers, parked } = planDrop(first);
  const names = await namesOf(o, parked.slice(0, namesMost));
  const isOne = rows.length === 1;
  const link = ({ type = "", id = "" }): Html =>
    html`<a href="${addressOf({ type, id })}">${name(names.get(id) ?? id)}</a>`;
  const more = rows.length - namesMost;
  return section(
    "What will happen",
    html`<p>
        <strong>${changesText(rows.length)}</strong> ${isOne ? "is" : "are"} given up:
        ${joined(parked.slice(0, namesMost).map(link), ", ")}${more > 0 ? ` and ${whole(more)} more` : ""}.
      </p>
      ${leavers.length === 0 ? nothing : leaversNotice(leavers.length, rows.length)}
      <ul>
        <li>
          The directory stays as it is for ${isOne ? "it" : "them"} until the identity provider says something new.
        </li>
        <li>${isOne ? "Its" : "Their"} dead letters are taken away, so the alarm ends.</li>
        <li>It can be taken back: Failed syncs, Given up, Take up again.</li>
      </ul>
      ${actionForm(view, {
        action: `${causeAddress(cause)}/drop`,
        button: `Give up ${changesText(rows.length)}`,
        tone: "danger",
        hidden: { until: String(until), ...(who === "" ? {} : { who }) },
        fields: html`<label class="wide"
          >Why: it stays with the resource for 400 days
          <input name="reason" required maxlength="${reasonMost}" value="${reason}" autocomplete="off" />
        </label>`,
      })}
      <p>${linkButton(causeAddress(cause), "Leave them")}</p>`,
  );
}

const namesMost = 3;

function leaversNotice(leavers: number, total: number): Html {
  const of = total > plannedMost ? ` of the first ${whole(plannedMost)}` : "";
  return notice("bad", `${counted(leavers, "person", "people")}${of} left and would keep access by it.`);
}

function dropRun(o: Operations, { cause, who, reason, until }: Asked, subject: string): RunWork {
  const selection: Selection = { cause, until, ...(who === "" ? {} : { user: who }) };
  const run: RunWork["run"] = async ({ onProgress, signal }) => {
    const look = {
      hiddenSeconds: hiddenSecondsToChange,
      onProgress: (done: number, total: number) => onProgress(done, total, "Reading dead letters"),
    };
    const { givenUp, deadLetters, stopped } = await withFailedChanges(o, selection, look, async (selected) => {
      return await drop(o, selected, {
        reason,
        signal,
        onProgress: (done, total) => onProgress(done, total, "Given up"),
      });
    });
    const text = `${changesText(givenUp)} given up; ${counted(deadLetters, "dead letter")} taken away.`;
    return {
      outcome: tally([
        [givenUp, "given up"],
        [deadLetters, "dead letters taken away"],
        [stopped ? 1 : 0, "stop"],
      ]),
      summary: () =>
        html`${stopped ? notice("warn", `Stopped before the end: ${text} Begin again to go on.`) : notice("good", text)}
        ${givenUp === 0 ? nothing : html`<p>${linkButton("/failed?given-up=yes", "See what is given up")}</p>`}`,
    };
  };
  const title = needsReason(cause) ? `Giving up: ${cause}` : "Dropping messages that are none of ours";
  return { kind: "drop", title, subject, run };
}
