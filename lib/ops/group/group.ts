/** A group as a whole: where it stands, what is pending, how far the worker is, and which roles its name gives. */
import { defined, type Head } from "../../provisioning/head.ts";
import { rolesOfNames } from "../../provisioning/role-table.ts";
import { groupType } from "../../scim/resource-type.ts";
import { findResources, nameOf } from "../find-resource.ts";
import { type Listed, listedOf } from "../listed/listed.ts";
import { OperationError, type Operations } from "../operations.ts";
import { type PendingMembers, readPending } from "./pending.ts";
import { type Walk, walkOf } from "./walk.ts";

export interface GroupStanding extends Listed {
  /** That was accepted last, and that the directory has. */
  readonly version: number;
  readonly applied: number;
  readonly pending: {
    /** Named as members, and as leaving, by what is pending; some may be that already. */
    readonly toCome: number;
    readonly toLeave: number;
    /** Whoever is not named leaves. */
    readonly replacesAll: boolean;
    /** More is pending than was read. */
    readonly isMore: boolean;
  };
  readonly walk?: Walk;
  /** By the role tables of the tenant file, for each its attribute of the profile and the roles; those that give none are left out. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

export interface ReadGroup {
  readonly head: Head;
  readonly pending: PendingMembers;
  readonly standing: GroupStanding;
}

/** `head`: as it was read just before. Errors: TableError. */
export async function readGroup(o: Pick<Operations, "table" | "tenant">, head: Head): Promise<ReadGroup> {
  const pending = await readPending(o, head);
  return { head, pending, standing: standingOf(o, head, pending) };
}

/** By its displayName, externalId or id. Errors: OperationError when there is none, or several; TableError. */
export async function readGroupCalled(o: Pick<Operations, "table" | "tenant">, word: string): Promise<ReadGroup> {
  const groups = (await findResources(o, word)).filter(({ head }) => head.type === groupType.id);
  const [only] = groups;
  if (only === undefined) {
    throw new OperationError(`No group is called "${word}": no displayName, externalId or id of a group is that.`);
  }
  if (groups.length > 1) {
    const ids = groups.map(({ head }) => head.id).join(", ");
    throw new OperationError(`Several groups are called "${word}"; name one by its id: ${ids}.`);
  }
  return await readGroup(o, only.head);
}

function standingOf({ tenant }: Pick<Operations, "tenant">, head: Head, pending: PendingMembers): GroupStanding {
  const { version, applied } = head;
  const words = [...pending.net.named.values()];
  const toLeave = words.filter((word) => word === "leaves").length;
  const name = nameOf(head);
  const { replacesAll } = pending.net;
  return {
    ...listedOf(head),
    version,
    applied,
    pending: { toCome: words.length - toLeave, toLeave, replacesAll, isMore: pending.isMore },
    ...defined({ walk: walkOf(head, pending) }),
    roles: name === undefined ? {} : rolesGivenBy(tenant, name),
  };
}

function rolesGivenBy({ mapping }: Operations["tenant"], name: string): Record<string, string[]> {
  const roles = Object.entries(rolesOfNames(mapping, [name])) as [string, string[]][];
  return Object.fromEntries(roles.filter(([, list]) => list.length > 0));
}
