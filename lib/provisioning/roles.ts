/**
 * The roles of a user's profile: computed from the groups that the user is directly a member of, as applied, and the names
 * of these groups. The same computation may be done twice, late and by two workers at once: each writes only if the entry is
 * still the one that was read before the memberships were, and makes it another one.
 */
import { equalJson, type JsonObject } from "../scim/json.ts";
import { userType } from "../scim/resource-type.ts";
import type { Outcome, Worker } from "./apply.ts";
import { changeEntry, type Entry } from "./entry.ts";
import { type Head, liveAmong } from "./head.ts";
import { entryPartition, reversePrefix } from "./keys.ts";
import type { LaneName, Table } from "./ports.ts";
import { queryAll } from "./query-all.ts";
import { rolesOfNames } from "./role-table.ts";
import { lookAgainForRoles, rolesAreDue, stampRoles } from "./roles-due.ts";
import type { Provisioning } from "./state.ts";

/** An entry that is being made, with the roles of this moment. What it replaces was read before this is called. */
export async function withRoles(p: Pick<Provisioning, "table" | "tenant">, entry: Entry): Promise<Entry> {
  const { mapping } = p.tenant;
  if (mapping.roles.length === 0 || entry.type !== userType.id) return entry;
  if (entry.state === "removed") return { ...entry, profile: without(entry.profile, mapping.roles) };
  return { ...entry, profile: { ...entry.profile, ...(await readRoles(p, entry.id)) } };
}

/**
 * Answers a mark, unless it is too young; `seen`: how many marks there were when the message was sent. Whatever else waits
 * for this user goes on waiting.
 *
 * Errors: SyncError `entry-too-large`, TableError.
 */
export async function renewRoles(w: Worker, head: Head, lane: LaneName, seen = 0): Promise<Outcome> {
  const { rolesAsked } = head;
  // A mark that came after this message was sent has a message of its own.
  if (!rolesAreDue(head) || (seen > 0 && seen !== rolesAsked)) return { kind: "nothing" };
  const isSettled = seen === rolesAsked;
  if ((await bringRoles(w, head.id, { always: isSettled })) && isSettled) await stampRoles(w, head);
  else await lookAgainForRoles(w, lane, head);
  return { kind: "roles" };
}

/**
 * Brings the roles of an entry up to this moment. False when others wrote it all the time: they were as late as this.
 *
 * `always`: also when they are the same, so that nobody who read the memberships earlier can write any more.
 */
export async function bringRoles(p: Provisioning, id: string, { always }: { always: boolean }): Promise<boolean> {
  if (p.tenant.mapping.roles.length === 0) return true;
  return await changeEntry(p.table, "User", id, async (before) => {
    const after = await withRoles(p, { ...before, appliedAt: p.clock.now() });
    return always || !equalJson(after.profile, before.profile) ? after : undefined;
  });
}

async function readRoles(p: Pick<Provisioning, "table" | "tenant">, userId: string): Promise<JsonObject> {
  // Those that are deleted give nothing any more, although their members are still on the way out.
  const groups = await liveAmong(p.table, "Group", await groupIdsOf(p.table, userId));
  return rolesOfNames(
    p.tenant.mapping,
    [...groups.values()].flatMap((group) => roleNameOf(group) ?? []),
  );
}

/** The groups that a user is directly a member of, as applied. */
export async function groupIdsOf(table: Table, userId: string): Promise<string[]> {
  const ids: string[] = [];
  const range = { pk: entryPartition("User", userId), from: reversePrefix, to: `${reversePrefix}~` };
  for await (const item of queryAll(table, { table: "directory", ...range }))
    ids.push(item.sk.slice(reversePrefix.length));
  return ids;
}

/** The name that the group's walk made known; one that was never renamed since there are tables has the accepted one. */
export function roleNameOf({ roleName, resource }: Head): string | undefined {
  const { displayName } = resource;
  return roleName ?? (typeof displayName === "string" ? displayName : undefined);
}

function without(profile: JsonObject, roles: readonly { name: string }[]): JsonObject {
  const names = new Set(roles.map(({ name }) => name));
  return Object.fromEntries(Object.entries(profile).filter(([name]) => !names.has(name)));
}
