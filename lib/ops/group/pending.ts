/** What of a group's members is accepted and not yet applied: the log since then, folded. */
import { readChanges } from "../../provisioning/change.ts";
import { deltaOf } from "../../provisioning/group-members.ts";
import type { Head } from "../../provisioning/head.ts";
import { deltaSize, foldDeltas, type NetDelta } from "../../provisioning/member-delta.ts";
import type { Operations } from "../operations.ts";

export interface PendingMembers {
  readonly net: NetDelta;
  /** The same up to where the walk under way is to end; absent: none is. */
  readonly walked?: NetDelta;
  /** More is pending than was read. */
  readonly isMore: boolean;
}

/** Beyond, the exact number helps nobody; one change may name more. */
const membersMost = 10_000;

/** Errors: TableError. */
export async function readPending({ table }: Pick<Operations, "table">, head: Head): Promise<PendingMembers> {
  const { id, applied, version, to } = head;
  const changes = applied < version ? await readChanges(table, id, applied, version, membersMost) : [];
  const named = changes.reduce((sum, { delta }) => sum + (delta === undefined ? 0 : deltaSize(delta)), 0);
  return {
    net: foldDeltas(changes.map(deltaOf)),
    isMore: named > membersMost && changes.length < version - applied,
    ...(to !== undefined && { walked: foldDeltas(changes.filter((one) => one.version <= to).map(deltaOf)) }),
  };
}
