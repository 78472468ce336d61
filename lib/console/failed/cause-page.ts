/** The page of one cause: what it means, what a replay would do, and who waits; `/failed/all` is of all causes. */
import { brakeHeld, brakeRejected } from "../../ops/brake/held.ts";
import { commandFor } from "../../ops/command.ts";
import { causeCodes, isDecided, meaningOf, neverFinished } from "../../ops/dlq/cure.ts";
import { changesOf } from "../../ops/dlq/failed-changes.ts";
import { pageOfRows, type ParkedRow, parkedRows, planOfRows } from "../../ops/dlq/parked-rows.ts";
import { type Selection, UnknownCauseError } from "../../ops/dlq/select.ts";
import type { Operations } from "../../ops/operations.ts";
import { counted } from "../../ops/words.ts";
import { unreadableMessage } from "../../provisioning/sync-error.ts";
import { causeAddress, hrefOf } from "../addresses.ts";
import { actionForm, command, empty, linkButton, pager, section, withCode } from "../components.ts";
import type { ConsoleApp, ConsoleContext } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import { page } from "../layout.ts";
import { type View, viewOf } from "../view.ts";
import { changesOnPage, listPart } from "./list-part.ts";
import { planPart } from "./plan-part.ts";
import { replayRun } from "./replays.ts";
import { startRun } from "./runs.ts";

/** Dead letters alone tell of these: the table has nothing of them. */
const ofLetters: ReadonlySet<string> = new Set([neverFinished, unreadableMessage]);
const ofBrake: ReadonlySet<string> = new Set([brakeHeld, brakeRejected]);
/** Stands for all causes in an address. */
export const everyCause = "all";

export function addCausePages(app: ConsoleApp, context: ConsoleContext): void {
  const { operations: o } = context;
  app.get("/failed/:cause", async (c) => {
    const cause = c.req.param("cause");
    if (ofBrake.has(cause)) return c.redirect("/failed/brake", 303);
    const found = await rowsOf(o, cause);
    return c.html(await causePage(viewOf(c, context), o, { cause, ...found, after: c.req.query("after") }));
  });
  app.post("/failed/:cause/replay", async (c) => {
    const cause = c.req.param("cause");
    await rowsOf(o, cause);
    const { even } = await c.req.parseBody();
    const selection: Selection = cause === everyCause ? {} : { cause };
    const [title, subject] = [titleOf(cause), `cause ${cause}`];
    return await startRun(
      c,
      context,
      replayRun(context, { selection, evenFailing: even === "yes", title: `Replay: ${title}`, subject }),
    );
  });
}

/** Errors: UnknownCauseError. */
export async function rowsOf(o: Operations, cause: string): Promise<{ rows: readonly ParkedRow[]; isMore: boolean }> {
  const { rows, isMore } = await parkedRows(o);
  const chosen = rows.filter((row) => (cause === everyCause ? !isDecided(row.cause) : row.cause === cause));
  if (chosen.length === 0 && cause !== everyCause && !causeCodes.includes(cause)) throw new UnknownCauseError(cause);
  return { rows: chosen, isMore };
}

export function titleOf(cause: string): string {
  return cause === everyCause ? "all causes" : cause;
}

interface CauseOptions {
  readonly cause: string;
  readonly rows: readonly ParkedRow[];
  readonly isMore: boolean;
  readonly after: string | undefined;
}

async function causePage(view: View, o: Operations, { cause, rows, isMore, after }: CauseOptions): Promise<Html> {
  const isEvery = cause === everyCause;
  const shown = pageOfRows(rows, after, changesOnPage);
  const words = isEvery ? "" : ` --cause ${cause}`;
  const more = isMore ? " or more" : "";
  return page(view, {
    title: isEvery ? "All failed changes" : cause,
    place: "/failed",
    aside: html`<span class="quiet">${counted(rows.length, "change")}${more}</span>`,
    content: html`${isEvery ? nothing : meaningPart(cause)}
    ${after === undefined ? await replayPart(view, o, cause, rows) : nothing}
    ${rows.length === 0 ? nothingHere(cause) : await changesPart(view, o, { cause, shown, after })}
    ${command(commandFor(o, `dlq replay${words}`))} ${command(commandFor(o, `dlq show${words}`), "The list")}`,
  });
}

function meaningPart(cause: string): Html {
  const known = meaningOf(cause);
  if (known === undefined)
    return html`<p>This version does not know the code: another one may have parked these changes.</p>`;
  return html`<p>${known.meaning} ${withCode(known.cure)}</p>`;
}

async function replayPart(view: View, o: Operations, cause: string, rows: readonly ParkedRow[]): Promise<Html> {
  const action = `${causeAddress(cause)}/replay`;
  if (cause === unreadableMessage)
    return section(
      "Messages that are none of ours",
      html`<p>They lie in the dead-letter queues alone, and are never replayed. Look first, then drop them.</p>
        <p class="actions">
          ${linkButton("/failed/letters", "Look into the dead-letter queues")}
          ${linkButton(`${causeAddress(cause)}/drop`, "Drop them …")}
        </p>`,
    );
  if (ofLetters.has(cause))
    return section(
      "Replay",
      html`<p>Dead letters alone tell of these: how many they are is known when the queues have been read.</p>
        <p class="actions">${linkButton("/failed/letters", "Look into the dead-letter queues")}</p>
        ${actionForm(view, { action, button: "Replay them", tone: "primary" })}`,
    );
  if (rows.length === 0) return nothing;
  const giveUp =
    cause === everyCause
      ? nothing
      : html`<p>
          ${linkButton(`${causeAddress(cause)}/drop`, "Give them up …")}
          <span class="quiet">if they are to stay as they are</span>
        </p>`;
  return section("Replay", html`${planPart(view, o, await planOfRows(o, rows), { action, verb: "Replay" })} ${giveUp}`);
}

function nothingHere(cause: string): Html {
  if (ofLetters.has(cause)) return nothing;
  return empty(
    "Nothing waits any more",
    html`<p>What failed like this has been mended. <a href="/failed">Failed syncs</a></p>`,
  );
}

async function changesPart(
  view: View,
  o: Operations,
  { cause, shown, after }: { cause: string; shown: ReturnType<typeof pageOfRows>; after: string | undefined },
): Promise<Html> {
  const changes = await changesOf(o, shown.rows);
  const here = causeAddress(cause);
  const links = {
    ...(after === undefined ? {} : { first: here }),
    ...(shown.next === undefined ? {} : { next: hrefOf(here, { after: shown.next }) }),
  };
  const list = await listPart(view, o, changes);
  return section("Who, oldest first", html`${list} ${pager(links)}`);
}
