/** All that is stored about one resource: what the IdP said, what the directory has, what is under way, and how it came to be. */
import { type Change, type ChangeAlone, readChanges, readChangesAlone } from "../provisioning/change.ts";
import { type Entry, readEntry } from "../provisioning/entry.ts";
import { deltaOf } from "../provisioning/group-members.ts";
import { type GivenUpNote, readGivenUp } from "../provisioning/given-up.ts";
import { defined, type Failure, type Head, isGivenUp, isParked } from "../provisioning/head.ts";
import { entryPartition, memberPrefix, reversePrefix } from "../provisioning/keys.ts";
import { foldDeltas } from "../provisioning/member-delta.ts";
import type { Table } from "../provisioning/ports.ts";
import { queryAll } from "../provisioning/query-all.ts";
import type { Ignored, Resource } from "../scim/schema.ts";
import { findResources, identityOf } from "./find-resource.ts";
import { OperationError, type Operations } from "./operations.ts";

/** Times are milliseconds since 1970. */
export interface Shown {
  readonly type: string;
  readonly id: string;
  readonly name?: string;
  /** Which attribute it was found by. */
  readonly foundBy: string;
  readonly accepted: {
    readonly state: Head["state"];
    readonly version: number;
    readonly created: number;
    readonly lastModified: number;
    readonly resource: Resource;
  };
  readonly applied: {
    readonly version: number;
    readonly status: "applied" | "pending" | "parked" | "givenUp";
    readonly since?: number;
    readonly failure?: Failure;
  };
  /** What the application reads; absent: nothing was applied yet. */
  readonly entry?: Pick<Entry, "state" | "version" | "profile" | "mappingHash" | "appliedAt">;
  /** Of a group: members in the directory, and what is still to come. */
  readonly members?: {
    readonly applied: number;
    readonly pendingAdded: number;
    readonly pendingRemoved: number;
    readonly replacesAll: boolean;
  };
  /** Of a user: groups in the directory. */
  readonly groups?: number;
  /** Newest first. */
  readonly log: readonly LogLine[];
  /** What operators decided about it, newest first: it stays when the changes are gone. */
  readonly givenUp: readonly GivenUpNote[];
  /** Changes older than those in `log`. */
  readonly olderChanges: number;
}

export interface LogLine {
  readonly version: number;
  readonly at: number;
  readonly kind: Change["kind"];
  readonly tokenId: string;
  readonly requestId: string;
  /** Names only; `members +2 -1` for a group, `members (many)` for thousands at once. */
  readonly attributes: readonly string[];
  readonly ignored: readonly Ignored[];
}

/** What `word` names, at most one of each type unless several share it. Errors: OperationError when nothing does; TableError. */
export async function show(o: Pick<Operations, "table" | "tenant">, word: string, logMost: number): Promise<Shown[]> {
  const found = await findResources(o, word);
  if (found.length === 0) {
    throw new OperationError(
      `Nothing is called "${word}": no userName, e-mail, externalId, group displayName or id is that.`,
    );
  }
  return await Promise.all(found.map(({ head, by }) => describe(o, head, by, logMost)));
}

async function describe(
  { table }: Pick<Operations, "table">,
  head: Head,
  foundBy: string,
  logMost: number,
): Promise<Shown> {
  const { type, id, state, version, applied, created, lastModified, resource } = head;
  const oldest = Math.max(0, version - logMost);
  const [entry, changes, givenUp] = await Promise.all([
    readEntry(table, type, id),
    readChangesAlone(table, id, oldest, version),
    readGivenUp(table, id),
  ]);
  const pending = applied < version;
  return {
    ...identityOf(head),
    foundBy,
    accepted: { state, version, created, lastModified, resource },
    applied: {
      version: applied,
      status: isParked(head) ? "parked" : isGivenUp(head) ? "givenUp" : pending ? "pending" : "applied",
      ...defined({ since: pending ? head.pendingSince : undefined, failure: head.failure }),
    },
    ...(entry && { entry: entryOf(entry) }),
    ...(type === "Group"
      ? { members: await membersOf(table, head) }
      : type === "User"
        ? { groups: await count(table, entryPartition(type, id), reversePrefix) }
        : {}),
    log: changes.map(logLine).toReversed(),
    givenUp: givenUp.toReversed(),
    olderChanges: oldest,
  };
}

function entryOf({ state, version, profile, mappingHash, appliedAt }: Entry): NonNullable<Shown["entry"]> {
  return { state, version, profile, mappingHash, appliedAt };
}

async function membersOf(table: Table, head: Head): Promise<NonNullable<Shown["members"]>> {
  const pending = head.applied < head.version ? await readChanges(table, head.id, head.applied, head.version) : [];
  const { named, replacesAll } = foldDeltas(pending.map(deltaOf));
  const words = [...named.values()];
  const pendingRemoved = words.filter((word) => word === "leaves").length;
  const applied = await count(table, entryPartition("Group", head.id), memberPrefix);
  return { applied, pendingAdded: words.length - pendingRemoved, pendingRemoved, replacesAll };
}

async function count(table: Table, pk: string, prefix: string): Promise<number> {
  const ids = new Set<string>();
  for await (const item of queryAll(table, { table: "directory", pk, from: prefix, to: `${prefix}~` }))
    ids.add(item.sk);
  return ids.size;
}

function logLine(change: ChangeAlone): LogLine {
  const { version, at, kind, tokenId, requestId, changed = {}, ignored, namesMembers } = change;
  const attributes = [...Object.keys(changed), ...(namesMembers ? [`members ${countsOf(change)}`] : [])];
  return { version, at, kind, tokenId, requestId, attributes, ignored: ignored ?? [] };
}

/** Not of thousands at once: they would have to be read for it. */
function countsOf({ delta }: ChangeAlone): string {
  if (delta === undefined) return "(many)";
  const { all, add, remove } = delta;
  return [
    ...(all === undefined ? [] : [`=${all.length}`]),
    ...(add.length > 0 ? [`+${add.length}`] : []),
    ...(remove.length > 0 ? [`-${remove.length}`] : []),
  ].join(" ");
}
