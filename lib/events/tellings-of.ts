/** What a change of one item of the Directory table tells: entries and steps of groups; lookups, members and reverses nothing. */
import { entryOf } from "../provisioning/entry.ts";
import { readable } from "../provisioning/format.ts";
import { number, text } from "../provisioning/head.ts";
import { stepSortKey } from "../provisioning/keys.ts";
import { lastStepOf } from "../provisioning/last-step.ts";
import type { Attributes } from "../provisioning/ports.ts";
import type { Tenant } from "../provisioning/tenant.ts";
import { groupType } from "../scim/resource-type.ts";
import { entryTelling, type StoredEntry } from "./entry-telling.ts";
import { entrySubject, membersSubject } from "./event.ts";
import { membersBegin, stepTelling, type StoredStep } from "./members-telling.ts";
import type { DirectoryChange } from "./ports.ts";
import type { Telling } from "./telling.ts";

/** Undefined: of nothing that is told. */
export function subjectOf({ pk, sk }: Pick<DirectoryChange, "pk" | "sk">): string | undefined {
  const [type = "", id = ""] = pk.split("#");
  if (sk === "Entry") return entrySubject(type, id);
  return sk === stepSortKey ? membersSubject(id) : undefined;
}

/** What goes by its TTL tells nothing: it was told when it was given one. Errors: any, for an item that is not as we write it. */
export function tellingsOf(tenant: Tenant, { pk, sk, before, after }: DirectoryChange): Telling[] {
  if (after === undefined) return [];
  for (const attributes of [before, after]) if (attributes !== undefined) readable({ pk, sk, attributes });
  const [type = "", id = ""] = pk.split("#");
  if (sk === stepSortKey) return [stepTelling(tenant, id, before && storedStep(before), storedStep(after))];
  if (sk !== "Entry") return [];
  const entry = storedEntry(type, id, after);
  const telling = entryTelling(tenant, before && storedEntry(type, id, before), entry);
  const begins = type === groupType.id && before === undefined && entry.state !== "removed";
  return begins ? [telling, membersBegin(id, { version: entry.version, at: entry.appliedAt })] : [telling];
}

/** Errors: Error when it is no entry. */
export function storedEntry(type: string, id: string, a: Attributes): StoredEntry {
  const entry = entryOf(type, id, a);
  if (text(a, "state") === undefined || entry.appliedAt === 0)
    throw new Error(`the entry of ${type} ${id} has no state or no time`);
  return { ...entry, ...expiry(a) };
}

/** Errors: Error when it is no step. */
export function storedStep(a: Attributes): StoredStep {
  const step = lastStepOf(a);
  if (step.at === 0) throw new Error("a step has no time");
  return { ...step, ...expiry(a) };
}

function expiry(a: Attributes): { readonly expires?: number } {
  const expires = number(a, "expires");
  return expires === undefined ? {} : { expires };
}
