/**
 * Watching a new connection: what its identity provider does for the first time, and what goes wrong meanwhile.
 *
 * Four small reads every two seconds, of what requests leave anyway: the token's contact and the latest refusals.
 */
import { type Contact, type First, firsts, readStranger, type Stranger } from "../../provisioning/contact.ts";
import { readRefusedAddress } from "../../provisioning/refused-address.ts";
import { readRefusals, type Refusal } from "../../provisioning/sighting.ts";
import { isAlive, readToken } from "../../provisioning/token.ts";
import { OperationError, type Operations } from "../operations.ts";

/** Times are milliseconds since 1970. */
export type ConnectEvent =
  | { readonly event: "seen"; readonly first: First; readonly at: number }
  /** A request was answered with an error: of the caller's (`refused`), or of ours (`fault`). */
  | {
      readonly event: "refused" | "fault";
      readonly at: number;
      readonly requestId: string;
      readonly status: number;
      readonly operation: string;
      readonly name?: string;
      readonly detail: string;
    }
  /** Somebody was not let in: with this token, or with none of ours. */
  | {
      readonly event: "turnedAway";
      readonly at: number;
      readonly why: NonNullable<Contact["rejectedWhy"]> | Stranger["why"] | "address";
      readonly address?: string;
    }
  /** All firsts have been seen. */
  | { readonly event: "complete"; readonly at: number };

const everyMs = 2_000;
/** Of one look: a first cycle may refuse thousands, and the page of a terminal is enough. */
const refusalsMost = 20;

/**
 * What has been seen, and then what is seen, until all firsts are there or `signal` is aborted.
 *
 * Errors: OperationError when there is no such token, or it ended; TableError.
 */
export async function* watchConnection(
  o: Operations,
  tokenId: string,
  { since, signal }: { since: number; signal: AbortSignal },
): AsyncGenerator<ConnectEvent> {
  const ticked = new Set<First>();
  const told = new Set<string>();
  let rejectedAt = since;
  let strangerAt = since;
  let addressAt = since;
  const stopped = aborted(signal);
  for (;;) {
    const token = await aliveToken(o, tokenId);
    for (const first of firsts) {
      const at = token.firsts[first];
      if (at === undefined || ticked.has(first)) continue;
      ticked.add(first);
      yield { event: "seen", first, at };
    }
    for (const refusal of await refusalsOf(o, tokenId, since)) {
      if (told.has(refusal.requestId)) continue;
      told.add(refusal.requestId);
      yield eventOf(refusal);
    }
    if (token.rejectedAt !== undefined && token.rejectedAt > rejectedAt) {
      rejectedAt = token.rejectedAt;
      yield { event: "turnedAway", at: rejectedAt, why: token.rejectedWhy ?? "wrongSecret" };
    }
    const stranger = await readStranger(o.table);
    if (stranger !== undefined && stranger.at > strangerAt) {
      strangerAt = stranger.at;
      yield { event: "turnedAway", at: strangerAt, why: stranger.why };
    }
    const refused = await readRefusedAddress(o.table, o.clock.now());
    if (refused !== undefined && refused.tokenId === tokenId && refused.at > addressAt) {
      addressAt = refused.at;
      yield { event: "turnedAway", at: addressAt, why: "address", address: refused.address };
    }
    if (ticked.size === firsts.length) return yield { event: "complete", at: o.clock.now() };
    if (signal.aborted) return;
    await Promise.race([o.clock.sleep(everyMs), stopped]);
  }
}

async function aliveToken({ table, clock }: Operations, id: string): Promise<Contact> {
  const token = await readToken(table, id);
  if (token === undefined) throw new OperationError(`There is no token "${id}"; \`npx rollcall token ls\` lists them.`);
  if (isAlive(token, clock.now())) return token;
  throw new OperationError(`Token "${id}" has ended, so nothing will be seen of it: run connect without --token-id.`);
}

/** Oldest first. */
async function refusalsOf({ table }: Operations, tokenId: string, since: number): Promise<Refusal[]> {
  const all = await readRefusals(table, { since, most: refusalsMost });
  return all.filter((refusal) => refusal.tokenId === tokenId).toReversed();
}

function eventOf({ kind, at, requestId, status = 0, operation = "", name, detail = "" }: Refusal): ConnectEvent {
  const event = kind === "fault" ? "fault" : "refused";
  return { event, at, requestId, status, operation, detail, ...(name === undefined ? {} : { name }) };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
