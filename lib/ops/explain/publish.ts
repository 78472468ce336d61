/** What the application reads, held against what the present mapping makes of what was accepted. */
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import { equalJson, type Json } from "../../scim/json.ts";
import { groupType } from "../../scim/resource-type.ts";
import type { Head } from "../../provisioning/head.ts";
import type { Stored } from "./facts.ts";

export interface Difference {
  /** Of the profile. */
  readonly attribute: string;
  /** What the application reads; absent: nothing. */
  readonly has?: Json;
  /** What the present mapping makes; absent: nothing. */
  readonly should?: Json;
}

export function isInactive({ resource }: Head): boolean {
  return resource["active"] === false;
}

/** What a head's entry is to say. */
export function dueState(head: Head): "active" | "suspended" | "removed" {
  if (head.state === "deleted") return "removed";
  return head.type !== groupType.id && isInactive(head) ? "suspended" : "active";
}

/** Empty while something is pending, and for whoever keeps the last good profile: an inactive user whom the mapping cannot carry. */
export function differencesOf({ head, entry, mapped, profile }: Stored): readonly Difference[] {
  if (entry === undefined || profile === undefined || head.applied < head.version) return [];
  if (isInactive(head) && ((mapped?.problems ?? []).length > 0 || nameBeforeSoftDelete(head.resource) !== undefined))
    return [];
  const names = new Set([...Object.keys(entry.profile), ...Object.keys(profile)]);
  return [...names].flatMap((attribute): Difference[] => {
    const has = entry.profile[attribute];
    const should = profile[attribute];
    if (has !== undefined && should !== undefined && equalJson(has, should)) return [];
    return [{ attribute, ...(has === undefined ? {} : { has }), ...(should === undefined ? {} : { should }) }];
  });
}
