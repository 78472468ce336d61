/**
 * Tables of two moments: after a restore the directory may have an entry that the Scim table knows nothing of, made from
 * changes that were accepted after the moment to which that table went back; or it is itself the older one. Versions alone
 * would then say that a change is there which is not. docs/operating.md, "Backup and restore".
 */
import { asRead } from "./as-read.ts";
import type { Entry } from "./entry.ts";
import { goneMark } from "./gone-mark.ts";
import { type Head, readHead } from "./head.ts";
import { headKey, waitKey } from "./keys.ts";
import type { Table, Update, Write } from "./ports.ts";
import type { Provisioning } from "./state.ts";
import { succeeds } from "./succeeds.ts";
import { sweepAfterMs } from "./waiting-attributes.ts";

type Dated = Pick<Head, "type" | "id" | "version" | "lastModified">;

/** No such version was accepted here. A worker that is late has an older head in hand, so the head is read again. */
export async function isAhead(table: Table, head: Dated, entry: Pick<Entry, "version">): Promise<boolean> {
  if (entry.version <= head.version) return false;
  const now = await readHead(table, head.type, head.id);
  return now !== undefined && now.version < entry.version;
}

/**
 * The change is of a later moment than an entry that has its version, or a higher one: so the entry does not show it.
 *
 * Two machines have two clocks, so an entry may seem older than its own change: then it is made once more, which is harmless.
 */
export async function isOfAnotherTime(table: Table, head: Dated, entry: Entry): Promise<boolean> {
  if (entry.version < head.version || entry.appliedAt >= head.lastModified) return false;
  return entry.version === head.version || (await isAhead(table, head, entry));
}

/** What a head gets so that its next change counts: the version of an entry that is ahead. Nothing may be pending. */
export function lifted(version: number): NonNullable<Update["set"]> {
  return { version, applied: version, since: version };
}

/** False when a change came meanwhile. Errors: TableError. */
export async function lift(table: Table, head: Head, version: number): Promise<boolean> {
  return await succeeds(
    table.write({ kind: "update", key: headKey(head.type, head.id), if: asFound(head), set: lifted(version) }),
  );
}

/**
 * Takes back the word that the directory has more than `applied`: everything after that is pending again, a walk that is
 * under way included. Folding changes of a group from too early is right, and so are its readers meanwhile.
 *
 * False when somebody else was at it. Errors: TableError.
 */
export async function takeBack({ table, clock }: Pick<Provisioning, "table" | "clock">, head: Head, applied: number) {
  const now = clock.now();
  const update: Write = {
    kind: "update",
    key: headKey(head.type, head.id),
    if: asFound(head),
    set: { applied, since: applied, waitKey: waitKey("due", head.id), waitAt: now + sweepAfterMs },
    setIfMissing: { pendingSince: now },
    remove: ["to", "cursor", "nameCursor", "failure", "reason", "reapply", "lookAt"],
  };
  // Whoever was deleted is a member again in an older directory, and readers are to leave them out.
  const writes = head.state === "deleted" ? [update, goneMark(head.id, now)] : [update];
  return await succeeds(table.transact(writes));
}

function asFound({ version, applied, to, cursor }: Head) {
  return [asRead("version", version), asRead("applied", applied), asRead("to", to), asRead("cursor", cursor)];
}
