/**
 * Cursors: a place in the result of one query, which only this server can read and make.
 *
 * Source: RFC 9865 sections 2 and 5. A cursor is sealed together with its query, so that it cannot be used with another
 * (R51), and ends after an hour by a time inside it. It gives no right of its own: each page is asked for with a token (R56).
 */
import { ScimError } from "./error.ts";
import type { Json } from "./json.ts";
import type { SearchRequest } from "./search-request.ts";
import type { SortKey } from "./sort.ts";

/** The last resource that was looked at, shown or not: where the next page goes on. */
export interface Position {
  readonly type: string;
  readonly id: string;
  /** Of a sorted result: what that resource was sorted by. */
  readonly key?: SortKey;
}

/**
 * Encrypts and authenticates. The text that comes out has only letters, digits, "-" and "_" (R50); `open` gives undefined
 * for what was not sealed here with the same `boundTo`.
 */
export interface Seal {
  seal(text: string, boundTo: string): string;
  open(sealed: string, boundTo: string): string | undefined;
}

/** How long a cursor is good for. Announced as `cursorTimeout`. */
export const cursorSeconds = 3_600;

/** Longer ones are not ours. */
const cursorCharactersMost = 4_096;

/** What a cursor is bound to: whose resources, of which types, and everything that decides what is shown in which order. */
export function boundTo(tenant: string, types: readonly string[], asked: SearchRequest): string {
  const { filter = null, sortBy = null, sortOrder = null, attributes = null, excludedAttributes = null } = asked;
  return JSON.stringify([tenant, types, filter, sortBy, sortOrder, attributes, excludedAttributes]);
}

/** `position` absent: the beginning. */
export function writeCursor(seal: Seal, position: Position | undefined, bound: string, now: number): string {
  const { type = "", id = "", key } = position ?? {};
  const place: Json[] = [now + cursorSeconds * 1000, type, id, ...(key === undefined ? [] : [key])];
  return seal.seal(JSON.stringify(place), bound);
}

/**
 * The place that a cursor stands for; undefined: the beginning.
 *
 * Errors: ScimError 400 `invalidCursor`, `expiredCursor` (R52).
 */
export function readCursor(seal: Seal, text: string, bound: string, now: number): Position | undefined {
  if (text === "") return undefined;
  const opened = text.length > cursorCharactersMost ? undefined : seal.open(text, bound);
  if (opened === undefined) {
    const detail =
      "the cursor is not one of this query; repeat the query unchanged, or begin again with an empty cursor";
    throw new ScimError(400, "invalidCursor", detail);
  }
  const [expiresAt, type, id, key] = placeIn(opened);
  if (now >= expiresAt) throw expired(`is older than ${cursorSeconds} seconds`);
  if (id === "") return undefined;
  return key === undefined ? { type, id } : { type, id, key };
}

/** Errors: ScimError `expiredCursor` for one of another release, which sealed something else. */
function placeIn(opened: string): readonly [number, string, string, SortKey?] {
  const place = parsed(opened);
  if (isPlace(place)) return place;
  throw expired("was made by another release");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPlace(place: unknown): place is [number, string, string, SortKey?] {
  if (!Array.isArray(place) || place.length < 3 || place.length > 4) return false;
  return typeof place[0] === "number" && typeof place[1] === "string" && typeof place[2] === "string";
}

function expired(why: string): ScimError {
  return new ScimError(400, "expiredCursor", `the cursor ${why}; begin again with an empty cursor`);
}
