/** The page of the brake: whether it is on, why, whom it holds, and where it is decided. */
import { decisionText, mayLeaveText, stateText } from "../../ops/brake/words.ts";
import { commandFor } from "../../ops/command.ts";
import { changesOf, type FailedChange } from "../../ops/dlq/failed-changes.ts";
import { pageOfRows, type ParkedRow } from "../../ops/dlq/parked-rows.ts";
import type { Operations } from "../../ops/operations.ts";
import { counted, whole } from "../../ops/words.ts";
import { addressOf, hrefOf } from "../addresses.ts";
import { chip, command, facts, idCode, linkButton, name, notice, pager, section, table, time } from "../components.ts";
import type { ConsoleApp, ConsoleContext } from "../context.ts";
import { type Content, html, type Html, nothing } from "../html.ts";
import { page } from "../layout.ts";
import { type View, viewOf } from "../view.ts";
import { brakeAddress as here, type BrakeRead, readBrakePage } from "./brake-read.ts";
import { changesOnPage, namesOf } from "./list-part.ts";

export function addBrakePage(app: ConsoleApp, context: ConsoleContext): void {
  const { operations: o } = context;
  app.get(here, async (c) => {
    return c.html(await brakePage(viewOf(c, context), o, await readBrakePage(o), c.req.query("after")));
  });
}

async function brakePage(
  view: View,
  o: Operations,
  { status, held, rejected, isMore }: BrakeRead,
  after?: string,
): Promise<Html> {
  const { tone, text } = stateText(status);
  const { trip, decision, windowMinutes, left } = status;
  const isOver = status.state === "off" && held.length === 0;
  const pairs: (readonly [string, Content])[] = [
    ["Held", isMore ? `${people(held.length)} or more` : people(held.length)],
    ["Have left", `${whole(left)} within the last ${windowMinutes} min`],
    ["May leave", mayLeaveText(status, o.tenant.leavers.brake)],
  ];
  if (trip !== undefined) {
    const why = `${whole(trip.count)} left within ${windowMinutes} min, ${whole(trip.threshold)} may`;
    pairs.unshift(["Tripped", html`${time(view, trip.at)}: ${why}`]);
  }
  if (decision !== undefined) pairs.push(["Last decision", decisionText(decision, view.now)]);
  return page(view, {
    title: "The brake",
    place: "/failed",
    aside: chip(tone, status.state === "held" ? "on" : status.state),
    content: html`${notice(tone, `It is ${text}.`)} ${facts(pairs)} ${isOver ? nothing : waysPart(held.length)}
    ${held.length === 0 ? nothing : await heldPart(view, o, held, after)}
    ${rejected.length === 0 ? nothing : await keptPart(view, o, rejected)} ${command(commandFor(o, "brake status"))}`,
  });
}

function people(count: number): string {
  return count === 0 ? "nobody" : counted(count, "person", "people");
}

function waysPart(held: number): Html {
  const isSeen = held === 0;
  return section(
    "Was it meant?",
    html`<div class="ways">
      <div>
        <p>
          <strong>${isSeen ? "I have seen it, and it was meant." : "They are to leave."}</strong>
          Those who are held leave, and whoever leaves within the next window is not counted.
        </p>
        <p>${linkButton(`${here}/allow`, "Allow …")}</p>
      </div>
      <div>
        <p>
          <strong>It was a mistake at the identity provider.</strong>
          Those who are held stay active until it says more about them. Mend it there, too.
        </p>
        <p>${linkButton(`${here}/reject`, "Reject …")}</p>
      </div>
    </div>`,
  );
}

async function heldPart(
  view: View,
  o: Operations,
  rows: readonly ParkedRow[],
  after: string | undefined,
): Promise<Html> {
  const shown = pageOfRows(rows, after, changesOnPage);
  const links = {
    ...(after === undefined ? {} : { first: here }),
    ...(shown.next === undefined ? {} : { next: hrefOf(here, { after: shown.next }) }),
  };
  const list = await listOf(view, o, await changesOf(o, shown.rows), "Who is held");
  return section("Who is held", html`${list} ${pager(links)}`, { aside: people(rows.length) });
}

async function keptPart(view: View, o: Operations, rows: readonly ParkedRow[]): Promise<Html> {
  const first = rows.slice(0, changesOnPage);
  const list = await listOf(view, o, await changesOf(o, first), "Who was kept by an earlier reject");
  const more = rows.length - first.length;
  return section(
    "Kept by an earlier reject",
    html`${list} ${more > 0 ? html`<p class="quiet">And ${whole(more)} more.</p>` : nothing}
      <p>${linkButton(`${here}/allow?rejected=yes`, "They may leave after all …")}</p>`,
    { aside: people(rows.length) },
  );
}

async function listOf(view: View, o: Operations, changes: readonly FailedChange[], caption: string): Promise<Html> {
  const names = await namesOf(o, changes);
  const rows = changes.map(({ type = "", id = "", head }) => {
    const href = addressOf({ type, id });
    return {
      href,
      cells: [
        html`<a href="${href}">${name(names.get(id) ?? id)}</a>`,
        idCode(id),
        head?.state === "deleted" ? "deleted" : "deactivated",
        time(view, head?.leftAt),
        html`<a class="unbroken" href="${hrefOf(`${here}/allow`, { who: id })}">Let go …</a>`,
      ],
    };
  });
  const columns = [
    { title: "Who" },
    { title: "Id", isMinor: true },
    { title: "Said", isMinor: true },
    { title: "When" },
    { title: "Decide" },
  ];
  return html`<div class="listed">${table(caption, columns, rows)}</div>`;
}
