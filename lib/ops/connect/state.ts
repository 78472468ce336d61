/**
 * How far a new connection is: what its identity provider has done for the first time, and what went wrong.
 *
 * Four small reads of what requests leave anyway: the token's contact, strangers and the latest refusals.
 */
import { type Contact, type First, readStranger, type Stranger } from "../../provisioning/contact.ts";
import { readRefusedAddress } from "../../provisioning/refused-address.ts";
import { readRefusals, type Refusal } from "../../provisioning/sighting.ts";
import { isAlive, isProviders, readToken, type StoredToken } from "../../provisioning/token.ts";
import { OperationError, type Operations } from "../operations.ts";

export interface ConnectionState {
  readonly token: StoredToken;
  /** Milliseconds since 1970, when it was seen first. */
  readonly firsts: { readonly [first in First]?: number };
  /** Requests of this token that were answered with an error, oldest first. */
  readonly refusals: readonly Refusal[];
  /** Who was not let in, with this token or with none of ours: the latest of each kind. */
  readonly turnedAway: readonly TurnedAway[];
}

export interface TurnedAway {
  readonly kind: "token" | "stranger" | "address";
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly why: NonNullable<Contact["rejectedWhy"]> | Stranger["why"] | "address";
  readonly address?: string;
}

type Store = Pick<Operations, "table" | "clock">;

/** Of one look: a first cycle may refuse thousands, and the page of a terminal is enough. */
const refusalsMost = 20;

/**
 * What has been seen, and of what went wrong that which happened after that; by default since the token was made.
 *
 * Errors: OperationError when there is no such token, or it ended; TableError.
 */
export async function connectionState(o: Store, tokenId: string, after?: number): Promise<ConnectionState> {
  const token = await aliveToken(o, tokenId);
  const since = after ?? token.createdAt;
  const refusals = await readRefusals(o.table, { since, most: refusalsMost });
  return {
    token,
    firsts: token.firsts,
    refusals: refusals.filter((refusal) => refusal.tokenId === tokenId).toReversed(),
    turnedAway: await turnedAwaySince(o, token, since),
  };
}

async function turnedAwaySince({ table, clock }: Store, token: StoredToken, since: number): Promise<TurnedAway[]> {
  const { id, rejectedAt, rejectedWhy: why = "wrongSecret" } = token;
  const stranger = await readStranger(table);
  const refused = await readRefusedAddress(table, clock.now());
  const all: TurnedAway[] = [
    ...(rejectedAt === undefined ? [] : [{ kind: "token" as const, at: rejectedAt, why }]),
    ...(stranger === undefined ? [] : [{ kind: "stranger" as const, at: stranger.at, why: stranger.why }]),
    ...(refused?.tokenId === id
      ? [{ kind: "address" as const, at: refused.at, why: "address" as const, address: refused.address }]
      : []),
  ];
  return all.filter(({ at }) => at > since);
}

async function aliveToken({ table, clock }: Store, id: string): Promise<StoredToken> {
  const token = await readToken(table, id);
  if (token === undefined) throw new OperationError(`There is no token "${id}"; \`npx rollcall token ls\` lists them.`);
  if (!isProviders(token))
    throw new OperationError(`Token "${id}" reads events alone: run connect without --token-id, which makes another.`);
  if (isAlive(token, clock.now())) return token;
  throw new OperationError(`Token "${id}" has ended, so nothing will be seen of it: run connect without --token-id.`);
}
