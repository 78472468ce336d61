/**
 * Contact: when an identity provider was last heard of, on the item of the token that it showed. The token is read for each
 * request anyway, so a note is written only when it tells something new: at most once a minute for each kind, and once ever
 * for each first.
 */
import { expiresAfter } from "./expiry.ts";
import { asRead } from "./as-read.ts";
import { defined, number, text } from "./head.ts";
import { strangerKey, tokenKey } from "./keys.ts";
import { type Attributes, type Condition, type Table, TableError } from "./ports.ts";

export type ContactKind = "read" | "write" | "refused";

/** What a new connection is watched for. `read` is the IdP's connection test. */
export const firsts = ["read", "user", "update", "group", "deactivation"] as const;
export type First = (typeof firsts)[number];

/** Why a request with a token was not let in. */
export type RejectedWhy = "expired" | "revoked" | "wrongSecret";

/** Times are milliseconds since 1970, to the minute. */
export interface Contact {
  /** The identity provider: as its token was made for it, or as its requests show it. */
  readonly idp?: string;
  readonly readAt?: number;
  readonly writeAt?: number;
  readonly refusedAt?: number;
  /** When each was seen first, exactly. */
  readonly firsts: { readonly [first in First]?: number };
  /** When it began to call after a pause of ten minutes or more; the latest twelve, oldest first. */
  readonly cycles: readonly number[];
  /** A request with this token was not let in. */
  readonly rejectedAt?: number;
  readonly rejectedWhy?: RejectedWhy;
  /** Of the latest request that was noted, and of the latest that was not let in. */
  readonly requestId?: string;
  readonly rejectedRequestId?: string;
}

/** Requests that no stored token stands behind. */
export interface Stranger {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `missing`: no bearer token. `malformed`: none of ours by its form. `unknown`: by its id. */
  readonly why: "missing" | "malformed" | "unknown";
  /** The id that the token showed. */
  readonly tokenId?: string;
  readonly requestId?: string;
}

const everyMs = 60_000;
const pauseMs = 600_000;
const cyclesKept = 12;
const strangerDays = 30;

export const lastContact = ({ readAt, writeAt, refusedAt }: Contact): number | undefined => {
  const times = [readAt, writeAt, refusedAt].filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
};

export function contactOf(a: Attributes): Contact {
  const seen = firsts.map((first) => [first, number(a, firstName(first))]);
  const cycles = Array.isArray(a["cycles"]) ? (a["cycles"] as readonly string[]).map(Number) : [];
  return {
    firsts: defined(Object.fromEntries(seen) as Record<First, number | undefined>),
    cycles,
    ...defined({
      idp: text(a, "idp"),
      readAt: number(a, "readAt"),
      writeAt: number(a, "writeAt"),
      refusedAt: number(a, "refusedAt"),
      rejectedAt: number(a, "rejectedAt"),
      rejectedWhy: text(a, "rejectedWhy") as RejectedWhy | undefined,
      requestId: text(a, "requestId"),
      rejectedRequestId: text(a, "rejectedRequestId"),
    }),
  };
}

/**
 * Notes what a request was, if that is news. A note that cannot be written is no reason to refuse a
 * request: no TableError leaves here.
 */
export async function noteContact(
  table: Table,
  { id, ...known }: Contact & { readonly id: string },
  seen: { readonly kind: ContactKind; readonly requestId: string; readonly first?: First; readonly idp?: string },
  now: number,
): Promise<void> {
  const attribute = `${seen.kind}At` as const;
  const before = known[attribute];
  const isFirst = seen.first !== undefined && known.firsts[seen.first] === undefined;
  if (before !== undefined && now - before < everyMs && !isFirst) return;
  const last = lastContact(known);
  const begins = last === undefined || now - last >= pauseMs;
  const set = {
    [attribute]: now,
    requestId: seen.requestId,
    ...(begins ? { cycles: [...known.cycles, now].slice(-cyclesKept).map(String) } : {}),
  };
  const setIfMissing = {
    ...(isFirst && seen.first !== undefined ? { [firstName(seen.first)]: now } : {}),
    ...(seen.idp === undefined ? {} : { idp: seen.idp }),
  };
  // `present`: a token that was taken away a moment ago must not come back as half an item.
  await noted(table, tokenKey(id), {
    set,
    setIfMissing,
    if: [{ is: "present" }, ...(isFirst ? [] : [asRead(attribute, before)])],
  });
}

/** A request that showed a stored token and was not let in: noted once a minute. */
export async function noteRejected(
  table: Table,
  { id, rejectedAt }: Contact & { readonly id: string },
  { why, requestId }: { readonly why: RejectedWhy; readonly requestId: string },
  now: number,
): Promise<void> {
  if (rejectedAt !== undefined && now - rejectedAt < everyMs) return;
  const set = { rejectedAt: now, rejectedWhy: why, rejectedRequestId: requestId };
  await noted(table, tokenKey(id), { set, if: [{ is: "present" }] });
}

/** One item for all of them, so that an attack fills nothing; whoever calls this does so at most once a minute. */
export async function noteStranger(table: Table, { at, why, tokenId, requestId }: Stranger): Promise<void> {
  const set = {
    at,
    why,
    expires: expiresAfter(at, strangerDays),
    ...defined({ tokenId, requestId }),
  } as Attributes;
  await noted(table, strangerKey, { set, ...(tokenId === undefined ? { remove: ["tokenId"] } : {}) });
}

/** Errors: TableError. */
export async function readStranger(table: Table): Promise<Stranger | undefined> {
  const item = await table.get(strangerKey);
  if (item === undefined) return undefined;
  const { attributes: a } = item;
  return {
    at: number(a, "at") ?? 0,
    why: (text(a, "why") ?? "unknown") as Stranger["why"],
    ...defined({ tokenId: text(a, "tokenId"), requestId: text(a, "requestId") }),
  };
}

function firstName(first: First): string {
  return `first${first.slice(0, 1).toUpperCase()}${first.slice(1)}`;
}

/** No TableError leaves here. */
export async function noted(
  table: Table,
  key: ReturnType<typeof tokenKey>,
  change: { set: Attributes; setIfMissing?: Attributes; remove?: readonly string[]; if?: readonly Condition[] },
): Promise<void> {
  try {
    await table.write({ kind: "update", key, ...change });
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
  }
}
