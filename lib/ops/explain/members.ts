/** A group's members: as they were sent, as the directory has them, and who was left out and why. Bounded, however large the group. */
import { readChanges } from "../../provisioning/change.ts";
import { deltaOf, memberOf } from "../../provisioning/group-members.ts";
import { defined, type Head, headOf } from "../../provisioning/head.ts";
import { entryPartition, headKey, isPossibleId, memberPrefix } from "../../provisioning/keys.ts";
import { foldDeltas, type NetDelta } from "../../provisioning/member-delta.ts";
import type { Table } from "../../provisioning/ports.ts";
import { queryAll } from "../../provisioning/query-all.ts";
import type { Member } from "../../provisioning/state.ts";
import { nameOf } from "../find-resource.ts";
import { firstById } from "../first-by-id.ts";
import type { NotKept } from "./not-kept.ts";

export interface Members {
  /** As the identity provider sees the group. */
  readonly sent: number;
  /** As the application sees it. */
  readonly applied: number;
  /** There are more than were read: `sent` and `applied` are the least that there are. */
  readonly isMore: boolean;
  /** Accepted, and not yet in the directory. */
  readonly toAdd: number;
  readonly toRemove: number;
  /** Some of those who are to come or to leave. */
  readonly coming: readonly NamedMember[];
  readonly leaving: readonly NamedMember[];
  /** Sent, and left out, the latest first. */
  readonly skipped: readonly SkippedMember[];
}

export interface NamedMember {
  readonly id: string;
  /** Absent: it is not known, or deleted. */
  readonly name?: string;
}

export interface SkippedMember extends NamedMember {
  /** `unknown`: there was nobody of that id. `deleted`: there was, once. */
  readonly why: "unknown" | "deleted";
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestId: string;
}

const membersMost = 10_000;
const pendingMost = 50_000;
const namedMost = 5;
const skippedMost = 100;

/** `notKept`: newest first. Errors: TableError. */
export async function readMembers(table: Table, head: Head, notKept: readonly NotKept[]): Promise<Members> {
  const { stored, isMore } = await storedMembers(table, head.id);
  const net = await pendingOf(table, head);
  const there = new Set(stored.map(({ id }) => id));
  const coming = [...net.named.values()].filter((word) => word !== "leaves").filter(({ id }) => !there.has(id));
  const leaving = stored.filter(({ id }) => isLeaving(net, id));
  const [comingFirst, leavingFirst] = [firstById(coming, namedMost), leaving.slice(0, namedMost)];
  const left = skippedIn(notKept);
  const known = await headsOf(table, [
    ...[...comingFirst, ...leavingFirst].map(({ id }) => id),
    ...left.map(({ id }) => id),
  ]);
  const named = ({ id }: Member): NamedMember => ({ id, ...defined({ name: nameIn(known, id) }) });
  return {
    sent: stored.length - leaving.length + coming.length,
    applied: stored.length,
    isMore,
    toAdd: coming.length,
    toRemove: leaving.length,
    coming: comingFirst.map(named),
    leaving: leavingFirst.map(named),
    skipped: left.map((one) => ({
      ...one,
      why: whyOf(known.get(one.id)),
      ...defined({ name: nameIn(known, one.id) }),
    })),
  };
}

async function storedMembers(table: Table, groupId: string): Promise<{ stored: Member[]; isMore: boolean }> {
  const stored: Member[] = [];
  // One more tells that there are more.
  const range = { from: memberPrefix, to: `${memberPrefix}~`, limit: membersMost + 1 };
  for await (const item of queryAll(table, { table: "directory", pk: entryPartition("Group", groupId), ...range })) {
    if (stored.length === membersMost) return { stored, isMore: true };
    stored.push(memberOf(item.sk.slice(memberPrefix.length), item.attributes));
  }
  return { stored, isMore: false };
}

async function pendingOf(table: Table, { id, applied, version }: Head): Promise<NetDelta> {
  const changes = applied < version ? await readChanges(table, id, applied, version, pendingMost) : [];
  return foldDeltas(changes.map(deltaOf));
}

function isLeaving({ named, replacesAll }: NetDelta, id: string): boolean {
  const word = named.get(id);
  return word === undefined ? replacesAll : word === "leaves";
}

type Left = Pick<SkippedMember, "id" | "at" | "requestId">;

function skippedIn(notKept: readonly NotKept[]): Left[] {
  const left = new Map<string, Left>();
  for (const { what, path, at, requestId } of notKept) {
    const id = /"([^"]*)"/.exec(path)?.[1];
    if (what === "member" && id !== undefined && !left.has(id)) left.set(id, { id, at, requestId });
  }
  return [...left.values()].slice(0, skippedMost);
}

async function headsOf(table: Table, ids: readonly string[]): Promise<Map<string, Head>> {
  const keys = [...new Set(ids)].filter(isPossibleId).flatMap((id) => ["User", "Group"].map((type) => ({ type, id })));
  if (keys.length === 0) return new Map();
  const items = await table.batchGet(keys.map(({ type, id }) => headKey(type, id)));
  return new Map(
    items.flatMap((item, n): [string, Head][] =>
      item === undefined ? [] : [[item.sk, headOf(keys[n]?.type ?? "", item)]],
    ),
  );
}

function nameIn(known: ReadonlyMap<string, Head>, id: string): string | undefined {
  const head = known.get(id);
  return head && nameOf(head);
}

function whyOf(head: Head | undefined): SkippedMember["why"] {
  return head?.state === "deleted" ? "deleted" : "unknown";
}
