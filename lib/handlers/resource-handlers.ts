/** One resource: create, read, replace, patch, delete (RFC 7644 sections 3.3, 3.4.1, 3.5, 3.6). */
import { TableError } from "../provisioning/ports.ts";
import { readResource, type Wanted, withWanted } from "../provisioning/read-resource.ts";
import type { State } from "../provisioning/state.ts";
import {
  createResource,
  deleteResource,
  patchResource,
  replaceResource,
  type WriteOptions,
  type Written,
} from "../provisioning/write-resource.ts";
import { ScimError } from "../scim/error.ts";
import { etag, matchesEtag } from "../scim/etag.ts";
import { isObject } from "../scim/json.ts";
import { project, type Projection, wants } from "../scim/projection.ts";
import { locationOf, represent } from "../scim/representation.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { HttpRequest } from "./http.ts";
import { jsonBody } from "./json-body.ts";
import { asksForAttributes, queryProjection } from "./query-projection.ts";
import type { Answer, Call, Route } from "./router.ts";

/** A write that names more members is answered without them: reading them all again costs more than the write. */
const membersAnsweredMost = 1_000;

export function createOne(type: ResourceType): Route["handle"] {
  return async (request, call) => {
    const projection = queryProjection(type, request.query);
    const body = jsonBody(request);
    const written = await createResource(call.provisioning, type, body, options(request, call));
    const wanted = wantedAfter(type, body, projection);
    // A new user is in no group yet; one who came back may be.
    const state = await writtenState(call, written, { ...wanted, groups: wanted.groups && written.state.version > 1 });
    const answer = resourceAnswer(201, state, request, projection);
    return {
      ...withChange(answer, written),
      headers: { ...answer.headers, location: locationOf(type, state.id, request.baseUrl) },
    };
  };
}

export function getOne(type: ResourceType): Route["handle"] {
  return async (request, { provisioning, id }) => {
    const projection = queryProjection(type, request.query);
    const state = await readResource(provisioning, type, id, wantedBy(projection));
    const known = request.headers["if-none-match"];
    if (known !== undefined && matchesEtag(known, state.version))
      return { status: 304, headers: { etag: etag(state.version) } };
    return resourceAnswer(200, state, request, projection);
  };
}

export function replaceOne(type: ResourceType): Route["handle"] {
  return async (request, call) => {
    const projection = queryProjection(type, request.query);
    const body = jsonBody(request);
    const written = await replaceResource(call.provisioning, type, call.id, body, options(request, call));
    const state = await writtenState(call, written, wantedAfter(type, body, projection));
    return withChange(resourceAnswer(200, state, request, projection), written);
  };
}

/** A group's answer is 204, so that its members need not be read, unless attributes are asked for (D11). */
export function patchOne(type: ResourceType): Route["handle"] {
  return async (request, call) => {
    const projection = queryProjection(type, request.query);
    const written = await patchResource(call.provisioning, type, call.id, jsonBody(request), options(request, call));
    if (type.hasMembers && !asksForAttributes(request.query)) {
      return withChange({ status: 204, headers: { etag: etag(written.state.version) } }, written);
    }
    const state = await writtenState(call, written, wantedBy(projection));
    return withChange(resourceAnswer(200, state, request, projection), written);
  };
}

export function deleteOne(type: ResourceType): Route["handle"] {
  return async (request, call) => {
    return withChange({ status: 204 }, await deleteResource(call.provisioning, type, call.id, options(request, call)));
  };
}

function options({ headers }: HttpRequest, { caller }: Call): WriteOptions {
  const expected = headers["if-match"];
  return expected === undefined ? { caller } : { caller, ifMatch: (version) => matchesEtag(expected, version) };
}

function wantedBy(projection: Projection): Wanted {
  return { members: wants(projection, "members"), groups: wants(projection, "groups") };
}

/** After POST and PUT. A PUT without members says nothing about how many there are, so they are left out too. */
function wantedAfter(type: ResourceType, body: unknown, projection: Projection): Wanted {
  const wanted = wantedBy(projection);
  return type.hasMembers
    ? { ...wanted, members: wanted.members && membersListed(body) <= membersAnsweredMost }
    : wanted;
}

function membersListed(body: unknown): number {
  const name = isObject(body) ? Object.keys(body).find((name) => name.toLowerCase() === "members") : undefined;
  const members = isObject(body) && name !== undefined ? body[name] : undefined;
  return Array.isArray(members) ? members.length : Infinity;
}

/** The write is done whatever happens to the reading after it: then the answer has less in it. */
async function writtenState({ provisioning }: Call, { state }: Written, wanted: Wanted): Promise<State> {
  try {
    return (await withWanted(provisioning, state, wanted)) ?? state;
  } catch (error) {
    if (error instanceof ScimError || error instanceof TableError) return state;
    throw error;
  }
}

function resourceAnswer(status: number, state: State, { baseUrl }: HttpRequest, projection: Projection): Answer {
  const body = project(state.type, represent(state.type, state, baseUrl), projection);
  return { status, headers: { etag: etag(state.version) }, body };
}

function withChange(answer: Answer, { changed, enqueued, left, ignored, state }: Written): Answer {
  // A key that is always there, such as Okta's `groups: []`, is no news.
  const paths = ignored.filter(({ reason }) => reason.startsWith("unknown")).map(({ path }) => path);
  const notKept = paths.length === 0 ? {} : { notKept: { id: state.id, paths } };
  return { ...answer, change: { accepted: changed, enqueued, left }, ...notKept };
}
