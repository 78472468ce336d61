/**
 * Watching a new connection: what its identity provider does for the first time, and what goes wrong meanwhile.
 *
 * Four small reads every two seconds, of what requests leave anyway: the token's contact and the latest refusals.
 */
import { type First, firsts } from "../../provisioning/contact.ts";
import type { Refusal } from "../../provisioning/sighting.ts";
import { aborted } from "../aborted.ts";
import type { Operations } from "../operations.ts";
import { connectionState, type TurnedAway } from "./state.ts";

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
  | ({ readonly event: "turnedAway" } & Omit<TurnedAway, "kind">)
  /** All firsts have been seen. */
  | { readonly event: "complete"; readonly at: number };

const everyMs = 2_000;

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
  const awaySince = { token: since, stranger: since, address: since };
  const stopped = aborted(signal);
  for (;;) {
    const seen = await connectionState(o, tokenId, since);
    for (const first of firsts) {
      const at = seen.firsts[first];
      if (at === undefined || ticked.has(first)) continue;
      ticked.add(first);
      yield { event: "seen", first, at };
    }
    for (const refusal of seen.refusals) {
      if (told.has(refusal.requestId)) continue;
      told.add(refusal.requestId);
      yield eventOf(refusal);
    }
    for (const { kind, ...away } of seen.turnedAway) {
      if (away.at <= awaySince[kind]) continue;
      awaySince[kind] = away.at;
      yield { event: "turnedAway", ...away };
    }
    if (ticked.size === firsts.length) return yield { event: "complete", at: o.clock.now() };
    if (signal.aborted) return;
    await Promise.race([o.clock.sleep(everyMs), stopped]);
  }
}

function eventOf({ kind, at, requestId, status = 0, operation = "", name, detail = "" }: Refusal): ConnectEvent {
  const event = kind === "fault" ? "fault" : "refused";
  return { event, at, requestId, status, operation, detail, ...(name === undefined ? {} : { name }) };
}
