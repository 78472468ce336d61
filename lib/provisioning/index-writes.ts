/** Claims and lookups as they come and go with a change, and what a claim that is in the way means. */
import type { Resource, ResourceType } from "../scim/schema.ts";
import { readHead, text } from "./head.ts";
import { claimsOf, type IndexEntry, lookupsOf } from "./index-entries.ts";
import { claimKey, lookupKey } from "./keys.ts";
import type { Put, Write } from "./ports.ts";
import type { Provisioning } from "./state.ts";
import { TakenError } from "./taken-error.ts";

/** Claims and lookups that come and go. An entry that stays is not touched: it costs nothing and conflicts with nobody. */
export function indexWrites(
  type: ResourceType,
  id: string,
  before: Resource,
  after: Resource,
  neverClaimed: ReadonlySet<string>,
): Write[] {
  const claims = changesOf(claimsOf(type, before), claimsOf(type, after));
  const lookups = changesOf(lookupsOf(type, before), lookupsOf(type, after));
  return [
    ...claims.gone.flatMap((entry): Write[] => {
      const key = claimKey(type.id, entry.attribute, entry.value);
      if (neverClaimed.has(key.pk)) return [];
      return [{ kind: "delete", key, if: [{ is: "equal", attribute: "id", value: id }] }];
    }),
    ...claims.come.map((entry) => claimPut(type, id, entry)),
    ...lookups.gone.map((entry): Write => ({
      kind: "delete",
      key: lookupKey(type.id, entry.attribute, entry.value, id),
    })),
    ...lookups.come.map((entry): Write => {
      return { kind: "put", key: lookupKey(type.id, entry.attribute, entry.value, id), attributes: {} };
    }),
  ];
}

function claimPut(type: ResourceType, id: string, entry: IndexEntry): Put {
  const key = claimKey(type.id, entry.attribute, entry.value);
  return { kind: "put", key, attributes: { id }, if: [{ is: "absent" }] };
}

function changesOf(before: IndexEntry[], after: IndexEntry[]): { gone: IndexEntry[]; come: IndexEntry[] } {
  const keys = (entries: IndexEntry[]) => new Set(entries.map((entry) => `${entry.attribute}#${entry.value}`));
  const [had, has] = [keys(before), keys(after)];
  return {
    gone: before.filter((entry) => !has.has(`${entry.attribute}#${entry.value}`)),
    come: after.filter((entry) => !had.has(`${entry.attribute}#${entry.value}`)),
  };
}

/**
 * After a condition failed: a claim that somebody else holds is a 409 (R15); anything else is a lost race, tried again.
 * Our own id as the holder is our own lost answer, not a conflict (trap 6).
 */
export async function refuseTakenClaims(
  p: Provisioning,
  type: ResourceType,
  id: string,
  before: Resource,
  after: Resource,
): Promise<void> {
  for (const entry of changesOf(claimsOf(type, before), claimsOf(type, after)).come) {
    const claim = await p.table.get(claimKey(type.id, entry.attribute, entry.value));
    const holder = claim && text(claim.attributes, "id");
    if (holder === undefined || holder === id) continue;
    const head = await readHead(p.table, type.id, holder);
    // A transaction becomes visible item by item (trap 2): who is not there has the name for a moment only.
    if (head?.state === "live") throw new TakenError(type, entry.attribute, head);
  }
}

/**
 * After a condition failed: a claim that is to be given up and is not ours need not be given up. So it is when a tenant made
 * an attribute unique while resources were there; their deletion must not wait for it.
 */
export async function findNeverClaimed(
  p: Provisioning,
  type: ResourceType,
  id: string,
  before: Resource,
  after: Resource,
  found: Set<string>,
): Promise<void> {
  for (const entry of changesOf(claimsOf(type, before), claimsOf(type, after)).gone) {
    const key = claimKey(type.id, entry.attribute, entry.value);
    const claim = await p.table.get(key);
    if (claim === undefined || text(claim.attributes, "id") !== id) found.add(key.pk);
  }
}
