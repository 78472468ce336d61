/**
 * The format of what is stored, by one number for all of it: what a reader must know at least to read an item.
 *
 * An item carries it as `v`. Absent is 1, so the first format costs nothing, and an item whose form did not change since goes
 * on without. A release that gives an item another form raises `format` and writes the number on that item; it reads what
 * earlier ones wrote, and turns it into the new form as it reads (docs/operating.md, "Upgrade").
 *
 * What carries a higher number than this release knows was written by a later one: after a rollback, or while a deployment
 * replaces the functions one by one. It is given to nobody here, so nobody misreads it, and nobody overwrites it, as
 * whatever is changed is read before. Items that are written unread (counts, lookups, sightings, marks) have no such guard:
 * another form of these needs another key.
 */
import { type Item, TableError } from "./ports.ts";

export const format = 1;

/** A pointer that an earlier release could not answer carries one, too; others have no `v`. */
export const pointerFormat = 1;

/** The item as it is. Errors: TableError "newer", which names the kind of item and never its key: that may be a person's. */
export function readable(item: Item): Item {
  const { v } = item.attributes;
  if (v === undefined || (typeof v === "number" && v <= format)) return item;
  const [kind = ""] = item.pk.split("#");
  throw new TableError(
    "newer",
    `an item of ${kind} was written by a newer release of Rollcall (format ${String(v)}, and this one reads up to ${format}): deploy the newer release again`,
  );
}
