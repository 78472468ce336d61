/** Is somebody turned away who should come in? */
import { lastContact, type RejectedWhy } from "../../provisioning/contact.ts";
import { isAlive, type StoredToken } from "../../provisioning/token.ts";
import { isAnotherLetIn } from "../idp/let-in.ts";
import { age } from "../words.ts";
import type { Check } from "./check.ts";
import { day, type Facts } from "./facts.ts";
import { clientPlace, newClientCommand, newTokenCommand, tokenPlace } from "../idp/new-token.ts";

const why: Readonly<Record<RejectedWhy, string>> = {
  expired: "which has expired",
  revoked: "which was revoked",
  wrongSecret: "with a secret that is not its own",
};

export function letInCheck(facts: Facts): Check {
  const { tokens, stranger, now } = facts;
  const newest = Math.max(0, ...tokens.map((token) => lastContact(token) ?? 0));
  const rejected = tokens
    .filter((token) => isUnsolved(token) && isCurrent(token.rejectedAt ?? 0, newest, now))
    .sort((a, b) => (b.rejectedAt ?? 0) - (a.rejectedAt ?? 0));
  const [token] = rejected;
  if (token !== undefined) return rejectedCheck(facts, token, newest);
  if (stranger !== undefined && isCurrent(stranger.at, newest, now)) return strangerCheck(facts, newest);
  return { name: "let in", state: "ok", summary: "Nobody was turned away in the last day." };
}

/** One that was let in since was pasted again. */
function isUnsolved(token: StoredToken): boolean {
  const { rejectedAt } = token;
  return rejectedAt !== undefined && (lastContact(token) ?? 0) <= rejectedAt;
}

/** Of the last day; or the last that was heard at all, however long ago: then it is why nothing comes. */
export function isCurrent(at: number, newestContact: number, now: number): boolean {
  return at > now - day || isAlone(at, newestContact);
}

/** Nobody was let in after it. Contact is noted once a minute, so whoever came before may have come again within that. */
export function isAlone(at: number, newestContact: number): boolean {
  return at > newestContact + 60_000;
}

function rejectedCheck({ tokens, now }: Facts, token: StoredToken, newest: number): Check {
  const { id, label, isClient, rejectedAt = 0, rejectedWhy = "revoked" } = token;
  // Since the last request that was let in, nothing else was: it is not an old copy somewhere, it is the one in use.
  const all = isAlone(rejectedAt, newest) && !isAnotherLetIn(tokens, id, now);
  return {
    name: "let in",
    state: all ? "failure" : "warning",
    summary: `A request ${isClient === true ? "of OAuth client" : "with token"} ${id} ("${label}"), ${why[rejectedWhy]}, was turned away ${age(now - rejectedAt)} ago${all ? "; since then nobody was let in" : ""}.`,
    since: token.expiresAt !== undefined && rejectedWhy === "expired" ? token.expiresAt : rejectedAt,
    ...cureOf(token, rejectedWhy === "wrongSecret" && isAlive(token, now), all),
  };
}

/** `isPasted`: it is good, and was not pasted as it is. One that ended since cannot be pasted again. */
function cureOf(
  { id, idp, isClient }: StoredToken,
  isPasted: boolean,
  all: boolean,
): Required<Pick<Check, "action" | "command">> {
  if (isClient === true)
    return isPasted
      ? {
          action: `Paste id and secret again, whole, into ${clientPlace(idp)}. The secret was shown once; where it is lost, make another.`,
          command: `client rotate ${id}`,
        }
      : {
          action: `Make a client and paste its id and secret into ${clientPlace(idp)}. ${endOf(all)}`,
          command: newClientCommand(idp),
        };
  return {
    action: isPasted
      ? `Paste it again, whole, into ${tokenPlace(idp)}. It was shown once; where it is lost, make another.`
      : `Make a token and paste it into ${tokenPlace(idp)}. ${endOf(all)}`,
    command: newTokenCommand(idp),
  };
}

/** Whoever mends it looks again at once, and must not take it for unmended. */
function endOf(isFailure: boolean): string {
  const last = "a day after the old one was shown for the last time";
  return isFailure ? `Once the new one is used, this is a warning, which ends ${last}.` : `This ends ${last}.`;
}

function strangerCheck({ tokens, stranger, now }: Facts, newest: number): Check {
  const { at = 0, why = "unknown", tokenId } = stranger ?? {};
  const what = {
    missing: "without a token",
    malformed: "with something that is no token of ours by its form",
    unknown: `with a token that is not known here${tokenId === undefined ? "" : ` (${tokenId})`}`,
  }[why];
  const all = isAlone(at, newest) && !isAnotherLetIn(tokens, undefined, now);
  return {
    name: "let in",
    // Anybody may knock at a public address; only when nobody else comes is it likely to be the identity provider.
    state: all ? "warning" : "ok",
    summary: `A request ${what} was turned away ${age(now - at)} ago${all ? "; since then nobody was let in" : ", others were let in since"}.`,
    ...(all
      ? {
          since: at,
          action: "If that is the identity provider, paste its token again, whole, without spaces and without Bearer.",
          command: "token ls",
        }
      : {}),
  };
}
