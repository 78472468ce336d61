/**
 * Catch-up: what a stream of 24 hours cannot bring any more is told from the table. docs/decisions/0015.
 *
 * Each hour: those that are noted as behind; then a look at what was applied about a day ago. One of them that was never told
 * means that the stream lost something, as does a run that comes a day after the one before, or the first run of all: then a
 * walk over all heads begins, which goes on from run to run.
 */
import { defined, type Head, number, text } from "../provisioning/head.ts";
import { catchUpKey } from "../provisioning/keys.ts";
import { listHeads } from "../provisioning/list-heads.ts";
import type { Table } from "../provisioning/ports.ts";
import type { Teller } from "./append.ts";
import { listBehind } from "./behind.ts";
import { isLost } from "./lost.ts";
import { tellBehind, tellHeads, type ToldAgain } from "./tell-again.ts";

export interface CaughtUp {
  readonly events: number;
  /** Resources that the walk has looked at in this run. */
  readonly seen: number;
  /** Subjects of which not all could be told. */
  readonly left: number;
  /** Subjects for which there was no time: the next run goes on with them, where they are. */
  readonly unfinished: number;
  readonly walk: "none" | "goes on" | "done";
}

/** The stream keeps 24 hours: an hour remains to tell what it is about to lose. */
export const lostAfterMs = 23 * 3_600_000;
const headsAtOnce = 100;

interface CatchUpState {
  /** Milliseconds since 1970. */
  readonly ranAt: number;
  /** Absent: no walk is under way. */
  readonly walk?: Walk;
}

interface Walk {
  readonly thorough: boolean;
  /** `User/<id>` of the last one that was looked at; `User/` at the beginning. */
  readonly position: string;
  /** Something was lost since it began: another one follows. */
  readonly again?: true;
}

/** `deadline`: when it is to stop, in milliseconds since 1970. Errors: TableError; the next run goes on. */
export async function catchUp(t: Teller, { deadline }: { readonly deadline: number }): Promise<CaughtUp> {
  const now = t.clock.now();
  const before = await readState(t.table);
  const noted = await tellNoted(t, { deadline });
  let walk = await walkOf(t, before, now);
  await writeState(t.table, { ranAt: now, ...defined({ walk }) });
  let { events, left, unfinished } = noted;
  const isOver = () => t.clock.now() >= deadline;
  let seen = 0;
  const began = walk !== undefined;
  for (; walk !== undefined && !isOver();) {
    const heads = await nextHeads(t, walk.position);
    if (heads.list.length > 0) {
      const told = await tellHeads(t, heads.list, { thorough: walk.thorough, isOver });
      events += told.events;
      left += told.left;
      unfinished += told.unfinished;
      seen += heads.list.length;
    }
    if (heads.next !== undefined) walk = { ...walk, position: heads.next };
    else walk = walk.again === true ? { thorough: false, position: beginning(t) } : undefined;
    await writeState(t.table, { ranAt: now, ...defined({ walk }) });
  }
  return { events, seen, left, unfinished, walk: walk !== undefined ? "goes on" : began ? "done" : "none" };
}

/** When a run last began, in milliseconds since 1970; undefined: none ever did. Errors: TableError. */
export async function lastCatchUp(table: Table): Promise<number | undefined> {
  return (await readState(table))?.ranAt;
}

/**
 * Those on the list of those behind. Each may take half of the time that is left: a large one that is changed again and again
 * must not keep all others waiting. `signal`: ends it. Errors: TableError.
 */
export async function tellNoted(
  t: Teller,
  { deadline = Number.POSITIVE_INFINITY, signal }: { readonly deadline?: number; readonly signal?: AbortSignal } = {},
): Promise<ToldAgain> {
  let [events, left, unfinished] = [0, 0, 0];
  for await (const note of listBehind(t.table)) {
    const now = t.clock.now();
    if (now >= deadline || signal?.aborted === true) return { events, left, unfinished: unfinished + 1 };
    const until = now + (deadline - now) / 2;
    const told = await tellBehind(t, note, () => signal?.aborted === true || t.clock.now() >= until);
    events += told.events;
    left += told.left;
    unfinished += told.unfinished;
  }
  return { events, left, unfinished };
}

/** Undefined: none is needed. A run that comes a day late begins at the beginning, whatever the one before had left to do. */
async function walkOf(t: Teller, before: CatchUpState | undefined, now: number): Promise<Walk | undefined> {
  const position = beginning(t);
  if (before === undefined || now - before.ranAt > lostAfterMs) return { thorough: true, position };
  const window = { from: before.ranAt - lostAfterMs, to: now - lostAfterMs };
  if (!(await isLost(t, window))) return before.walk;
  return before.walk === undefined ? { thorough: false, position } : { ...before.walk, again: true };
}

function beginning({ tenant }: Teller): string {
  return `${tenant.types[0]?.id}/`;
}

/** Of one type; an empty list at the end of a type. */
async function nextHeads(t: Teller, position: string): Promise<{ list: readonly Head[]; next?: string }> {
  const { types } = t.tenant;
  const [typeId = "", after = ""] = position.split("/");
  const at = types.findIndex(({ id }) => id === typeId);
  const type = types[at];
  if (type === undefined) return { list: [] };
  const list: Head[] = [];
  const range = { deleted: true, limit: headsAtOnce, ...(after !== "" && { after }) };
  for await (const head of listHeads(t.table, type.id, range)) if (list.push(head) === headsAtOnce) break;
  const last = list.at(-1);
  if (list.length === headsAtOnce && last !== undefined) return { list, next: `${type.id}/${last.id}` };
  const nextType = types[at + 1];
  return nextType === undefined ? { list } : { list, next: `${nextType.id}/` };
}

async function readState(table: Table): Promise<CatchUpState | undefined> {
  const item = await table.get(catchUpKey);
  if (item === undefined) return undefined;
  const { attributes: a } = item;
  const position = text(a, "position");
  return {
    ranAt: number(a, "ranAt") ?? 0,
    ...(position !== undefined && {
      walk: { position, thorough: a["thorough"] === true, ...(a["again"] === true && { again: true }) },
    }),
  };
}

async function writeState(table: Table, { ranAt, walk }: CatchUpState): Promise<void> {
  const { position, thorough, again } = walk ?? {};
  const set = { ranAt, ...defined({ position, thorough, again }) };
  const remove = walkAttributes.filter((name) => !(name in set));
  await table.write({ kind: "update", key: catchUpKey, set, remove });
}

const walkAttributes = ["position", "thorough", "again"];
