/** The four changes of SCIM, as drafts for accept: create, replace, patch, delete (RFC 7644 sections 3.3, 3.5, 3.6). */
import { ScimError } from "../scim/error.ts";
import { limits } from "../scim/limits.ts";
import { splitMembers } from "../scim/member-operation.ts";
import { applyPatch, parsePatch } from "../scim/patch-operation.ts";
import {
  checkRequired,
  type ReadResource,
  readResource,
  replaceResource as readReplacement,
} from "../scim/resource.ts";
import { userType } from "../scim/resource-type.ts";
import type { Ignored, Resource, ResourceType } from "../scim/schema.ts";
import { accept, type Accepted, type AcceptRequest, type Draft, type Unchanged } from "./accept.ts";
import { difference } from "./change.ts";
import { draftMembers, knownMembers, replacementDelta } from "./draft-members.ts";
import type { Head } from "./head.ts";
import { importedMatch, isImportedMatch } from "./imported.ts";
import { mapOther, mapUser } from "./mapping.ts";
import { isEmptyDelta, type MemberDelta, noMembers } from "./member-delta.ts";
import type { LaneName } from "./ports.ts";
import { isRehire } from "./rehire.ts";
import type { Caller, Provisioning, State } from "./state.ts";
import { TakenError } from "./taken-error.ts";

export interface WriteOptions {
  readonly caller: Caller;
  readonly ifMatch?: (version: number) => boolean;
}

/** A write's answer: the resource without its members, which a write never loads. */
export interface Written {
  readonly state: State;
  /** False: what was asked for was already so; no new version. */
  readonly changed: boolean;
  /** It deactivated or deleted somebody who was active. */
  readonly left: boolean;
  /** Of a request that changed nothing. */
  readonly ignored: readonly Ignored[];
  /** False: stored, but the lane did not take the pointer. */
  readonly enqueued: boolean;
}

/**
 * A re-hire, too, if the tenant wants it so, and the take-over of somebody who was imported.
 *
 * Errors: ScimError 400, 409 `uniqueness`, 413, 503.
 */
export async function createResource(
  p: Provisioning,
  type: ResourceType,
  body: unknown,
  options: WriteOptions,
): Promise<Written> {
  const read = readResource(type, body);
  const { resource } = read;
  const imported = await importedMatch(p, type, resource);
  const taken = imported === undefined ? undefined : await takeOver(p, type, imported, read, options);
  if (taken !== undefined) return taken;
  try {
    return await change(p, type, p.chance.uuid(), options, {
      creating: true,
      decide: async (head) => await draftNew(p, type, head, read),
    });
  } catch (error) {
    if (!(error instanceof TakenError)) throw error;
    if (isImportedMatch(p.tenant, error.holder, resource)) {
      const answer = await takeOver(p, type, error.holder.id, read, options);
      if (answer !== undefined) return answer;
    }
    if (!isRehire(p.tenant, error.holder, resource)) throw error;
    return await reactivate(p, type, { body, resource }, options, error);
  }
}

/** Somebody new. Errors: ScimError 400, 413. */
export async function draftNew(
  p: Provisioning,
  type: ResourceType,
  head: Head,
  { resource, members = [], ignored }: ReadResource,
): Promise<Draft | Unchanged> {
  const { known: add, ignored: unknown } = await knownMembers(p, head.id, members);
  return draft(p, type, head, {
    kind: "create",
    resource,
    ignored: [...ignored, ...unknown],
    delta: { add, remove: [] },
  });
}

/**
 * The imported one becomes what the POST says. Undefined: somebody was quicker.
 *
 * Errors: ScimError 400, 409 `uniqueness`, 413, 503.
 */
async function takeOver(
  p: Provisioning,
  type: ResourceType,
  id: string,
  { resource, ignored }: ReadResource,
  options: WriteOptions,
): Promise<Written | undefined> {
  const late = new ScimError(409, "uniqueness", "taken over meanwhile");
  try {
    return await change(p, type, id, options, {
      decide: async (head) => {
        if (head.imported === undefined) throw late;
        // Also when nothing is different: that it was taken over is told by a change of its own.
        return checked(p, type, { kind: "replace", resource, ignored });
      },
    });
  } catch (error) {
    if (error === late || (error instanceof ScimError && error.status === 404)) return undefined;
    throw error;
  }
}

/** The inactive user becomes what the POST asks for, as by a PUT, and active unless the POST says otherwise. */
async function reactivate(
  p: Provisioning,
  type: ResourceType,
  { body, resource: asked }: { body: unknown; resource: Resource },
  options: WriteOptions,
  taken: TakenError,
): Promise<Written> {
  try {
    return await change(p, type, taken.holder.id, options, {
      decide: async (head) => {
        if (!isRehire(p.tenant, head, asked)) throw taken;
        const before = { ...head.resource, active: asked["active"] ?? true };
        const { resource, ignored } = readReplacement(type, before, body);
        return draft(p, type, head, { kind: "replace", resource, ignored });
      },
    });
  } catch (error) {
    // Deleted meanwhile. A POST is never answered with 404: Entra's quarantine counts those.
    if (error instanceof ScimError && error.status === 404) throw taken;
    throw error;
  }
}

/** PUT (D15). Errors: ScimError 400, 404, 409, 412, 413, 503. */
export async function replaceResource(
  p: Provisioning,
  type: ResourceType,
  id: string,
  body: unknown,
  options: WriteOptions,
): Promise<Written> {
  return await change(p, type, id, options, {
    decide: async (head) => {
      const { resource, members, ignored } = readReplacement(type, head.resource, body);
      if (members === undefined) return draft(p, type, head, { kind: "replace", resource, ignored });
      const { delta, ignored: unknown } = await replacementDelta(p, head, members);
      return draft(p, type, head, { kind: "replace", resource, ignored: [...ignored, ...unknown], delta });
    },
  });
}

/** Errors: ScimError 400, 404, 409, 412, 413, 503. */
export async function patchResource(
  p: Provisioning,
  type: ResourceType,
  id: string,
  body: unknown,
  options: WriteOptions,
): Promise<Written> {
  const parsed = parsePatch(type, body);
  const { operations, members } = type.hasMembers ? splitMembers(parsed.operations) : { ...parsed, members: [] };
  return await change(p, type, id, options, {
    decide: async (head) => {
      const patched = withActive(head.resource, applyPatch(type, head.resource, operations));
      checkRequired(type, patched);
      const { delta, ignored } = members.length > 0 ? await draftMembers(p, head, members) : { ignored: [] };
      const all = [...parsed.ignored, ...ignored];
      return draft(p, type, head, { kind: "patch", resource: patched, ignored: all, ...(delta && { delta }) });
    },
  });
}

/** Removing `active` keeps what it is: a leaver must not come back by omission, in a PATCH as in a PUT (D15). */
function withActive(before: Resource, after: Resource): Resource {
  const { active } = before;
  return active === undefined || after["active"] !== undefined ? after : { ...after, active };
}

/** The answer's state holds nothing any more. Errors: ScimError 404, 412, 503. */
export async function deleteResource(
  p: Provisioning,
  type: ResourceType,
  id: string,
  options: WriteOptions,
): Promise<Written> {
  return await change(p, type, id, options, {
    decide: async () => ({
      kind: "delete",
      state: "deleted",
      resource: {},
      ignored: [],
      lane: "leavers",
      ...(type.hasMembers ? { delta: noMembers } : {}),
    }),
  });
}

export async function change(
  p: Provisioning,
  type: ResourceType,
  id: string,
  options: WriteOptions,
  request: Pick<AcceptRequest, "creating" | "decide">,
): Promise<Written> {
  const {
    head,
    changed,
    left,
    enqueued,
    ignored = [],
  }: Accepted = await accept(p, { type, id, ...options, ...request });
  const { resource, version, created, lastModified } = head;
  return { state: { type, id, resource, version, created, lastModified }, changed, left, enqueued, ignored };
}

type Asked = Pick<Draft, "kind" | "resource" | "ignored" | "delta">;

/** What is asked for, as it would be stored. Errors: ScimError 400 when the mapping refuses it, 413. */
export function draft(p: Provisioning, type: ResourceType, head: Head, asked: Asked): Draft | Unchanged {
  const { resource, delta, ignored } = asked;
  const sameMembers = delta === undefined || isEmptyDelta(delta);
  if (head.version > 0 && sameMembers && difference(head.resource, resource) === undefined)
    return { kind: "unchanged", ignored };
  return checked(p, type, asked);
}

/** Errors: ScimError 400 when the mapping refuses it, 413. */
function checked(p: Provisioning, type: ResourceType, asked: Asked): Draft {
  const { resource, delta } = asked;
  refuseUnacceptable(p, type, resource);
  return { ...asked, state: "live", lane: laneOf(type, resource, delta) };
}

/** Errors: ScimError 400 when the mapping refuses it, 413. */
export function refuseUnacceptable(p: Provisioning, type: ResourceType, resource: Resource): void {
  if (new TextEncoder().encode(JSON.stringify(resource)).length > limits.resourceBytes) {
    throw new ScimError(
      413,
      undefined,
      `a ${type.name} may have at most ${limits.resourceBytes} bytes; send fewer or shorter values`,
    );
  }
  // A group never is: a member who leaves must not wait for the name of the group.
  if (!type.hasMembers) refuseWhatCannotBeMapped(p, type, resource);
}

/**
 * The identity provider's own provisioning log then shows the reason. Whoever is inactive is never refused: deactivation
 * must not wait for somebody to mend an attribute.
 */
function refuseWhatCannotBeMapped(
  { tenant: { mapping } }: Provisioning,
  { id }: ResourceType,
  resource: Resource,
): void {
  const { attributes } = id === userType.id ? mapping : (mapping.resourceTypes.get(id) ?? { attributes: [] });
  const refuses = attributes.map(({ policy = mapping.policy }) => policy === "reject");
  if (!refuses.includes(true) || resource["active"] === false) return;
  const mapped = id === userType.id ? mapUser(mapping, resource) : mapOther(mapping, id, resource);
  const problems = mapped?.trace.flatMap(({ problem = [] }, n) => (refuses[n] === true ? problem : [])) ?? [];
  if (problems.length > 0) throw new ScimError(400, "invalidValue", problems.join(" "));
}

function laneOf(type: ResourceType, resource: Resource, delta: MemberDelta | undefined): LaneName {
  const leaves = type.hasMembers ? (delta?.remove.length ?? 0) > 0 : resource["active"] === false;
  return leaves ? "leavers" : "changes";
}
