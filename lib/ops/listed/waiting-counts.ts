/** How many of a type wait, for whom: counted in the sparse index, as far as a glance needs it. */
import type { WaitKind } from "../../provisioning/keys.ts";
import type { Table } from "../../provisioning/ports.ts";
import { waitingRows } from "../../provisioning/waiting-rows.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { Operations } from "../operations.ts";
import { whole } from "../words.ts";

export interface CountedUpTo {
  readonly count: number;
  /** There are more than were counted. */
  readonly isMore: boolean;
}

/** The index is late by moments, so these are, too. */
export interface WaitingCounts {
  readonly waiting: CountedUpTo;
  readonly parked: CountedUpTo;
  readonly givenUp: CountedUpTo;
}

/** Of each key of the index, whatever the type: a thousand of a kind, of which the exact number helps nobody. */
const rowsMost = 64;

/** Errors: TableError. */
export async function waitingCounts({ table }: Pick<Operations, "table">, type: ResourceType): Promise<WaitingCounts> {
  const [waiting, parked, givenUp] = await Promise.all([
    counted(table, type, ["leaver", "due"]),
    counted(table, type, ["parked"]),
    counted(table, type, ["given"]),
  ]);
  return { waiting, parked, givenUp };
}

async function counted(table: Table, type: ResourceType, kinds: readonly WaitKind[]): Promise<CountedUpTo> {
  const { rows, isMore } = await waitingRows({ table }, kinds, rowsMost);
  return { count: rows.filter(({ pk }) => pk.startsWith(`${type.id}#`)).length, isMore };
}

/** `12`, `960+` */
export function countText({ count, isMore }: CountedUpTo): string {
  return `${whole(count)}${isMore ? "+" : ""}`;
}
