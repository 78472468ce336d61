/**
 * Where everything stands in the two tables. Nothing else in the program writes a key by hand.
 *
 * Ids are UUIDv4, so their first hex digit spreads heads over sixteen partitions of equal size.
 */
import type { Key } from "./ports.ts";

/** In the order in which a list walks them. */
export const shards: readonly string[] = "0123456789abcdef".split("");

const scim = (pk: string, sk: string): Key => ({ table: "scim", pk, sk });
const directory = (pk: string, sk: string): Key => ({ table: "directory", pk, sk });
const events = (pk: string, sk: string): Key => ({ table: "events", pk, sk });

export function headPartition(type: string, shard: string): string {
  return `${type}#${shard}`;
}

/**
 * False for what is surely no id of ours. DynamoDB refuses to look for a key of more than 1,024 bytes, and a delta's text
 * has marks between its ids: such a text must reach neither.
 */
export function isPossibleId(id: string): boolean {
  return /^[A-Za-z0-9-]{1,64}$/.test(id);
}

/** An id that is not one of ours has a key too: nothing stands there. */
export function headKey(type: string, id: string): Key {
  return isPossibleId(id)
    ? scim(headPartition(type, id.slice(0, 1).toLowerCase()), id)
    : scim(headPartition(type, "-"), "-");
}

const logPrefix = "Log#";

export function logPartition(id: string): string {
  return `${logPrefix}${id}`;
}

/** Whose change a log item is. */
export function loggedId(pk: string): string {
  return pk.slice(logPrefix.length);
}

/** Ten digits, so that text order is number order. */
export function logSortKey(version: number): string {
  return String(version).padStart(10, "0");
}

export function logKey(id: string, version: number): Key {
  return scim(logPartition(id), logSortKey(version));
}

/** An operator's decisions about the resource, by time. */
export function givenUpPartition(id: string): string {
  return `GivenUp#${id}`;
}

export function givenUpKey(id: string, at: number): Key {
  return scim(givenUpPartition(id), timeSortKey(at));
}

/** A chunk is named by its request, not by its version: two writers that race for one version must not overwrite each other. */
export function deltaKey(id: string, requestId: string, chunk: number): Key {
  return scim(`Delta#${id}#${requestId}#${chunk}`, "-");
}

export function claimKey(type: string, attribute: string, value: string): Key {
  return scim(`Claim#${type}.${attribute}#${value}`, "-");
}

export function lookupPartition(type: string, attribute: string, value: string): string {
  return `Lookup#${type}.${attribute}#${value}`;
}

export function lookupKey(type: string, attribute: string, value: string, id: string): Key {
  return scim(lookupPartition(type, attribute, value), id);
}

export function countPartition(type: string): string {
  return `Count#${type}`;
}

const placePrefix = "id#";

/**
 * By the first two digits of the id: creates seldom meet on one item, and a list can pass over all that begin with the same
 * two without reading them.
 */
export function countKey(type: string, id: string): Key {
  return scim(countPartition(type), `${placePrefix}${id.slice(0, 2)}`);
}

/** The two digits; undefined for a count of before they were kept so, by chance. */
export function countPlace(sortKey: string): string | undefined {
  return sortKey.startsWith(placePrefix) ? sortKey.slice(placePrefix.length) : undefined;
}

export const gonePartition = "Gone";

export function goneKey(id: string): Key {
  return scim(gonePartition, id);
}

export const tenantPartition = "Tenant";

export function tokenKey(tokenId: string): Key {
  return scim(tenantPartition, `Token#${tokenId}`);
}

/** An access token of an OAuth client, by its hash. */
export function accessTokenKey(hash: string): Key {
  return scim(`Access#${hash}`, "-");
}

/** An assertion that a client has shown: it is good once. `hash`: of its `jti`, which may be any text. */
export function assertionKey(clientId: string, hash: string): Key {
  return scim(`Assertion#${clientId}#${hash}`, "-");
}

/** How often a client secret that came from there was wrong, in a row. */
export function wrongSecretsKey(network: string): Key {
  return scim(`WrongSecrets#${network}`, "-");
}

/** Requests that no stored token stands behind: one item, so that an attack makes no more. */
export const strangerKey: Key = scim(tenantPartition, "Stranger");

/** Who was turned away because of the address: one item, too. */
export const refusedAddressKey: Key = scim(tenantPartition, "RefusedAddress");

/** What came in an hour of UTC, `2026-11-24T16`, as counts. */
export function trafficKey(hour: string): Key {
  return scim(tenantPartition, `${trafficPrefix}${hour}`);
}

export const trafficPrefix = "Traffic#";

/** Whoever was asked for, refused or renamed. `identifier` is folded: whoever looks has it in any letter case. */
export function sightingPartition(identifier: string): string {
  return `Sighting#${identifier}`;
}

export function sightingKey(identifier: string, at: number, requestId: string): Key {
  return scim(sightingPartition(identifier), `${timeSortKey(at)}#${requestId}`);
}

/** The latest refusals and faults, whoever they were about. */
export const refusedPartition = "Refused";

export function refusalKey(at: number, requestId: string): Key {
  return scim(refusedPartition, `${timeSortKey(at)}#${requestId}`);
}

/** Whoever has left, as the directory has it, by when the identity provider said so. */
export const leaversPartition = "Leavers";

export function leaverKey(leftAt: number, id: string): Key {
  return scim(leaversPartition, `${timeSortKey(leftAt)}#${id}`);
}

export const brakeKey: Key = scim(tenantPartition, "Brake");

export const importPartition = "Import";

/** How far an import is, and what became of it. */
export function importKey(importId: string): Key {
  return scim(importPartition, importId);
}

/** When the sweeper ran last. */
export const sweepKey: Key = scim(tenantPartition, "Sweep");

/** That tables which were restored were mended, and from which moment on. */
export const restoredKey: Key = scim(tenantPartition, "Restored");

/** What the last look for orphans found. */
export const orphansKey: Key = scim(tenantPartition, "Orphans");

/** Thirteen digits, so that text order is time order until the year 2286. */
export function timeSortKey(at: number): string {
  return String(at).padStart(13, "0");
}

export const cursorSecretKey: Key = scim(tenantPartition, "CursorKey");

/** Where the page that begins at `startIndex` of a list begins in key order. */
export function bookmarkKey(type: string, startIndex: number): Key {
  return scim(`Bookmark#${type}`, String(startIndex));
}

/**
 * In the sparse index: heads that wait for the worker (`leaver`: before all others, `due`), for the operator, or for a new
 * word of the identity provider.
 */
export type WaitKind = "leaver" | "due" | "parked" | "given";

/** Leavers are few, and each shard is a read a minute. */
const leaverShards = 4;

export function waitKey(kind: WaitKind, id: string): string {
  return indexKey(kind, id, kind === "leaver" ? leaverShards : shards.length);
}

/** All that `waitKey` gives for a kind. */
export function waitKeys(kind: WaitKind): string[] {
  return [...new Set(shards.map((shard) => waitKey(kind, shard)))];
}

/** DynamoDB takes 1,000 writes a second under one key of an index, and what is accepted comes in the order of time. */
const acceptedShards = 4;

/** In the same index: the log items of all resources, by when they were accepted. */
export function acceptedKey(id: string): string {
  return indexKey("accepted", id, acceptedShards);
}

function indexKey(name: string, id: string, count: number): string {
  return `${name}#${(Number.parseInt(id.slice(0, 1), 16) || 0) % count}`;
}

/** All that `acceptedKey` gives. */
export const acceptedKeys: readonly string[] = [...new Set(shards.map(acceptedKey))];

// ---------------------------------------------------------------- Directory table: a public interface, see docs/directory-schema.md

export function entryPartition(type: string, id: string): string {
  return `${type}#${id}`;
}

export function entryKey(type: string, id: string): Key {
  return directory(entryPartition(type, id), "Entry");
}

export const memberPrefix = "Member#";

export function memberKey(groupId: string, memberId: string): Key {
  return directory(entryPartition("Group", groupId), `${memberPrefix}${memberId}`);
}

export const reversePrefix = "Group#";

/** The reverse of a membership, beside the member's own entry. */
export function reverseKey(memberType: string, memberId: string, groupId: string): Key {
  return directory(entryPartition(memberType, memberId), `${reversePrefix}${groupId}`);
}

export function directoryLookupKey(attribute: string, value: string, id: string): Key {
  return directory(`Lookup#${attribute}#${value}`, id);
}

/** What the last step of a group's walk changed; overwritten by the next one. Its stream tells each of them. */
export const stepSortKey = "Step";

export function stepKey(groupId: string): Key {
  return directory(entryPartition("Group", groupId), stepSortKey);
}

// ---------------------------------------------------------------- Events table: what was told, and the feed

/** So many events stand under one partition key: a page of the feed is read from one or two of them. */
export const feedBucketEvents = 1_000;

export function feedPartition(position: number): string {
  return `Feed#${String(Math.floor((position - 1) / feedBucketEvents)).padStart(9, "0")}`;
}

/** Positions count from 1. */
export function feedSortKey(position: number): string {
  return String(position).padStart(12, "0");
}

export function feedKey(position: number): Key {
  return events(feedPartition(position), feedSortKey(position));
}

/** The position of the last event of the feed. */
export const feedHeadKey: Key = events("Feed", "Head");

/** Up to which position the sinks' queues have it. */
export const feedQueuedKey: Key = events("Feed", "Queued");

/** Where a search for what the stream lost stands. */
export const catchUpKey: Key = events("Feed", "CatchUp");

/** Subjects of which something could not be told: by their names, until they are told anew. */
export const behindPartition = "Behind";

export function behindKey(subject: string): Key {
  return events(behindPartition, subject);
}

/** What was told last of a subject. */
export function toldKey(subject: string): Key {
  return events(toldPartition(subject), "Told");
}

export function toldPartition(subject: string): string {
  return `Told#${subject}`;
}

const answerPrefix = "Sink#";

/** What a sink answered last about a subject. */
export function answerKey(subject: string, sink: string): Key {
  return events(toldPartition(subject), `${answerPrefix}${sink}`);
}

export const sinkPartition = "Sink";

/** A sink's secrets, and what it answered last. */
export function sinkKey(sink: string): Key {
  return events(sinkPartition, sink);
}
