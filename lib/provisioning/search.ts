/**
 * Searching: by an indexed attribute in constant reads, as a list page by page, or as a bounded scan.
 *
 * Heads only: nothing is folded, except for filters on members and when members are asked for. Every result has a fixed
 * order (R44): type by type in id order, or sorted and then in id order.
 */
import type { Position } from "../scim/cursor.ts";
import { ScimError } from "../scim/error.ts";
import type { ResourceType } from "../scim/schema.ts";
import { countOf } from "./count.ts";
import type { Head } from "./head.ts";
import { listPage } from "./list-page.ts";
import { stateOf, type Wanted, withWanted } from "./read-resource.ts";
import { planOf } from "./search-plan.ts";
import { sortedPage } from "./sorted-page.ts";
import type { Provisioning, State } from "./state.ts";
import { filteredPage, walkPage } from "./walk-page.ts";

export interface Search {
  readonly filter?: string;
  readonly sortBy?: string;
  readonly sortOrder?: "ascending" | "descending";
  /** From 1. Passed over when there is a `walk`. */
  readonly startIndex: number;
  readonly count: number;
  /** Asks for pages by position instead of by index. */
  readonly walk?: {
    /** The last page's `next`; absent: from the beginning. */
    readonly from?: Position;
  };
}

/** A head of a result, with its type. */
export interface Hit {
  readonly type: ResourceType;
  readonly head: Head;
}

export interface HitPage {
  /** Absent: not known, which only a walk may say. */
  readonly totalResults?: number;
  readonly hits: readonly Hit[];
  /** Of a walk: where it goes on; absent on its last page. */
  readonly next?: Position | "start";
}

export interface SearchResult extends Omit<HitPage, "hits"> {
  readonly states: readonly State[];
}

/** Members in one list answer, over all its groups: Lambda answers with at most 6 MB. */
const membersMost = 20_000;

/** Errors: ScimError 400 `invalidFilter`, `invalidValue`, `tooMany`; 403 `sensitive`; 503. */
export async function search(
  p: Provisioning,
  type: ResourceType,
  asked: Search,
  wanted: Wanted,
): Promise<SearchResult> {
  return await searchTypes(p, [type], asked, () => wanted);
}

/** Over several types, as `search` over one (R47, R48). */
export async function searchTypes(
  p: Provisioning,
  types: readonly ResourceType[],
  asked: Search,
  wantedOf: (type: ResourceType) => Wanted,
): Promise<SearchResult> {
  const { hits, ...page } = await hitsOf(p, types, asked);
  return { ...page, states: await statesOf(p, hits, wantedOf) };
}

async function hitsOf(p: Provisioning, types: readonly ResourceType[], asked: Search): Promise<HitPage> {
  const plan = planOf(types, asked);
  const isWhole = asked.filter === undefined;
  if (asked.count === 0) return await totalOnly(p, plan, asked);
  if (asked.sortBy !== undefined) return await sortedPage(p, plan, asked);
  if (asked.walk !== undefined) return await walkPage(p, plan, { ...asked, isWhole, from: asked.walk.from });
  return isWhole ? await listPage(p, types, asked) : await filteredPage(p, plan, asked);
}

/** `count=0` (R42). A walk stays where it is: its next page begins there. */
async function totalOnly(p: Provisioning, plan: ReturnType<typeof planOf>, asked: Search): Promise<HitPage> {
  const { totalResults = 0 } =
    asked.filter === undefined
      ? {
          totalResults: await countOf(
            p,
            plan.map(({ type }) => type),
          ),
        }
      : await filteredPage(p, plan, asked);
  const goesOn = asked.walk !== undefined && totalResults > 0;
  return { totalResults, hits: [], ...(goesOn && { next: asked.walk?.from ?? "start" }) };
}

async function statesOf(
  p: Provisioning,
  hits: readonly Hit[],
  wantedOf: (type: ResourceType) => Wanted,
): Promise<State[]> {
  const states: State[] = [];
  let members = 0;
  for (const { type, head } of hits) {
    const state = await withWanted(p, stateOf(type, head), wantedOf(type));
    if (state === undefined) continue;
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
