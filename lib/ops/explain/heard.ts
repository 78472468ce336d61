/** What was heard of the identity provider as a whole: when last, how regularly, and whether it is turned away. */
import { lastContact, readStranger, type Stranger } from "../../provisioning/contact.ts";
import { defined } from "../../provisioning/head.ts";
import { type RefusedAddress, readRefusedAddress } from "../../provisioning/refused-address.ts";
import { isAlive, isProviders, listTokens, type StoredToken } from "../../provisioning/token.ts";
import { readTraffic, sumOf, type Traffic } from "../../provisioning/traffic.ts";
import { idpWords } from "../idp/idp.ts";
import { isAnotherLetIn } from "../idp/let-in.ts";
import { type Rhythm, rhythmOf } from "../idp/rhythm.ts";
import type { Operations } from "../operations.ts";

/** A request that was not let in. */
export interface Rejection {
  /** Milliseconds since 1970, as all times here. */
  readonly at: number;
  /** `address`: the tenant may not be asked from there. */
  readonly why: NonNullable<StoredToken["rejectedWhy"]> | Stranger["why"] | "address";
  readonly address?: string;
  readonly tokenId?: string;
  /** What has that id is an OAuth client. */
  readonly isClient?: true;
  readonly requestId?: string;
}

export interface Heard {
  /** How many tokens there are that are let in. */
  readonly alive: number;
  /** The identity provider of the token that was used last, if one was recognised. */
  readonly idp?: string;
  /** The identity provider's latest request that was let in: to the minute. */
  readonly lastAt?: number;
  readonly lastTokenId?: string;
  readonly lastRequestId?: string;
  /** Of that token. */
  readonly rhythm: Rhythm;
  /** The latest request that was not let in, if it is later than all that were, and nothing says that others still are. */
  readonly rejected?: Rejection;
  /** One token is not let in, although others are. */
  readonly besides?: Rejection;
  /** The latest request that showed no token at all: a browser, a scanner, or an empty field. */
  readonly tokenless?: Rejection;
  /** Requests since `trafficSince`, which is when the first of them came, to the hour. */
  readonly traffic: Traffic;
  readonly trafficSince: number;
}

const day = 86_400_000;
const hourMs = 3_600_000;
/** A token that nobody shows any more needs no mending. */
const besidesMs = 7 * day;

/** Four reads. Errors: TableError. */
export async function readHeard({
  table,
  tenant,
  clock,
}: Pick<Operations, "table" | "tenant" | "clock">): Promise<Heard> {
  const now = clock.now();
  const kept = now - tenant.evidenceDays * day;
  const [all, stranger, refused, hours] = await Promise.all([
    listTokens(table),
    readStranger(table),
    readRefusedAddress(table, now),
    readTraffic(table, kept),
  ]);
  const tokens = all.filter(isProviders);
  const used = usedOf(tokens);
  const [last] = used;
  const own = ownOf(used, now);
  const idp =
    own?.token.idp ?? [...used.map(({ token }) => token), ...tokens].find((one) => one.idp !== undefined)?.idp;
  const rejectionsOf = (token: StoredToken) => [...rejectionOf(token), ...outsideOf(token, refused)];
  const rejections = [...tokens.flatMap(rejectionsOf), ...(stranger === undefined ? [] : [stranger])].sort(
    (a, b) => b.at - a.at,
  );
  const besides = tokens.flatMap((token) =>
    rejectionsOf(token).filter(({ at }) => at > (lastContact(token) ?? 0) && now - at < besidesMs),
  );
  const later = rejections.filter(({ at, tokenId }) => {
    if (last !== undefined && at <= last.at) return false;
    return !isAnotherLetIn(tokens, tokenId, now);
  });
  return {
    alive: tokens.filter((token) => isAlive(token, now)).length,
    rhythm: rhythmOf(idpWords(idp), own?.token.cycles ?? []),
    traffic: sumOf(hours),
    // Of a tenant that is younger than its evidence may be, nothing is known of the time before.
    trafficSince: Math.max(kept, beginningOf(hours[0]?.at ?? now, tokens)),
    ...defined({
      idp,
      lastAt: own?.at,
      lastTokenId: own?.token.id,
      lastRequestId: own?.token.requestId,
      // Anybody on the internet may call without a token: that alone says nothing about the identity provider.
      rejected: later.find(({ why }) => why !== "missing"),
      besides: besides.sort((a, b) => b.at - a.at)[0],
      tokenless: later.find(({ why }) => why === "missing"),
    }),
  };
}

/** Traffic is counted by the hour; before there was a token nothing came. `hour`: when the first counted one began. */
function beginningOf(hour: number, tokens: readonly StoredToken[]): number {
  const first = Math.min(...tokens.map(({ createdAt }) => createdAt));
  return first > hour && first < hour + hourMs ? first : hour;
}

interface Used {
  readonly token: StoredToken;
  readonly at: number;
}

/** The latest first. */
function usedOf(tokens: readonly StoredToken[]): Used[] {
  return tokens
    .flatMap((token) => {
      const at = lastContact(token);
      return at === undefined ? [] : [{ token, at }];
    })
    .sort((a, b) => b.at - a.at);
}

/** The identity provider's own: a trial by hand with another token does not say that it called. */
function ownOf(used: readonly Used[], now: number): Used | undefined {
  const alive = used.filter(({ token }) => isAlive(token, now));
  const current = alive.length > 0 ? alive : used;
  return current.find(({ token }) => token.idp !== undefined) ?? current[0];
}

function rejectionOf({ id, isClient, rejectedAt, rejectedWhy, rejectedRequestId }: StoredToken): Rejection[] {
  if (rejectedAt === undefined || rejectedWhy === undefined) return [];
  return [{ at: rejectedAt, why: rejectedWhy, tokenId: id, ...defined({ isClient, requestId: rejectedRequestId }) }];
}

/** With a token that nobody here made, anybody may knock from anywhere. */
function outsideOf({ id }: StoredToken, refused: RefusedAddress | undefined): Rejection[] {
  return refused?.tokenId === id ? [{ ...refused, why: "address" }] : [];
}
