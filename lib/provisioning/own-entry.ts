/** The directory entry of a resource type of the tenant's own that the tenant file does not map: its profile is the resource itself. */
import type { Entry } from "./entry.ts";
import type { Head } from "./head.ts";

/** What an own type's live resource becomes; one whose schema has `active` is suspended by it, like a user. */
export function ownEntry({ resource }: Head): Pick<Entry, "state" | "profile" | "lookups"> {
  return { state: resource["active"] === false ? "suspended" : "active", profile: resource, lookups: [] };
}
