/** Activity: what was accepted and refused, newest first. What comes meanwhile is announced, or shown at once by who follows it. */
import { activity } from "../../ops/activity/activity.ts";
import { commandWords } from "../../ops/activity/command-words.ts";
import { statusesOf } from "../../ops/activity/described.ts";
import { type ActivityRow, type ChangeRow, isRefusal } from "../../ops/activity/row.ts";
import { commandFor } from "../../ops/command.ts";
import { type Asked, askedBy, hrefTo, queryOf } from "../activity/asked.ts";
import { filters } from "../activity/filters.ts";
import { newer, newerId, newerSaid, newerSaidId, upToDate } from "../activity/newer.ts";
import { nothingCame } from "../activity/nothing-came.ts";
import { activityTable, statusId } from "../activity/rows.ts";
import { hrefOf } from "../addresses.ts";
import { command, linkButton, pager, time } from "../components.ts";
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import { page } from "../layout.ts";
import { syncChip } from "../listed/chips.ts";
import { live, type LiveParts } from "../live.ts";
import { type View, viewOf } from "../view.ts";

/** A deployed tenant's page asks DynamoDB each time, which has a price. */
const everyMs = { local: 2_000, deployed: 5_000 };
const newerMost = 100;
const listId = "activity-list";

export function addActivityPages(app: ConsoleApp, context: ConsoleContext): void {
  const { operations: o } = context;
  const beat = o.deployment === undefined ? everyMs.local : everyMs.deployed;

  app.get("/activity", async (c) => {
    const view = viewOf(c, context);
    const asked = askedBy(c);
    const found = await activity(o, asked);
    const content = html`${filters(asked)}
      <section class="card" aria-labelledby="list-title">
        <div class="activity-bar">
          <h2 class="unseen" id="list-title">What came</h2>
          <div id="${newerId}">${asked.follows ? following() : asked.after === undefined ? upToDate() : nothing}</div>
          <div id="${newerSaidId}" class="unseen" role="status"></div>
          ${followSwitch(asked)}
        </div>
        <div id="${listId}">${list(view, context, asked, found)}</div>
        ${command(commandFor(o, commandWords({ ...asked, follow: asked.follows })))}
      </section>`;
    const liveFrom = streamOf(asked, found.rows, view.now);
    return c.html(
      page(view, { title: "Activity", place: "/activity", content, ...(liveFrom !== undefined && { liveFrom }) }),
    );
  });

  app.get("/live/activity", (c) => {
    const asked = askedBy(c);
    return asked.follows ? liveList(c, context, asked, beat) : liveBeside(c, context, asked, beat);
  });
}

function list(view: View, context: ConsoleContext, asked: Asked, found: Awaited<ReturnType<typeof activity>>): Html {
  const { rows, next, lookedBackTo } = found;
  const shown =
    rows.length > 0
      ? activityTable(view, context.operations.tenant, rows)
      : next === undefined
        ? nothingCame(context, asked)
        : nothing;
  return html`${shown}
  ${
    lookedBackTo === undefined
      ? nothing
      : html`<p class="quiet">
          ${rows.length === 0 ? "None of it" : "No more of it"} in a thousand rows, back to
          ${time(view, lookedBackTo, { exact: true })}.
        </p>`
  }
  ${pager({
    ...(asked.after !== undefined && { first: hrefTo(asked) }),
    ...(next !== undefined && { next: hrefTo(asked, { after: next }) }),
  })}`;
}

function following(): Html {
  return html`<span class="quiet needs-script">The list follows what comes.</span>`;
}

function followSwitch(asked: Asked): Html {
  return asked.follows
    ? linkButton(hrefTo(asked), "Stop following")
    : linkButton(hrefTo(asked, { follows: true }), "Follow");
}

// ---------------------------------------------------------------- live

/** Absent: an earlier page in which nothing is under way. */
function streamOf(asked: Asked, rows: readonly ActivityRow[], now: number): string | undefined {
  const query = queryOf(asked);
  if (asked.follows) return hrefOf("/live/activity", { ...query, follow: "yes" });
  const underWay = rows.filter((row) => !isRefusal(row) && row.status !== "applied") as ChangeRow[];
  if (asked.after !== undefined && underWay.length === 0) return undefined;
  return hrefOf("/live/activity", {
    ...query,
    since: asked.after === undefined ? (rows[0]?.at ?? now) + 1 : undefined,
    rows:
      underWay.length === 0 ? undefined : underWay.map(({ type, id, version }) => `${type}.${id}.${version}`).join(" "),
  });
}

/** The list itself: only when its rows are others, for the times in it go on by themselves, and a row that was chosen stays chosen. */
function liveList(c: ConsoleRequest, context: ConsoleContext, asked: Asked, beat: number): Response {
  let shown: { readonly rows: string; readonly content: Html } | undefined;
  return live(c, beat, async () => {
    const found = await activity(context.operations, asked);
    const view = viewOf(c, context);
    const rows = JSON.stringify([found.rows, view.showsValues]);
    if (rows !== shown?.rows) shown = { rows, content: list(view, context, asked, found) };
    return { parts: { [listId]: shown.content } };
  });
}

/** Beside the list as it was loaded: how many are newer, and how far its rows have come by now. */
function liveBeside(c: ConsoleRequest, context: ConsoleContext, asked: Asked, beat: number): Response {
  const { operations: o } = context;
  const since = Number(c.req.query("since") ?? Number.NaN);
  const rows = rowsIn(c.req.query("rows") ?? "");
  return live(c, beat, async (): Promise<LiveParts> => {
    const view = viewOf(c, context);
    const [statuses, found] = await Promise.all([
      statusesOf(o, rows),
      Number.isSafeInteger(since) ? activity(o, { ...asked, since, most: newerMost }) : undefined,
    ]);
    const chips = rows.map((row, n) => [statusId(row), syncChip(view, { status: statuses[n] ?? "pending" })] as const);
    const isLast = found === undefined && statuses.every((status) => status === "applied");
    return {
      parts: {
        ...Object.fromEntries(chips),
        ...(found && { [newerId]: newer(asked, found), [newerSaidId]: newerSaid(found) }),
      },
      isLast,
    };
  });
}

type Row = Pick<ChangeRow, "type" | "id" | "version">;

/** As `streamOf` writes them. */
function rowsIn(text: string): Row[] {
  return [...text.matchAll(/(?<=^| )(\w{1,64})\.([A-Za-z0-9-]{1,64})\.(\d{1,10})(?= |$)/g)]
    .slice(0, newerMost)
    .map(([, type = "", id = "", version = ""]) => ({ type, id, version: Number(version) }));
}
