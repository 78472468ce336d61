/**
 * Is the identity provider let in, although somebody is turned away? A client that was forgotten, such as a staging system
 * with an expired token, says nothing about the one that provisions.
 */
import { lastContact } from "../../provisioning/contact.ts";
import { isAlive, type StoredToken } from "../../provisioning/token.ts";
import { idpWords } from "./idp.ts";
import { rhythmOf } from "./rhythm.ts";

/** A cycle of Entra's, and a little: who was let in so lately still is. */
const lateMs = 3_600_000;

/** `tokenId`: of the token that is turned away; absent where the text has not even the form of one. */
export function isAnotherLetIn(tokens: readonly StoredToken[], tokenId: string | undefined, now: number): boolean {
  const rejected = tokens.find(({ id }) => id === tokenId);
  return tokens.some((token) => {
    const at = lastContact(token);
    if (at === undefined || token.id === tokenId || !isAlive(token, now)) return false;
    if (now - at < lateMs) return true;
    // Whoever tries out addresses on the internet sends such texts: no reason to doubt one who is quiet as usual.
    if (tokenId === undefined) return isQuietAsUsual(token, now);
    return rejected !== undefined && hasTakenOver(token, rejected, now);
  });
}

/** It provisions, and is no more silent than it usually is. A connection test alone does not write. */
function isQuietAsUsual(token: StoredToken, now: number): boolean {
  return token.writeAt !== undefined && now - (lastContact(token) ?? 0) <= silentMsOf(token);
}

/** And was let in later than the one that is turned away. */
function hasTakenOver(token: StoredToken, rejected: StoredToken, now: number): boolean {
  return isQuietAsUsual(token, now) && (lastContact(token) ?? 0) > (lastContact(rejected) ?? 0);
}

function silentMsOf({ idp, cycles }: StoredToken): number {
  return rhythmOf(idpWords(idp), cycles).silentMs;
}
