/**
 * Preview: what another tenant file would make of the present resources, before it is deployed. Each is made as the worker
 * would make it, and compared with what the application reads today. Nothing is written.
 */
import { type Entry, readEntries } from "../../provisioning/entry.ts";
import { isParked } from "../../provisioning/head.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import { equalJson, type JsonObject } from "../../scim/json.ts";
import { userType } from "../../scim/resource-type.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { hashFor } from "../../provisioning/mapping-hash.ts";
import { makeMapped } from "../resync/plan.ts";
import type { Operations } from "../operations.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import { walkHeads, type Walked, type WalkOptions } from "../walk-heads.ts";
import { type AttributeDifference, newDifferences } from "./differences.ts";
import { draftRoles } from "./draft-roles.ts";
import { type Failing, failingResources } from "./failing.ts";
import { type Examples, type Person, personOf } from "./person.ts";
import { newLookups, type SharedLookup } from "./shared-lookups.ts";

export interface Preview extends Walked {
  /** The resource type. */
  readonly type: string;
  /** Of the mapping that is there, and of the new one. */
  readonly mappingHash: { readonly present: string; readonly draft: string };
  readonly unchanged: number;
  /** Of the unchanged: another mapping made the entry, and only its stamp would be another one. */
  readonly restamped: number;
  readonly changed: number;
  /** Whose profile stays the same, and who would be found by other values. */
  readonly foundOtherwise: number;
  /** Who has no entry today and would get one: parked, or not yet applied. */
  readonly appears: number;
  readonly failed: number;
  /** Who is parked today, and would not be: no resync reaches them, a replay does. */
  readonly mended: { readonly count: number; readonly examples: readonly Person[] };
  /** Whose newest change waits to be applied: a part of the differences comes from that. */
  readonly pending: number;
  readonly attributes: readonly AttributeDifference[];
  readonly failures: readonly Failing[];
  readonly shared: readonly SharedLookup[];
}

type Store = Pick<Operations, "table" | "clock" | "tenant">;

/** Reads of memberships under way. */
const atOnce = 16;

/** Users, and the other types that the two mappings make otherwise. */
export function previewedTypes(present: Tenant, draft: Tenant): readonly ResourceType[] {
  const differs = ({ id }: ResourceType) => hashFor(present.mapping, id) !== hashFor(draft.mapping, id);
  return draft.types.filter((type) => type.id === userType.id || differs(type));
}

/** Errors: TableError. */
export async function preview(
  o: Store,
  draft: Tenant,
  type: ResourceType,
  options: WalkOptions & Examples,
): Promise<Preview> {
  const mended: { count: number; examples: Person[] } = { count: 0, examples: [] };
  const count = { unchanged: 0, restamped: 0, changed: 0, foundOtherwise: 0, appears: 0, failed: 0, pending: 0 };
  const differences = newDifferences(options);
  const failing = failingResources(o.tenant.mapping, draft.mapping, options);
  const lookups = newLookups(options);
  const rolesOf = draftRoles(o.table, o.tenant.mapping, draft.mapping);
  const then = { ...o, tenant: draft };
  const walked = await walkHeads(o, type, options, async (heads) => {
    const entries = await readEntries(
      o.table,
      type.id,
      heads.map(({ id }) => id),
    );
    const roles = new Map<string, JsonObject>();
    await eachOf([...heads.entries()], atOnce, async ([n, head]) => {
      roles.set(head.id, await rolesOf(head, entries[n]));
    });
    for (const [n, head] of heads.entries()) {
      const before = entries[n];
      const next = makeMapped(then, head, before);
      const made = "entry" in next ? withProfile(next.entry, roles.get(head.id)) : undefined;
      // Who is parked keeps the entry that is there.
      const after = made ?? before;
      if (before !== undefined) lookups.add("present", head, before);
      if (after !== undefined) lookups.add("draft", head, after);
      if (head.applied < head.version) count.pending += 1;
      const outcome = outcomeOf(before, made);
      count[outcome] += 1;
      if (outcome === "unchanged" && before?.mappingHash !== made?.mappingHash) count.restamped += 1;
      if (made !== undefined && isParked(head)) {
        mended.count += 1;
        if (mended.examples.length < options.examples) mended.examples.push(personOf(head, options));
      }
      if ("forecast" in next) failing.add(head, next.forecast.message);
      else if (before !== undefined && made !== undefined) differences.add(head, before.profile, made.profile);
    }
  });
  return {
    type: type.id,
    ...walked,
    mappingHash: { present: hashFor(o.tenant.mapping, type.id), draft: hashFor(draft.mapping, type.id) },
    ...count,
    mended,
    attributes: differences.all(),
    failures: failing.all(),
    shared: lookups.shared(),
  };
}

function withProfile(entry: Entry, more: JsonObject = {}): Entry {
  return { ...entry, profile: { ...entry.profile, ...more } };
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
