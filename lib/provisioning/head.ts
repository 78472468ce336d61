/**
 * The head: one item that says all about a resource. What the IdP said (resource, version), how far the worker is
 * (applied, and a group's walk), and what is wrong.
 *
 * The scim handler and the worker stamp the same item, so both update attributes of their own and never put the whole.
 */
import type { Resource } from "../scim/schema.ts";
import { headKey, waitKey } from "./keys.ts";
import type { Attributes, Item, LaneName, Table } from "./ports.ts";

export interface Failure {
  /** A SyncError code. */
  readonly code: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly attempts: number;
}

export interface Head {
  readonly type: string;
  readonly id: string;
  readonly state: "live" | "deleted";
  /** Empty once deleted: a tombstone holds nothing personal. */
  readonly resource: Resource;
  readonly version: number;
  /** The version that the directory has. */
  readonly applied: number;
  /** Milliseconds since 1970, as all times here. */
  readonly created: number;
  readonly lastModified: number;
  /** What `applied` was before the last closing step: a reader may have seen half of that step (trap 8). */
  readonly since: number;
  readonly closedAt: number;
  /** A walk under way: up to which version, and the last member id that is done. */
  readonly to?: number;
  readonly cursor?: string;
  /** Of a walk that makes a group's new name known to its members' roles: the last one that is done (group-name.ts). */
  readonly nameCursor?: string;
  /** Of a group: the name that the roles of its members are made with. Absent: as accepted. */
  readonly roleName?: string;
  readonly stepAt: number;
  readonly stepBy?: string;
  /** A worker that met the step of another has promised to come back then. */
  readonly comeBackAt?: number;
  /** `due#n` or `parked#n` while something is to be done; `given#n` when an operator gave that up. */
  readonly waitKey?: string;
  readonly waitAt?: number;
  readonly pendingSince?: number;
  readonly failure?: Failure;
  /** Why an operator gave up what is pending; it holds while `waitKey` says so. */
  readonly givenUp?: { readonly at: number; readonly reason: string };
  /** When the identity provider said that this one leaves, by `active: false` or a deletion; absent while active. */
  readonly leftAt?: number;
  /** The `leftAt` for which an operator let this one go, whatever the brake says. */
  readonly letGo?: number;
  /** What is applied is to be applied once more: when an operator asked for it (reapply.ts). */
  readonly reapply?: number;
  /** Of a user: how often somebody said that the roles may have changed, and how many of these are done with (roles-due.ts). */
  readonly rolesAsked?: number;
  readonly rolesMade?: number;
  /** The import that brought it; absent once anybody else has said something about it. */
  readonly imported?: string;
  /** After a deletion: when to look once more for memberships (trap 4). */
  readonly lookAt?: number;
}

/** Strongly consistent; undefined for an id that never was. A deleted resource still has a head for 30 days. */
export async function readHead(table: Table, type: string, id: string): Promise<Head | undefined> {
  const item = await table.get(headKey(type, id));
  return item && headOf(type, item);
}

/** Those of the ids that are resources of the type and not deleted, by id. */
export async function liveAmong(
  table: Table,
  type: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Head>> {
  if (ids.length === 0) return new Map();
  const items = await table.batchGet(ids.map((id) => headKey(type, id)));
  const heads = items.flatMap((item) => (item === undefined ? [] : [headOf(type, item)]));
  return new Map(heads.flatMap((head) => (head.state === "live" ? [[head.id, head]] : [])));
}

export function headOf(type: string, item: Item): Head {
  const a = item.attributes;
  const version = number(a, "version") ?? 0;
  return {
    type,
    id: item.sk,
    state: a["state"] === "deleted" ? "deleted" : "live",
    resource: JSON.parse(text(a, "resource") ?? "{}") as Resource,
    version,
    applied: number(a, "applied") ?? 0,
    created: number(a, "created") ?? 0,
    lastModified: number(a, "modified") ?? 0,
    since: number(a, "since") ?? 0,
    closedAt: number(a, "closedAt") ?? 0,
    stepAt: number(a, "stepAt") ?? 0,
    ...defined({
      to: number(a, "to"),
      cursor: text(a, "cursor"),
      nameCursor: text(a, "nameCursor"),
      roleName: text(a, "roleName"),
      imported: text(a, "imported"),
      rolesAsked: number(a, "rolesAsked"),
      rolesMade: number(a, "rolesMade"),
      stepBy: text(a, "stepBy"),
      comeBackAt: number(a, "comeBackAt"),
      waitKey: text(a, "waitKey"),
      waitAt: number(a, "waitAt"),
      pendingSince: number(a, "pendingSince"),
      leftAt: number(a, "leftAt"),
      letGo: number(a, "letGo"),
      reapply: number(a, "reapply"),
      lookAt: number(a, "lookAt"),
      failure: parsed(text(a, "failure")) as Failure | undefined,
      givenUp: parsed(text(a, "givenUp")) as Head["givenUp"],
    }),
  };
}

/** Where a pointer to it belongs when the change that made it pending is not at hand: leavers first. */
export function laneOfHead({ state, resource }: Pick<Head, "state" | "resource">): LaneName {
  return state === "deleted" || resource["active"] === false ? "leavers" : "changes";
}

/** Where the sweep finds it while it is due, for it looks at leavers first. `lane`: where its change went. */
export function dueKey(head: Pick<Head, "id" | "state" | "resource">, lane: LaneName = laneOfHead(head)): string {
  return waitKey(lane === "leavers" || laneOfHead(head) === "leavers" ? "leaver" : "due", head.id);
}

export function isParked(head: Head): boolean {
  return head.waitKey?.startsWith("parked#") === true;
}

/** An operator gave up what is pending: only a new word of the identity provider, or an operator, brings it back. */
export function isGivenUp(head: Head): boolean {
  return head.waitKey?.startsWith("given#") === true;
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}

export function number(attributes: Attributes, name: string): number | undefined {
  const value = attributes[name];
  return typeof value === "number" ? value : undefined;
}

export function text(attributes: Attributes, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === "string" ? value : undefined;
}

/** Leaves out what is undefined: with exactOptionalPropertyTypes an absent property is not an undefined one. */
export function defined<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never;
}
