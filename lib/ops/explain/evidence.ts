/** What was seen, newest first: changes, sightings, what the worker did, and the contact as a whole. */
import type { Change, ChangeAlone } from "../../provisioning/change.ts";
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import { isObject, type JsonObject } from "../../scim/json.ts";
import { defined } from "../../provisioning/head.ts";
import type { Sighting } from "../../provisioning/sighting.ts";
import { isImport } from "../caller-text.ts";
import { type Found, nameOf } from "../find-resource.ts";
import { counted } from "../words.ts";
import type { EvidenceItem } from "./explanation.ts";
import type { Facts, Stored } from "./facts.ts";
import type { Heard } from "./heard.ts";
import { becauseOf, listed } from "./sentences.ts";
import { ignoredWords } from "../ignored-words.ts";

export function evidenceOf({ stored, sightings, heard, others }: Facts): EvidenceItem[] {
  const items = [
    ...(stored === undefined ? [] : [...stored.changes.map(acceptedItem), ...workItems(stored)]),
    ...sightings.map(sightingItem),
    ...contactItems(heard),
    ...others.map(otherItem),
  ];
  return items.sort((a, b) => b.at - a.at);
}

function acceptedItem({
  at,
  version,
  kind,
  requestId,
  tokenId,
  changed = {},
  delta,
  namesMembers,
  ignored = [],
}: ChangeAlone): EvidenceItem {
  const members = [
    ...(namesMembers && delta === undefined ? ["members: more than are counted here"] : []),
    ...(delta?.all === undefined ? [] : [`members: these ${delta.all.length}`]),
    ...(delta === undefined || delta.add.length === 0 ? [] : [`members +${delta.add.length}`]),
    ...(delta === undefined || delta.remove.length === 0 ? [] : [`members -${delta.remove.length}`]),
  ];
  const what = [...changedNames(changed), ...members];
  const left = ignored.map(({ path, reason }) => `${path} (${ignoredWords[reason]})`);
  return {
    at,
    kind: "accepted",
    what: `${kind === "create" && isImport(tokenId) ? "import" : kinds[kind]} accepted as version ${version}${what.length === 0 ? "" : `: ${listed(what, 8)}`}`,
    requestId,
    tokenId,
    ...(left.length === 0 ? {} : { detail: `not kept: ${listed(left, 8)}` }),
  };
}

/** `active` with its value: no other says so much with so little. */
export function changedNames(changed: JsonObject): string[] {
  return Object.entries(changed).flatMap(([name, value]) => {
    if (name === "active") return [`active: ${JSON.stringify(value)}`];
    // Of an extension, its attributes: a URN says little and is long.
    return name.startsWith("urn:") && isObject(value) ? Object.keys(value) : [name];
  });
}

const kinds: Readonly<Record<Change["kind"], string>> = {
  create: "create (POST)",
  replace: "replacement (PUT)",
  patch: "change (PATCH)",
  delete: "deletion (DELETE)",
  removeMembers: "removal of members by Rollcall",
};

function workItems({ head, entry, givenUp }: Stored): EvidenceItem[] {
  const { failure } = head;
  return [
    ...givenUp.map(({ at, reason, version }): EvidenceItem => {
      return { at, kind: "other", what: `version ${version} given up by an operator`, detail: reason };
    }),
    ...(entry === undefined
      ? []
      : [{ at: entry.appliedAt, kind: "applied", what: `version ${entry.version} applied: ${entry.state}` } as const]),
    ...(failure === undefined
      ? []
      : [
          {
            at: failure.at,
            kind: "failed",
            what: `version ${head.version} not applied: ${failure.code}, ${counted(failure.attempts, "attempt")}`,
            detail: failure.message,
          } as const,
        ]),
  ];
}

function sightingItem({
  kind,
  at,
  requestId,
  tokenId,
  attribute,
  operation,
  status,
  scimType,
  detail,
  id,
}: Sighting): EvidenceItem {
  const code = [status, scimType].filter((part) => part !== undefined).join(" ");
  const what = {
    lookedUp: `looked for by ${attribute}, nobody was found`,
    refused: `${operation ?? "request"} refused with ${code}`,
    fault: `${operation ?? "request"} failed with ${code}, a fault on our side`,
    ignored: `${operation ?? "request"} changed nothing, and held what is not kept`,
    released: `${attribute} given up by ${id ?? "its owner"}`,
  }[kind];
  return { at, kind, what, requestId, tokenId, ...defined({ status, detail }) };
}

function contactItems({ lastAt, lastTokenId, lastRequestId, rejected, besides, tokenless }: Heard): EvidenceItem[] {
  const last: EvidenceItem[] =
    lastAt === undefined
      ? []
      : [
          {
            at: lastAt,
            kind: "contact",
            what: "latest request that was let in, whomever it was about",
            ...defined({ requestId: lastRequestId, tokenId: lastTokenId }),
          },
        ];
  const turnedAway = [rejected ?? besides, tokenless].flatMap((rejection): EvidenceItem[] => {
    if (rejection === undefined) return [];
    const { at, requestId, tokenId, why } = rejection;
    const status = why === "address" ? 403 : 401;
    const what = `a request was not let in: ${becauseOf(rejection)}`;
    return [{ at, kind: "rejected", what, status, ...defined({ requestId, tokenId }) }];
  });
  return [...last, ...turnedAway];
}

function otherItem({ head, by }: Found): EvidenceItem {
  const { type, id, state, resource, lastModified } = head;
  const was = nameBeforeSoftDelete(resource);
  const how =
    state === "deleted"
      ? "deleted"
      : was !== undefined
        ? `deleted at the identity provider, and kept there for 30 days`
        : resource["active"] === false
          ? "inactive"
          : "active";
  const name = nameOf(head);
  return {
    at: lastModified,
    kind: "other",
    what: `another one of this name, by ${by}: ${type} ${id}${name === undefined ? "" : `, now ${name}`}, ${how}`,
  };
}
