/**
 * Applying once more what is applied already: an operator asks for it by a mark on the head, and the worker brings the entry
 * to the mapping of today. What the identity provider said is not touched: no version, no log.
 *
 * The mark is set while nothing is pending. A change that comes before it is answered answers it, too.
 */
import { writeGroupEntry } from "./apply-group.ts";
import { nextEntry } from "./apply-user.ts";
import type { Outcome, Worker } from "./apply.ts";
import { asRead } from "./as-read.ts";
import { remakeEntry } from "./entry.ts";
import { type Head, isGivenUp, isParked } from "./head.ts";
import { headKey } from "./keys.ts";
import { withRoles } from "./roles.ts";
import { rolesAreDue } from "./roles-due.ts";
import { lifted } from "./other-time.ts";
import type { Provisioning } from "./state.ts";
import { succeeds } from "./succeeds.ts";
import { dueSince, waitingAttributes } from "./waiting-attributes.ts";

/** Nothing is pending, parked or given up: what is said below can be asked for. */
export function isSettled(head: Head): boolean {
  return head.state === "live" && head.applied === head.version && !isParked(head) && !isGivenUp(head);
}

/** Marks a head; false when something came meanwhile. Whoever asks sends the pointer. Errors: TableError. */
export async function askAgain({ table, clock }: Pick<Provisioning, "table" | "clock">, head: Head): Promise<boolean> {
  if (!isSettled(head)) return false;
  const now = clock.now();
  return await succeeds(
    table.write({
      kind: "update",
      key: headKey(head.type, head.id),
      if: [asRead("version", head.version), asRead("applied", head.applied), asRead("waitKey", head.waitKey)],
      set: { reapply: now },
      setIfMissing: dueSince(head.id, now),
    }),
  );
}

/** Answers a mark. Errors: SyncError, TableError; then the entry is what it was. */
export async function reapply(w: Worker, head: Head): Promise<Outcome> {
  const version =
    head.type === "Group"
      ? await writeGroupEntry(w, head, "anew")
      : await remakeEntry(w.table, head, async (before) => await withRoles(w, nextEntry(w, head, before)));
  await succeeds(
    w.table.write({
      kind: "update",
      key: headKey(head.type, head.id),
      // A change that came meanwhile, or another mark, is theirs to answer; roles have to be looked at once more (roles-due.ts).
      if: [
        asRead("version", head.version),
        asRead("applied", head.applied),
        asRead("reapply", head.reapply),
        asRead("rolesAsked", head.rolesAsked),
      ],
      ...(version > head.version && { set: lifted(version) }),
      remove: rolesAreDue(head) ? ["reapply"] : waitingAttributes,
    }),
  );
  return { kind: "again" };
}
