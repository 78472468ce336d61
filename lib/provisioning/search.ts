/**
 * Searching: by an indexed attribute in constant reads, as a list page by page, or as a bounded scan.
 *
 * Heads only: nothing is folded, except for filters on members and when members are asked for.
 */
import { ScimError } from "../scim/error.ts";
import { type Filter, parseFilter } from "../scim/filter.ts";
import { equalities } from "../scim/indexed-filter.ts";
import { limits } from "../scim/limits.ts";
import { matches } from "../scim/match.ts";
import { represent } from "../scim/representation.ts";
import { uniqueAttributes } from "../scim/resource-type.ts";
import type { ResourceType } from "../scim/schema.ts";
import { membersAmong, readGroup } from "./group-members.ts";
import { type Head, headOf, number, text } from "./head.ts";
import { indexedValue } from "./index-entries.ts";
import { bookmarkKey, claimKey, countPartition, headKey, lookupPartition } from "./keys.ts";
import { listHeads } from "./list-heads.ts";
import { TableError } from "./ports.ts";
import { queryAll } from "./query-all.ts";
import { stateOf, type Wanted, withWanted } from "./read-resource.ts";
import type { Provisioning, State } from "./state.ts";

export interface Search {
  readonly filter?: string;
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
}

export interface SearchResult {
  readonly totalResults: number;
  readonly states: readonly State[];
}

/** A scan ends at whichever comes first. Units: resources; milliseconds. */
const scanMost = 20_000;
const scanMsMost = 8_000;
/** Members in one list answer, over all its groups: Lambda answers with at most 6 MB. */
const membersMost = 20_000;
const bookmarkSeconds = 900;
/** A query of a list takes so many heads at least: deleted ones stand between the others for a month. */
const pageItemsLeast = 100;

/** Errors: ScimError 400 `invalidFilter`, `tooMany`; 403 `sensitive`; 503. */
export async function search(
  p: Provisioning,
  type: ResourceType,
  asked: Search,
  wanted: Wanted,
): Promise<SearchResult> {
  if (asked.filter === undefined) return await listPage(p, type, asked, wanted);
  const filter = parseFilter(type, asked.filter);
  const found: Head[] = [];
  for await (const head of (await indexed(p, type, filter)) ?? scan(p, type)) {
    if (await holds(p, type, filter, head)) found.push(head);
  }
  const page = found.slice(asked.startIndex - 1, asked.startIndex - 1 + asked.count);
  return { totalResults: found.length, states: await statesOf(p, type, page, wanted) };
}

// ---------------------------------------------------------------- candidates

/** The heads that an equality on an indexed attribute leaves; undefined when the filter has none. */
async function indexed(p: Provisioning, type: ResourceType, filter: Filter): Promise<Head[] | undefined> {
  const unique = new Set(uniqueAttributes(type).map((attribute) => attribute.name));
  const found = equalities(filter).find(
    ({ attribute }) => attribute === "id" || unique.has(attribute) || type.lookups.includes(attribute),
  );
  if (found === undefined) return undefined;
  const ids = typeof found.value === "string" ? await idsOf(p, type, found.attribute, found.value) : [];
  const items = await p.table.batchGet(ids.map((id) => headKey(type.id, id)));
  return items
    .flatMap((item) => (item === undefined ? [] : [headOf(type.id, item)]))
    .filter((head) => head.state === "live");
}

async function idsOf(p: Provisioning, type: ResourceType, attribute: string, value: string): Promise<string[]> {
  if (attribute === "id") return [value];
  const key = indexedValue(type, attribute, value);
  if (key === "" || new TextEncoder().encode(key).length > limits.indexedValueBytes) return [];
  if (type.lookups.includes(attribute)) {
    const ids: string[] = [];
    for await (const item of queryAll(p.table, { table: "scim", pk: lookupPartition(type.id, attribute, key) }))
      ids.push(item.sk);
    return ids;
  }
  const claim = await p.table.get(claimKey(type.id, attribute, key));
  const id = claim && text(claim.attributes, "id");
  return id === undefined ? [] : [id];
}

async function* scan(p: Provisioning, type: ResourceType): AsyncGenerator<Head> {
  const deadline = p.clock.now() + scanMsMost;
  let seen = 0;
  for await (const head of listHeads(p.table, type.id)) {
    seen += 1;
    if (seen > scanMost || p.clock.now() > deadline) {
      const names = ["id", ...uniqueAttributes(type).map((attribute) => attribute.name), ...type.lookups].join(", ");
      throw new ScimError(
        400,
        "tooMany",
        `there are too many ${type.name} resources to search without an index; compare one of these by "eq": ${names}`,
      );
    }
    yield head;
  }
}

// ---------------------------------------------------------------- matching

async function holds(p: Provisioning, type: ResourceType, filter: Filter, head: Head): Promise<boolean> {
  const state = stateOf(type, head);
  const named = type.hasMembers ? memberIdsIn(filter) : [];
  if (named === "all") {
    const group = await readGroup(p, head.id);
    return group !== undefined && matches(filter, represent(type, { ...state, members: group.members }, ""));
  }
  if (named.length === 0) return matches(filter, represent(type, state, ""));
  // Whether the named ones are members decides the filter; the others need not be read (Entra's reference check).
  const { members } = await membersAmong(p, head, named);
  return matches(filter, represent(type, { ...state, members }, ""));
}

/** The ids that a filter compares members with; "all" when it asks something else about members. */
function memberIdsIn(filter: Filter): string[] | "all" {
  switch (filter.kind) {
    case "and":
    case "or": {
      const parts = filter.filters.map(memberIdsIn);
      return parts.includes("all") ? "all" : parts.flat();
    }
    case "not":
      return memberIdsIn(filter.filter);
    case "present":
      return filter.path.attribute?.name === "members" ? "all" : [];
    case "compare": {
      if (filter.path.attribute?.name !== "members") return [];
      const byId = (filter.path.subAttribute?.name ?? "value") === "value" && filter.path.filter === undefined;
      return byId && filter.op === "eq" && typeof filter.value === "string" ? [filter.value] : "all";
    }
    case "valuePath": {
      if (filter.path.attribute?.name !== "members") return [];
      const { filter: inner } = filter;
      const byId = inner.kind === "compare" && inner.op === "eq" && inner.path.attribute?.name === "value";
      return byId && typeof inner.value === "string" ? [inner.value] : "all";
    }
  }
}

// ---------------------------------------------------------------- a list without a filter

async function listPage(
  p: Provisioning,
  type: ResourceType,
  { startIndex, count }: Search,
  wanted: Wanted,
): Promise<SearchResult> {
  const totalResults = await countOf(p, type);
  const page: Head[] = [];
  if (count > 0 && startIndex <= totalResults) {
    const mark = startIndex === 1 ? undefined : await bookmark(p, type, startIndex);
    let skip = mark === undefined ? startIndex - 1 : 0;
    // One more than the page: the bookmarked one comes first, and is passed over.
    for await (const head of listHeads(
      p.table,
      type.id,
      mark,
      skip > 0 ? undefined : Math.max(count + 1, pageItemsLeast),
    )) {
      if (skip > 0) skip -= 1;
      else if (page.push(head) === count) break;
    }
  }
  const last = page.at(-1);
  // So that the next page costs a page, not all the pages before it.
  if (last !== undefined && startIndex + page.length <= totalResults)
    await leaveBookmark(p, type, startIndex + page.length, last.id);
  return { totalResults, states: await statesOf(p, type, page, wanted) };
}

async function countOf(p: Provisioning, type: ResourceType): Promise<number> {
  let count = 0;
  for await (const item of queryAll(p.table, { table: "scim", pk: countPartition(type.id) }))
    count += number(item.attributes, "count") ?? 0;
  return count;
}

async function bookmark(p: Provisioning, type: ResourceType, startIndex: number): Promise<string | undefined> {
  const item = await p.table.get(bookmarkKey(type.id, startIndex));
  // TTL deletes within days (trap 9).
  const alive = item !== undefined && (number(item.attributes, "expires") ?? 0) * 1000 > p.clock.now();
  return alive ? text(item.attributes, "after") : undefined;
}

/** Without it the next page costs more; that is no reason to refuse this one. */
async function leaveBookmark(p: Provisioning, type: ResourceType, startIndex: number, after: string): Promise<void> {
  const expires = Math.floor(p.clock.now() / 1000) + bookmarkSeconds;
  try {
    await p.table.write({ kind: "put", key: bookmarkKey(type.id, startIndex), attributes: { after, expires } });
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
  }
}

// ---------------------------------------------------------------- answers

async function statesOf(p: Provisioning, type: ResourceType, heads: readonly Head[], wanted: Wanted): Promise<State[]> {
  const states: State[] = [];
  let members = 0;
  for (const head of heads) {
    const state = await withWanted(p, stateOf(type, head), wanted);
    members += state.members?.length ?? 0;
    if (members > membersMost) {
      throw new ScimError(
        400,
        "tooMany",
        `these groups have more than ${membersMost} members together; ask with excludedAttributes=members or a smaller count`,
      );
    }
    states.push(state);
  }
  return states;
}
