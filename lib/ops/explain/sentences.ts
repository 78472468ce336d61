/** Halves of sentences that steps and verdicts share. */
import type { Change } from "../../provisioning/change.ts";
import type { Json } from "../../scim/json.ts";
import { isImport } from "../caller-text.ts";
import { nameOf } from "../find-resource.ts";
import { type IdpWords, idpWords } from "../idp/idp.ts";
import { age, moment, upperFirst } from "../words.ts";
import type { Facts } from "./facts.ts";
import type { Heard, Rejection } from "./heard.ts";

/** What a person calls the subject. */
export function labelOf({ word, stored }: Facts): string {
  return (stored && nameOf(stored.head)) ?? word;
}

/** The identity provider of the subject's own requests, else of the tenant. */
export function idpOf({ stored, sightings, heard }: Facts): string | undefined {
  const ofChanges = stored?.changes.find(({ dialect }) => dialect !== undefined)?.dialect;
  return ofChanges ?? sightings.find(({ dialect }) => dialect !== undefined)?.dialect ?? heard.idp;
}

export function isGroup({ type, stored, sightings }: Facts): boolean {
  return (stored?.head.type ?? type ?? sightings[0]?.type) === "Group";
}

/** Of the subject's identity provider; about a group those for groups stand where those for a person do. */
export function wordsOf(facts: Facts): IdpWords {
  const words = idpWords(idpOf(facts));
  if (!isGroup(facts)) return words;
  // A place below the users has no group in it.
  const { evidence } = words.evidence.startsWith("Users ") ? idpWords(undefined) : words;
  return {
    ...words,
    assign: words.groups,
    forceOneUser: words.forceAll,
    evidence: evidence.replaceAll("the person", "the group"),
  };
}

/** `person`, or `group` */
export function kindOf(facts: Facts): "person" | "group" {
  return isGroup(facts) ? "group" : "person";
}

/** At the beginning of a sentence. */
export function titleOf(words: IdpWords): string {
  return upperFirst(words.title);
}

/** `3 min ago` */
export function ago({ now }: Pick<Facts, "now">, at: number): string {
  return `${age(now - at)} ago`;
}

/** `at 2026-11-23 14:05:09 UTC, 3 min ago` */
export function whenOf(facts: Pick<Facts, "now">, at: number): string {
  return `at ${moment(at)}, ${ago(facts, at)}`;
}

/** As JSON, so that a text is told from a number; cut where it is long. */
export function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > valueMost ? `${text.slice(0, valueMost)}…` : text;
}

const valueMost = 120;

/** The latest change that the identity provider made, not Rollcall itself or an import. */
export function lastWord(changes: readonly Change[]): Change | undefined {
  return changes.find(({ tokenId }) => tokenId !== ownTokenId && !isImport(tokenId));
}

/** Of changes that Rollcall makes itself, such as taking a deleted member out of a group. */
const ownTokenId = "rollcall";

export function verbOf({ kind, tokenId }: Change): string {
  if (kind === "create" && isImport(tokenId)) return "was imported";
  return verbs[kind];
}

const verbs: Readonly<Record<Change["kind"], string>> = {
  create: "was created",
  replace: "was replaced as a whole (PUT)",
  patch: "was changed (PATCH)",
  delete: "was deleted",
  removeMembers: "lost members that are no more",
};

/** Why it is not let in: the second half of "because …". */
export function becauseOf({ why, tokenId, isClient, address = "an address" }: Rejection): string {
  const token = `${isClient === true ? "OAuth client" : "token"}${tokenId === undefined ? "" : ` "${tokenId}"`}`;
  switch (why) {
    case "expired":
      return `its ${token} has expired`;
    case "revoked":
      return `its ${token} was revoked`;
    case "wrongSecret":
      return isClient === true
        ? `the ${token} has another secret than the one that it shows: that was copied in part, or replaced`
        : `the ${token} that it shows has another secret: it was copied in part, or replaced`;
    case "unknown":
      return `the ${token} that it shows is not known here: it is another tenant's, or was removed`;
    case "malformed":
      return "what it shows as its token is none: a token has the form rc_<id>_<secret>";
    case "address":
      return `it calls from ${address}, which allowFrom of the tenant file did not name`;
    case "missing":
      return "it shows no token";
  }
}

export function isSilent({ lastAt, rhythm }: Heard, now: number): boolean {
  return lastAt === undefined || now - lastAt > rhythm.silentMs;
}

/** `name.givenName and title`, `a, b and 3 more` */
export function listed(names: readonly string[], most = 6): string {
  if (names.length > most) return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
