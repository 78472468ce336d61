/**
 * Leavers: who has left, and how long it took from the identity provider's word until the directory had it.
 *
 * An item for each is written in the transaction of the entry, so that neither a crash nor a lost message makes the clock or
 * the brake miss one. Its key is the moment of that word and the person: doing it twice leaves one.
 */
import { expiresAfter } from "./expiry.ts";
import { percentile } from "./percentile.ts";
import type { EntryWritten } from "./entry.ts";
import { type Head, number, text } from "./head.ts";
import { leaverKey, leaversPartition, timeSortKey } from "./keys.ts";
import type { Item, Put, Table } from "./ports.ts";
import { queryAll } from "./query-all.ts";

/** Times are milliseconds since 1970. */
export interface Leaver {
  readonly id: string;
  readonly type: string;
  readonly kind: "deactivate" | "delete";
  /** When the deactivation or deletion was accepted. */
  readonly leftAt: number;
  /** When the application could see it. */
  readonly appliedAt: number;
  readonly ms: number;
}

export interface LeaversSummary {
  readonly count: number;
  /** Nearest rank: a time that was measured. Absent when nobody has left. */
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
  /** Of them, those that took longer than the limit. */
  readonly breaches: number;
}

const minute = 60_000;

/** Whoever was active in the directory and is not any more. Inactive from the start, nobody has left. */
export function leaverOf({ leftAt }: Head, { before, entry }: EntryWritten): Leaver | undefined {
  if (leftAt === undefined || before?.state !== "active" || entry.state === "active") return undefined;
  const { id, type, appliedAt } = entry;
  const kind = entry.state === "removed" ? "delete" : "deactivate";
  // Two machines, two clocks: nobody left before it was said.
  return { id, type, kind, leftAt, appliedAt, ms: Math.max(0, appliedAt - leftAt) };
}

export function leaverPut({ id, type, kind, leftAt, appliedAt }: Leaver, keepDays: number): Put {
  const expires = expiresAfter(appliedAt, keepDays);
  return { kind: "put", key: leaverKey(leftAt, id), attributes: { type, kind, appliedAt, expires } };
}

/** Those whose leaving was accepted since then, newest first, at most so many. Errors: TableError. */
export async function readLeavers(
  table: Table,
  { since, most }: { since: number; most: number },
): Promise<readonly Leaver[]> {
  const leavers: Leaver[] = [];
  const range = { table: "scim" as const, pk: leaversPartition, from: timeSortKey(since), descending: true };
  for await (const item of queryAll(table, { ...range, limit: Math.min(most, 1_000) })) {
    if (leavers.push(leaverIn(item)) >= most) break;
  }
  return leavers;
}

/** Of them all a page, newest first, behind the one that `after` names, who may be gone. Errors: TableError. */
export async function leaversPage(
  table: Table,
  { after, limit }: { after?: Pick<Leaver, "leftAt" | "id">; limit: number },
): Promise<{ leavers: readonly Leaver[]; isLast: boolean }> {
  let place = after && leaverKey(after.leftAt, after.id).sk;
  for (;;) {
    const range = { table: "scim" as const, pk: leaversPartition, descending: true, limit };
    const { items, next } = await table.query({ ...range, ...(place !== undefined && { after: place }) });
    if (items.length > 0 || next === undefined) return { leavers: items.map(leaverIn), isLast: next === undefined };
    place = next;
  }
}

/** The people whose leaving was accepted between, both inclusive, oldest first. Errors: TableError. */
export async function* departures(table: Table, from: number, to: number, pageItems: number): AsyncGenerator<Leaver> {
  const range = { table: "scim" as const, pk: leaversPartition, from: timeSortKey(from), to: `${timeSortKey(to)}~` };
  for await (const item of queryAll(table, { ...range, limit: pageItems })) {
    const leaver = leaverIn(item);
    if (leaver.type === "User") yield leaver;
  }
}

export function isLate({ ms }: Pick<Leaver, "ms">, limitMinutes: number): boolean {
  return ms > limitMinutes * minute;
}

export function leaversClock(leavers: readonly Leaver[], limitMinutes: number): LeaversSummary {
  const sorted = leavers.map(({ ms }) => ms).sort((a, b) => a - b);
  const [p50Ms, p99Ms, maxMs] = [percentile(sorted, 0.5), percentile(sorted, 0.99), sorted.at(-1)];
  return {
    count: sorted.length,
    ...(p50Ms !== undefined && { p50Ms }),
    ...(p99Ms !== undefined && { p99Ms }),
    ...(maxMs !== undefined && { maxMs }),
    breaches: leavers.filter((leaver) => isLate(leaver, limitMinutes)).length,
  };
}

function leaverIn({ sk, attributes: a }: Item): Leaver {
  const at = sk.indexOf("#");
  const leftAt = Number(sk.slice(0, at));
  const appliedAt = number(a, "appliedAt") ?? leftAt;
  return {
    id: sk.slice(at + 1),
    type: text(a, "type") ?? "User",
    kind: text(a, "kind") === "delete" ? "delete" : "deactivate",
    leftAt,
    appliedAt,
    ms: Math.max(0, appliedAt - leftAt),
  };
}
