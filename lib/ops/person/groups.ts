/**
 * The groups of somebody: those that the application sees, and those that were said and are still to come or to go.
 *
 * Which groups are under way is asked of the index of what waits, up to so many; a group that is not among them is at rest.
 */
import { defined, type Head, headOf } from "../../provisioning/head.ts";
import { membersAmongIfCheap } from "../../provisioning/group-members.ts";
import { inParallel } from "../../provisioning/in-parallel.ts";
import { headKey } from "../../provisioning/keys.ts";
import { groupIdsOf } from "../../provisioning/roles.ts";
import { waitingRows } from "../../provisioning/waiting-rows.ts";
import { groupType } from "../../scim/resource-type.ts";
import { nameOf } from "../find-resource.ts";
import type { Operations } from "../operations.ts";

export interface GroupOf {
  readonly id: string;
  readonly name?: string;
  /** `in`: the application sees it. `coming`, `leaving`: said, and not yet applied. */
  readonly state: "in" | "coming" | "leaving";
}

export interface Groups {
  readonly groups: readonly GroupOf[];
  /** In the directory. */
  readonly applied: number;
  /** More are in the directory than are listed. */
  readonly isMore: boolean;
  /** More groups are under way than were asked: somebody may be coming to one of those. */
  readonly isMoreUnderWay: boolean;
}

const listedMost = 100;
/** Of each of the index's keys, and groups that are folded. */
const rowsMost = 16;
const foldedMost = 50;
const foldsAtOnce = 8;

/** Of a User. Errors: TableError. */
export async function groupsOf(o: Operations, id: string): Promise<Groups> {
  const [applied, waiting] = await Promise.all([groupIdsOf(o.table, id), groupsUnderWay(o)]);
  const listed = applied.slice(0, listedMost);
  const isApplied = new Set(applied);
  const isListed = new Set(listed);
  const others = waiting.ids.filter((one) => !isApplied.has(one)).slice(0, foldedMost);
  const ids = [...listed, ...others];
  const items = await o.table.batchGet(ids.map((one) => headKey(groupType.id, one)));
  const heads = items.flatMap((item) => (item === undefined ? [] : [headOf(groupType.id, item)]));
  const found = await inParallel(heads, foldsAtOnce, async (head) => await stateIn(o, head, id, isListed.has(head.id)));
  return {
    groups: found.filter((one) => one !== undefined).sort(byName),
    applied: applied.length,
    isMore: applied.length > listed.length,
    isMoreUnderWay: waiting.isMore || waiting.ids.length > foldedMost,
  };
}

async function groupsUnderWay(o: Operations): Promise<{ ids: readonly string[]; isMore: boolean }> {
  const { rows, isMore } = await waitingRows(o, ["due", "parked"], rowsMost);
  const ids = rows.filter(({ pk }) => pk.startsWith(`${groupType.id}#`)).map(({ sk }) => sk);
  return { ids: [...new Set(ids)], isMore };
}

/** Undefined: is no member, and was not. */
async function stateIn(o: Operations, head: Head, id: string, isIn: boolean): Promise<GroupOf | undefined> {
  const group = { id: head.id, ...defined({ name: nameOf(head) }) };
  if (head.state === "deleted") return isIn ? { ...group, state: "leaving" } : undefined;
  if (head.applied === head.version) return isIn ? { ...group, state: "in" } : undefined;
  const state = await membersAmongIfCheap(o, head, [id]);
  // A change of thousands of members is not read for this: it is as the directory has it.
  const isMember = state === undefined ? isIn : state.members.length > 0;
  if (isMember) return { ...group, state: isIn ? "in" : "coming" };
  return isIn ? { ...group, state: "leaving" } : undefined;
}

function byName(a: GroupOf, b: GroupOf): number {
  return (a.name ?? a.id).localeCompare(b.name ?? b.id);
}
