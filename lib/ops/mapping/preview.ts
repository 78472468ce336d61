/**
 * Preview: what another tenant file would make of the present users, before it is deployed. Each is made as the worker
 * would make it, and compared with what the application reads today. Nothing is written.
 */
import { nextEntry } from "../../provisioning/apply-user.ts";
import { type Entry, readEntries } from "../../provisioning/entry.ts";
import type { Head } from "../../provisioning/head.ts";
import { SyncError } from "../../provisioning/sync-error.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import { equalJson, type JsonObject } from "../../scim/json.ts";
import { userType } from "../../scim/resource-type.ts";
import type { Operations } from "../operations.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import { walkHeads, type Walked, type WalkOptions } from "../walk-heads.ts";
import { type AttributeDifference, newDifferences } from "./differences.ts";
import { draftRoles } from "./draft-roles.ts";
import { type Failing, failingUsers } from "./failing.ts";
import type { Examples } from "./person.ts";
import { newLookups, type SharedLookup } from "./shared-lookups.ts";

export interface Preview extends Walked {
  /** Of the mapping that is deployed, and of the new one. */
  readonly mappingHash: { readonly present: string; readonly draft: string };
  readonly unchanged: number;
  readonly changed: number;
  /** Whose profile stays the same, and who would be found by other values. */
  readonly foundOtherwise: number;
  /** Who has no entry today and would get one: parked, or not yet applied. */
  readonly appears: number;
  readonly failed: number;
  /** Whose newest change waits to be applied: a part of the differences comes from that. */
  readonly pending: number;
  readonly attributes: readonly AttributeDifference[];
  readonly failures: readonly Failing[];
  readonly shared: readonly SharedLookup[];
}

type Store = Pick<Operations, "table" | "clock" | "tenant">;

/** Reads of memberships under way. */
const atOnce = 16;

/** Errors: TableError. */
export async function preview(o: Store, draft: Tenant, options: WalkOptions & Examples): Promise<Preview> {
  const count = { unchanged: 0, changed: 0, foundOtherwise: 0, appears: 0, failed: 0, pending: 0 };
  const differences = newDifferences(options);
  const failing = failingUsers(o.tenant.mapping, draft.mapping, options);
  const lookups = newLookups(options);
  const rolesOf = draftRoles(o.table, o.tenant.mapping, draft.mapping);
  const walked = await walkHeads(o, userType, options, async (heads) => {
    const ids = heads.map(({ id }) => id);
    const entries = await readEntries(o.table, userType.id, ids);
    const roles = new Map<string, JsonObject>();
    await eachOf([...heads.entries()], atOnce, async ([n, head]) => {
      roles.set(head.id, await rolesOf(head, entries[n]));
    });
    for (const [n, head] of heads.entries()) {
      const before = entries[n];
      const mapped = entryOrFailure({ tenant: draft, clock: o.clock }, head, before);
      const made = mapped && { ...mapped, profile: { ...mapped.profile, ...roles.get(head.id) } };
      // Who is parked keeps the entry that is there.
      const after = made ?? before;
      if (before !== undefined) lookups.add("present", head, before);
      if (after !== undefined) lookups.add("draft", head, after);
      if (head.applied < head.version) count.pending += 1;
      count[outcomeOf(before, made)] += 1;
      if (made === undefined) failing.add(head);
      else if (before !== undefined) differences.add(head, before.profile, made.profile);
    }
  });
  return {
    ...walked,
    mappingHash: { present: o.tenant.mapping.hash, draft: draft.mapping.hash },
    ...count,
    attributes: differences.all(),
    failures: failing.all(),
    shared: lookups.shared(),
  };
}

/** Undefined when the worker would park it. */
function entryOrFailure(w: Parameters<typeof nextEntry>[0], head: Head, before: Entry | undefined): Entry | undefined {
  try {
    return nextEntry(w, head, before);
  } catch (error) {
    if (error instanceof SyncError) return undefined;
    throw error;
  }
}

function outcomeOf(
  before: Entry | undefined,
  made: Entry | undefined,
): "unchanged" | "changed" | "foundOtherwise" | "appears" | "failed" {
  if (made === undefined) return "failed";
  if (before === undefined) return "appears";
  if (!equalJson(before.profile, made.profile)) return "changed";
  return lookupTexts(before) === lookupTexts(made) ? "unchanged" : "foundOtherwise";
}

function lookupTexts({ lookups }: Entry): string {
  return JSON.stringify(lookups.map(({ attribute, value }) => `${attribute}#${value}`).toSorted());
}
