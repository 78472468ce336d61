/** Applies a user, or a resource of the tenant's own type: entry first, then the head's stamp. A crash between the two is mended by doing both again. */
import { nameBeforeSoftDelete } from "../scim/dialects/entra.ts";
import { userType } from "../scim/resource-type.ts";
import type { Worker } from "./apply.ts";
import { bringEntryTo, type Entry, type EntryWritten } from "./entry.ts";
import { sendLater } from "./failure.ts";
import type { Head } from "./head.ts";
import { type Leaver, leaverOf, leaverPut } from "./leavers.ts";
import { type Mapped, mapOther, mapUser } from "./mapping.ts";
import { hashFor } from "./mapping-hash.ts";
import { ownEntry } from "./own-entry.ts";
import type { LaneName } from "./ports.ts";
import { removeMemberships } from "./removals.ts";
import { bringRoles, withRoles } from "./roles.ts";
import { lookAgainForRoles, rolesAreDue } from "./roles-due.ts";
import { lookAgainMs, type RolesDone, stampApplied } from "./stamp-applied.ts";
import { SyncError } from "./sync-error.ts";
import type { Lifecycle } from "./tenant.ts";

/** Whoever has left by it, as the directory has it now; undefined when nobody has. Errors: SyncError, TableError. */
export async function applyUser(
  w: Worker,
  head: Head,
  lane: LaneName,
  rolesSeen?: number,
): Promise<Leaver | "unfinished" | undefined> {
  // Memberships go first: once the entry says "removed" nobody would come back for them (trap 4).
  if (head.state === "deleted" && (await removeMemberships(w, head)) === "unfinished") {
    await sendLater(w, lane, head, 0);
    return "unfinished";
  }
  const leaverBeside = (written: EntryWritten) => {
    const leaver = leaverOf(head, written);
    return leaver === undefined ? [] : [leaverPut(leaver, w.tenant.evidenceDays)];
  };
  const make = async (before: Entry | undefined) => await withRoles(w, nextEntry(w, head, before));
  const written = await bringEntryTo(w.table, head, make, leaverBeside);
  const roles = await rolesDone(w, head, written, rolesSeen);
  await stampApplied(w, head, roles);
  if (roles === "due") await lookAgainForRoles(w, lane, head);
  if (head.state === "deleted") await sendLater(w, lane, head, lookAgainMs / 1000);
  return written && leaverOf(head, written);
}

/** Another worker may have made the entry before somebody asked for the roles. */
async function rolesDone(w: Worker, head: Head, written: EntryWritten | undefined, seen?: number): Promise<RolesDone> {
  if (!rolesAreDue(head)) return "none";
  const isMade = written !== undefined || (await bringRoles(w, head.id, { always: true }));
  return isMade && seen === head.rolesAsked ? "made" : "due";
}

/** No lookup finds a deleted user, whether or not its profile stays for a while. */
function removedEntry(
  { retainDays }: Lifecycle,
  made: Omit<Entry, "state" | "profile" | "lookups">,
  before: Entry | undefined,
): Entry {
  const removed = { ...made, state: "removed", profile: {}, lookups: [] } as const;
  if (retainDays === undefined || before === undefined) return removed;
  return { ...removed, profile: before.profile, mappingHash: before.mappingHash, retainDays };
}

/** What the worker makes of a head. Also a preview asks it: what would another tenant file make of it? Errors: SyncError. */
export function nextEntry(w: Pick<Worker, "tenant" | "clock">, head: Head, before: Entry | undefined): Entry {
  const { type, id, version, resource } = head;
  const { mapping } = w.tenant;
  const made = { type, id, version, mappingHash: hashFor(mapping, type), appliedAt: w.clock.now() };
  if (head.state === "deleted") return removedEntry(w.tenant.lifecycle, made, before);
  // Not asked of the tenant: a type may be taken from its file while changes are still pending.
  if (type !== userType.id) {
    const mapped = mapOther(mapping, type, resource);
    return mapped === undefined ? { ...made, ...ownEntry(head) } : mappedEntry(made, mapped, head, before);
  }
  const oldName = nameBeforeSoftDelete(resource);
  if (oldName !== undefined) {
    // Whatever was made from the name, such as an e-mail, keeps it, too: the last good profile, if there is one.
    const { profile, lookups } = before ?? mapUser(mapping, { ...resource, userName: oldName });
    return { ...made, state: "suspended", profile, lookups };
  }
  const { profile, ...mapped } = mapUser(mapping, resource);
  // Roles stay what they are: they are not made from the user.
  const roles = mapping.roles.flatMap(({ name }) => {
    const list = before?.profile[name];
    return list === undefined ? [] : [[name, list] as const];
  });
  return mappedEntry(made, { ...mapped, profile: { ...profile, ...Object.fromEntries(roles) } }, head, before);
}

/** Errors: SyncError. */
function mappedEntry(
  made: Omit<Entry, "state" | "profile" | "lookups">,
  { profile, lookups, problems, trace }: Mapped,
  { resource }: Head,
  before: Entry | undefined,
): Entry {
  const active = resource["active"] !== false;
  if (problems.length === 0) return { ...made, state: active ? "active" : "suspended", profile, lookups };
  // A leaver is never kept active because an attribute is missing: the state is applied, with the last good profile.
  if (!active)
    return { ...made, state: "suspended", profile: before?.profile ?? profile, lookups: before?.lookups ?? lookups };
  const missing = trace.some((step) => step.outcome === "missing");
  throw new SyncError(missing ? "mapping-required-missing" : "mapping-value-unusable", problems.join(" "));
}
