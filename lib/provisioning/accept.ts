/**
 * Accept: one change of one resource, durably and atomically, then a pointer to the lane.
 *
 * One transaction writes head (IF version = n), log, claims, lookups and count. The lock stands on the head, which is
 * never removed while a slow writer may come back (trap 1).
 */
import { ScimError } from "../scim/error.ts";
import type { Ignored, Resource, ResourceType } from "../scim/schema.ts";
import { expiresAfter } from "./expiry.ts";
import { asRead } from "./as-read.ts";
import { pausesOf } from "./backoff.ts";
import { type ChangeKind, changeAttributes, difference, isCaller, readChanges } from "./change.ts";
import { defined, dueKey, type Head, readHead } from "./head.ts";
import { goneMark } from "./gone-mark.ts";
import { claimsOf } from "./index-entries.ts";
import { findNeverClaimed, indexWrites, refuseTakenClaims } from "./index-writes.ts";
import { acceptedKey, countKey, headKey, logKey } from "./keys.ts";
import { eachOf } from "./in-parallel.ts";
import { isEmptyDelta, type MemberDelta } from "./member-delta.ts";
import { type LaneName, LaneError, type Put, TableError, type Update, type Value } from "./ports.ts";
import { sightingPut } from "./sighting.ts";
import type { Caller, Provisioning } from "./state.ts";
import { sweepAfterMs } from "./waiting-attributes.ts";

/** How a resource is to look after the change, computed from the head that was read. */
export interface Draft {
  readonly kind: ChangeKind;
  readonly state: "live" | "deleted";
  readonly resource: Resource;
  readonly delta?: MemberDelta;
  readonly ignored: readonly Ignored[];
  readonly lane: LaneName;
}

/** What is asked for is so already; what could not be kept of it may be the reason. */
export interface Unchanged {
  readonly kind: "unchanged";
  readonly ignored: readonly Ignored[];
}

export interface AcceptRequest {
  readonly type: ResourceType;
  readonly id: string;
  readonly caller: Caller;
  readonly creating?: boolean;
  /** 412 when it does not hold for the version that is there. */
  readonly ifMatch?: (version: number) => boolean;
  /** Called again after a lost race. Throws a ScimError to refuse. */
  readonly decide: (head: Head) => Promise<Draft | Unchanged>;
}

export interface Accepted {
  readonly head: Pick<Head, "id" | "resource" | "version" | "created" | "lastModified">;
  readonly changed: boolean;
  /** The change deactivated or deleted somebody who was active. */
  readonly left: boolean;
  /** Of a request that changed nothing: no log item tells of it. */
  readonly ignored?: readonly Ignored[];
  /** False: the lane did not take the pointer; the sweeper will send it. */
  readonly enqueued: boolean;
}

/**
 * After so long nothing is written any more. The function that was to answer may have given up (28 s) and been frozen:
 * when it wakes with the next request, this change must not overwrite what was accepted meanwhile.
 */
const writeWithinMs = 20_000;

/** Chunks of a large delta: a request of the largest size has eight. */
const chunksAtOnce = 4;

/** What earlier attempts of a request have found out. */
interface Known {
  /** Claims that the resource should have and does not: it was accepted before its attribute became unique. */
  readonly neverClaimed: Set<string>;
  /** Chunks of the delta that are stored, by their partition. */
  readonly chunksWritten: Map<string, Value | undefined>;
}

/**
 * Accepts a change, or finds that it changes nothing.
 *
 * Errors: ScimError 404, 409 `uniqueness`, 412, 503 with Retry-After when the race was lost for 8 s, and what `decide` throws.
 */
export async function accept(p: Provisioning, request: AcceptRequest): Promise<Accepted> {
  const lost = new Map<number, Accepted["head"]>();
  const end = Math.min(p.clock.now() + writeWithinMs, request.caller.writeBefore ?? Number.POSITIVE_INFINITY);
  const known: Known = { neverClaimed: new Set(), chunksWritten: new Map() };
  for await (const _attempt of pausesOf(p, { firstMs: 20, mostMs: 500, times: 15, forMs: 8_000 })) {
    let writing: Head | undefined;
    if (p.clock.now() > end) break;
    try {
      const head = (await readHead(p.table, request.type.id, request.id)) ?? newHead(request, p.clock.now());
      const own = await ownChange(p, request, head, lost);
      if (own !== undefined) return await accepted(p, request, own, "changes", false);
      refuseWhatIsNotThere(request, head);
      const draft = await request.decide(head);
      if (draft.kind === "unchanged") {
        await takeImportMarkOff(p, request, head);
        return { head, changed: false, left: false, enqueued: true, ignored: draft.ignored };
      }
      const now = p.clock.now();
      if (now > end) break;
      const { resource, state } = draft;
      writing = {
        ...head,
        resource,
        state,
        version: head.version + 1,
        lastModified: now,
        created: head.version === 0 ? now : head.created,
      };
      await write(p, request, head, draft, now, known);
      return await accepted(p, request, writing, draft.lane, isLeaver(head, draft));
    } catch (error) {
      // Only another release can read it: to try again is of no use.
      if (!(error instanceof TableError) || error.kind === "newer") throw error;
      if (error.kind === "lost" && writing !== undefined) lost.set(writing.version, writing);
    }
  }
  throw new ScimError(
    503,
    undefined,
    `${request.type.name} "${request.id}" could not be changed in time; send the request again`,
    {
      headers: { "retry-after": "2" },
    },
  );
}

async function accepted(
  p: Provisioning,
  request: AcceptRequest,
  head: Accepted["head"],
  lane: LaneName,
  left: boolean,
): Promise<Accepted> {
  const pointer = { type: request.type.id, id: request.id, version: head.version };
  try {
    await p.lanes[lane].send(pointer);
    return { head, changed: true, left, enqueued: true };
  } catch (error) {
    // The change is durable and marked as pending: the identity provider gets its 2xx, the sweeper sends the pointer.
    if (error instanceof LaneError) return { head, changed: true, left, enqueued: false };
    throw error;
  }
}

function newHead({ type, id }: AcceptRequest, now: number): Head {
  const none = { version: 0, applied: 0, since: 0, closedAt: 0, stepAt: 0 };
  return { type: type.id, id, state: "live", resource: {}, created: now, lastModified: now, ...none };
}

function refuseWhatIsNotThere({ type, id, creating, ifMatch }: AcceptRequest, head: Head): void {
  if (creating !== true && (head.version === 0 || head.state === "deleted")) throw notFound(type, id);
  if (ifMatch !== undefined && !ifMatch(head.version)) {
    throw new ScimError(
      412,
      undefined,
      `${type.name} "${id}" is now at version W/"${head.version}"; read it and send the change again`,
    );
  }
}

export function notFound(type: ResourceType, id: string): ScimError {
  return new ScimError(404, undefined, `${type.name} "${id.slice(0, 64)}" does not exist`);
}

/**
 * A lost answer may have been a success: then our request id is in the log (trap 6).
 *
 * Errors: TableError "conflict" while the head shows a version whose log item is not yet visible: it may be ours (trap 2).
 */
async function ownChange(
  p: Provisioning,
  { id, caller }: AcceptRequest,
  head: Head,
  lost: ReadonlyMap<number, Accepted["head"]>,
): Promise<Accepted["head"] | undefined> {
  const versions = [...lost.keys()].filter((version) => version <= head.version);
  if (versions.length === 0) return undefined;
  const changes = await readChanges(p.table, id, Math.min(...versions) - 1, Math.max(...versions));
  if (versions.some((version) => !changes.some((change) => change.version === version))) {
    throw new TableError("conflict", `the log of ${id} is not yet visible up to version ${Math.max(...versions)}`);
  }
  const own = changes.find((change) => isCaller(change, caller));
  return own && lost.get(own.version);
}

/** The identity provider has found an imported resource to be as it wants it: an import must not take that one back. */
async function takeImportMarkOff(p: Provisioning, { type, id, caller }: AcceptRequest, head: Head): Promise<void> {
  if (head.imported === undefined || caller.importId !== undefined) return;
  const { version, imported } = head;
  const unless = [
    { is: "equal", attribute: "version", value: version },
    { is: "equal", attribute: "imported", value: imported },
  ] as const;
  await p.table.write({ kind: "update", key: headKey(type.id, id), if: unless, remove: ["imported"] });
}

async function write(
  p: Provisioning,
  request: AcceptRequest,
  head: Head,
  draft: Draft,
  now: number,
  { neverClaimed, chunksWritten }: Known,
): Promise<void> {
  const { type, id, caller } = request;
  const deleted = draft.state === "deleted";
  const changed = deleted ? undefined : difference(head.resource, draft.resource);
  const { attributes, chunks } = changeAttributes(id, {
    kind: draft.kind,
    at: now,
    requestId: caller.requestId,
    tokenId: caller.tokenId,
    ...defined({ dialect: caller.dialect }),
    ignored: draft.ignored,
    ...defined({ changed, delta: draft.delta && !isEmptyDelta(draft.delta) ? draft.delta : undefined }),
    // A user's change is needed by nobody once it is accepted: its effect is in the head, the rest is history. A group's
    // changes are folded until they are applied, so the worker gives them their end (R83).
    ...(type.hasMembers ? {} : { expires: expiresAfter(now, p.tenant.evidenceDays) }),
  });
  // Each is a partition of its own. After a lost race they are there already, unless the delta is another one now.
  const unwritten = chunks.filter(({ key, attributes: { delta } }) => chunksWritten.get(key.pk) !== delta);
  await eachOf(unwritten, chunksAtOnce, async (chunk) => {
    await p.table.write(chunk);
    chunksWritten.set(chunk.key.pk, chunk.attributes["delta"]);
  });
  const after = deleted ? {} : draft.resource;
  try {
    await p.table.transact([
      headUpdate(request, head, draft, now),
      // The type and its place among the changes of all resources: whoever lists these begins with neither.
      {
        kind: "put",
        key: logKey(id, head.version + 1),
        attributes: { ...attributes, type: type.id, waitKey: acceptedKey(id), waitAt: now },
      },
      ...indexWrites(type, id, head.resource, after, neverClaimed),
      ...countWrites(type, head, draft),
      ...releasedNames(p, request, head, after, now),
      ...(deleted ? [goneMark(id, now)] : []),
    ]);
  } catch (error) {
    if (error instanceof TableError && error.kind === "condition") {
      await refuseTakenClaims(p, type, id, head.resource, after);
      await findNeverClaimed(p, type, id, head.resource, after, neverClaimed);
    }
    throw error;
  }
}

function headUpdate({ type, id, caller }: AcceptRequest, head: Head, draft: Draft, now: number): Update {
  const { importId } = caller;
  const creating = head.version === 0;
  const deleted = draft.state === "deleted";
  const waitAt = now + sweepAfterMs;
  // What failed before may be due in hours; this change may be a leaver's.
  const waitsLonger = (head.waitAt ?? 0) > waitAt;
  const isActive = !deleted && draft.resource["active"] !== false;
  return {
    kind: "update",
    key: headKey(type.id, id),
    if: creating
      ? [{ is: "absent" }]
      : [
          { is: "equal", attribute: "version", value: head.version },
          // A request that changed nothing may have taken it off meanwhile.
          ...(head.imported === undefined ? [] : [asRead("imported", head.imported)]),
        ],
    set: {
      version: head.version + 1,
      state: draft.state,
      modified: now,
      // Whatever parked the resource may be mended by this change.
      waitKey: dueKey({ id, ...draft }, draft.lane),
      ...(waitsLonger ? { waitAt } : {}),
      ...(deleted ? {} : { resource: JSON.stringify(draft.resource) }),
      ...(creating ? { applied: 0, created: now } : {}),
      // Whom an import takes back nobody but the import has named: that one has not left.
      ...(importId === undefined && (isLeaver(head, draft) || (!isActive && saysAgain(head))) ? { leftAt: now } : {}),
      ...(importId !== undefined && !deleted ? { imported: importId } : {}),
    },
    setIfMissing: { ...(waitsLonger ? {} : { waitAt }), pendingSince: now },
    // Also when the head that was read had none: the worker may have stamped one since.
    remove: [
      ...(deleted ? ["resource"] : []),
      "failure",
      "reason",
      "givenUp",
      ...(isActive ? ["leftAt"] : []),
      ...(importId === undefined || deleted ? ["imported"] : []),
    ],
  };
}

/** Whoever is made inactive from the start has not left. */
function isLeaver(head: Head, draft: Draft): boolean {
  if (head.version === 0 || head.type === "Group" || head.resource["active"] === false) return false;
  return head.state === "live" && (draft.state === "deleted" || draft.resource["active"] === false);
}

/** An operator took the first word for a mistake, so what counts is that the identity provider still says so. */
function saysAgain({ failure, leftAt }: Head): boolean {
  return failure?.code === "brake-rejected" && leftAt !== undefined;
}

/** Somebody may still ask for a name that was given up: then it is known who had it. */
function releasedNames(
  { tenant }: Provisioning,
  { type, id, caller }: AcceptRequest,
  head: Head,
  after: Resource,
  at: number,
): Put[] {
  const kept = new Set(claimsOf(type, after).map(({ attribute, value }) => `${attribute}#${value}`));
  const gone = claimsOf(type, head.resource).filter(({ attribute, value }) => !kept.has(`${attribute}#${value}`));
  const puts = gone.flatMap(({ attribute, value }) => {
    const { requestId, tokenId, dialect } = caller;
    const released = { kind: "released", at, requestId, tokenId, type: type.id, attribute, id } as const;
    return sightingPut(value, { ...released, ...defined({ dialect }) }, tenant.evidenceDays) ?? [];
  });
  // Two unique attributes may hold one text, and a transaction names no item twice.
  return puts.filter(({ key }, n) => puts.findIndex((other) => other.key.pk === key.pk) === n);
}

function countWrites(type: ResourceType, head: Head, draft: Draft): Update[] {
  const by = draft.state === "deleted" ? -1 : head.version === 0 ? 1 : 0;
  return by === 0 ? [] : [{ kind: "update", key: countKey(type.id, head.id), add: { count: by } }];
}
