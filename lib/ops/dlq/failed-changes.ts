/**
 * What could not be applied: the parked heads of the table, with the dead letters that tell of them.
 *
 * The table is the truth: SQS forgets a message 14 days after its first send. A letter without a parked head is shown too:
 * the worker crashed over it, it was overtaken, or it is none of ours.
 */
import { defined, type Head, headOf, isGivenUp, isParked, laneOfHead } from "../../provisioning/head.ts";
import { headKey } from "../../provisioning/keys.ts";
import type { LaneName } from "../../provisioning/ports.ts";
import { unreadableMessage } from "../../provisioning/sync-error.ts";
import { waitingRows } from "../../provisioning/waiting-rows.ts";
import { nameOf } from "../find-resource.ts";
import type { Operations } from "../operations.ts";
import { isDecided, neverFinished } from "./cure.ts";
import type { Letter } from "./read-dead-letters.ts";

export interface FailedChange {
  /** `User/<id>`; a message that is not ours has a number. */
  readonly key: string;
  readonly type?: string;
  readonly id?: string;
  readonly name?: string;
  /** As it is now; absent when there is no such resource. */
  readonly head?: Head;
  /** What was accepted last, and what the directory has. */
  readonly version?: number;
  readonly applied?: number;
  /** A SyncError code, or `never-finished`. */
  readonly cause: string;
  readonly message?: string;
  /** Milliseconds since 1970: when it began to wait; of a message that is not ours, when it was sent. */
  readonly since: number;
  /**
   * `parked`: waits for the operator. `pending`: the worker will try again by itself. `givenUp`: the operator has dropped
   * it. `applied`: overtaken by a later success. `gone`: no such resource any more. `unreadable`: not ours.
   */
  readonly status: "parked" | "pending" | "givenUp" | "applied" | "gone" | "unreadable";
  /** The first is the one to send it to. */
  readonly lanes: readonly LaneName[];
  readonly letters: readonly Letter[];
}

export const statusText: Readonly<Record<FailedChange["status"], string>> = {
  parked: "parked",
  pending: "the worker will try again by itself",
  givenUp: "given up by the operator",
  applied: "superseded: a later change was applied",
  gone: "superseded: the resource is no more",
  unreadable: "not one of our messages",
};

/** An operator decided that it stays as it is, and a letter from before is left, which rings on: that alone is to go. */
export function isLetterAlone({ cause, letters }: FailedChange): boolean {
  return isDecided(cause) && letters.length > 0;
}

/** Of one shard of the index. More than sixteen times as many parked changes are an outage, not a list. */
const parkedMost = 10_000;

/** Some shard of the index gave as many as are read of one, so there may be more than these. */
export function mayBeMore(changes: readonly FailedChange[]): boolean {
  const waiting = changes.filter(({ status }) => status === "parked" || status === "givenUp");
  return [...Map.groupBy(waiting, ({ id = "" }) => id.slice(0, 1)).values()].some(({ length }) => length >= parkedMost);
}

/**
 * All failed changes, oldest first; or those that were given up, which nobody waits for.
 *
 * Errors: TableError.
 */
export async function failedChanges(
  o: Operations,
  letters: readonly Letter[],
  which: "failed" | "givenUp" = "failed",
): Promise<FailedChange[]> {
  const byKey = new Map<string, Letter[]>();
  for (const letter of letters) {
    if (letter.pointer === undefined) continue;
    const key = keyOf(letter.pointer);
    byKey.set(key, [...(byKey.get(key) ?? []), letter]);
  }
  const named = new Map<string, { type: string; id: string }>();
  for (const head of await waitingHeads(o, which === "failed" ? "parked" : "given")) named.set(keyOf(head), head);
  if (which === "failed")
    for (const { pointer } of letters) if (pointer !== undefined) named.set(keyOf(pointer), pointer);
  const changes = await changesOf(o, [...named.values()], byKey);
  if (which === "givenUp") return changes.filter(({ status }) => status === "givenUp").sort(bySince);
  const foreign = letters.filter((letter) => letter.pointer === undefined).map(ofForeignMessage);
  return [...changes, ...foreign].sort(bySince);
}

/**
 * What they are now, in their order, with the letters that tell of each, by key. Whoever was mended meanwhile, and of whom no
 * letter tells, is left out.
 *
 * Errors: TableError.
 */
export async function changesOf(
  o: Pick<Operations, "table">,
  named: readonly { readonly type: string; readonly id: string }[],
  letters: ReadonlyMap<string, readonly Letter[]> = new Map(),
): Promise<FailedChange[]> {
  const heads = await readHeads(o, named);
  return named.flatMap((one, n) => ofHead(one, heads[n], letters.get(keyOf(one)) ?? []));
}

/** Those of one moment by name: a list that is read again has the same order. */
const bySince = (a: FailedChange, b: FailedChange): number =>
  a.since - b.since || (a.name ?? a.key).localeCompare(b.name ?? b.key);

function keyOf({ type, id }: { type: string; id: string }): string {
  return `${type}/${id}`;
}

async function waitingHeads(o: Operations, kind: "parked" | "given"): Promise<{ type: string; id: string }[]> {
  return (await waitingRows(o, [kind], parkedMost)).rows.map((row) => ({
    type: row.pk.slice(0, row.pk.lastIndexOf("#")),
    id: row.sk,
  }));
}

/** The index lags behind the table: whether a head is parked is asked of the head. */
async function readHeads(
  { table }: Pick<Operations, "table">,
  all: readonly { type: string; id: string }[],
): Promise<(Head | undefined)[]> {
  const items = await table.batchGet(all.map(({ type, id }) => headKey(type, id)));
  return items.map((item, n) => item && headOf(all[n]?.type ?? "", item));
}

function ofHead(
  { type, id }: { type: string; id: string },
  head: Head | undefined,
  letters: readonly Letter[],
): FailedChange[] {
  const status = statusOf(head);
  // Mended between the reading of the index and that of the head.
  if (status !== "parked" && status !== "givenUp" && letters.length === 0) return [];
  const sentAt = Math.min(...letters.map((letter) => letter.sentAt));
  return [
    {
      key: keyOf({ type, id }),
      type,
      id,
      ...(head && { head, version: head.version, applied: head.applied }),
      ...defined({ name: head && nameOf(head), message: head?.failure?.message }),
      cause: head?.failure?.code ?? letters.find((letter) => letter.reason !== undefined)?.reason ?? neverFinished,
      since: head?.pendingSince ?? (Number.isFinite(sentAt) ? sentAt : (head?.lastModified ?? 0)),
      status,
      lanes: lanesOf(head, letters),
      letters,
    },
  ];
}

function statusOf(head: Head | undefined): FailedChange["status"] {
  if (head === undefined) return "gone";
  if (isParked(head)) return "parked";
  if (isGivenUp(head)) return "givenUp";
  return head.applied === head.version ? "applied" : "pending";
}

function lanesOf(head: Head | undefined, letters: readonly Letter[]): LaneName[] {
  if (letters.length > 0) return [...new Set(letters.map((letter) => letter.lane))];
  return [head === undefined ? "changes" : laneOfHead(head)];
}

function ofForeignMessage(letter: Letter, n: number): FailedChange {
  const message = `a message of ${letter.body.length} characters that is none of ours`;
  const { sentAt: since, lane, reason } = letter;
  return {
    key: `message/${n + 1}`,
    cause: reason ?? unreadableMessage,
    message,
    since,
    status: "unreadable",
    lanes: [lane],
    letters: [letter],
  };
}
