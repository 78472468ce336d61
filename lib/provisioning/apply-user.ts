/** Applies a user: entry first, then the head's stamp. A crash between the two is mended by doing both again. */
import type { Worker } from "./apply.ts";
import { bringEntryTo, type Entry } from "./entry.ts";
import { sendLater } from "./failure.ts";
import type { Head } from "./head.ts";
import { mapUser } from "./mapping.ts";
import type { LaneName } from "./ports.ts";
import { removeMemberships } from "./removals.ts";
import { lookAgainMs, stampApplied } from "./stamp-applied.ts";
import { SyncError } from "./sync-error.ts";

/** Errors: SyncError, TableError. */
export async function applyUser(w: Worker, head: Head, lane: LaneName): Promise<boolean> {
  // Memberships go first: once the entry says "removed" nobody would come back for them (trap 4).
  if (head.state === "deleted" && (await removeMemberships(w, head)) === "unfinished") {
    await sendLater(w, lane, head, 0);
    return false;
  }
  await bringEntryTo(w.table, head, (before) => entryOf(w, head, before));
  await stampApplied(w, head);
  if (head.state === "deleted") await sendLater(w, lane, head, lookAgainMs / 1000);
  return true;
}

function entryOf(w: Worker, head: Head, before: Entry | undefined): Entry {
  const { type, id, version, resource } = head;
  const { mapping } = w.tenant;
  const made = { type, id, version, mappingHash: mapping.hash, appliedAt: w.clock.now() };
  if (head.state === "deleted") return { ...made, state: "removed", profile: {}, lookups: [] };
  const { profile, lookups, problems, trace } = mapUser(mapping, resource);
  const active = resource["active"] !== false;
  if (problems.length === 0) return { ...made, state: active ? "active" : "suspended", profile, lookups };
  // A leaver is never kept active because an attribute is missing: the state is applied, with the last good profile.
  if (!active)
    return { ...made, state: "suspended", profile: before?.profile ?? profile, lookups: before?.lookups ?? lookups };
  const missing = trace.some((step) => step.outcome === "missing");
  throw new SyncError(missing ? "mapping-required-missing" : "mapping-value-unusable", problems.join(" "));
}
