/** Many resources: by the query string of a GET, or by the body of a POST to `.search` (RFC 7644 sections 3.4.2 and 3.4.3). */
import { type Search, searchTypes } from "../provisioning/search.ts";
import type { Provisioning } from "../provisioning/state.ts";
import { boundTo, type Position, readCursor, writeCursor } from "../scim/cursor.ts";
import { listResponse } from "../scim/list-response.ts";
import { namesAttribute, project, type Projection, readProjection, wants } from "../scim/projection.ts";
import { represent } from "../scim/representation.ts";
import type { ResourceType } from "../scim/schema.ts";
import { readSearchBody, readSearchQuery, type SearchRequest } from "../scim/search-request.ts";
import { cursorSeal } from "./cursor-seal.ts";
import { jsonBody } from "./json-body.ts";
import { namedIn } from "./named.ts";
import type { Answer, Call, Route } from "./router.ts";

/** Of one type, or of all that are given (R47, R48). */
export function searchByGet(...types: readonly ResourceType[]): Route["handle"] {
  return async ({ query, baseUrl }, call) => await answer(types, readSearchQuery(query), call, baseUrl);
}

export function searchByPost(...types: readonly ResourceType[]): Route["handle"] {
  return async (request, call) => await answer(types, readSearchBody(jsonBody(request)), call, request.baseUrl);
}

async function answer(
  types: readonly ResourceType[],
  asked: SearchRequest,
  { provisioning: p }: Call,
  baseUrl: string,
): Promise<Answer> {
  const projections = new Map<ResourceType, Projection>();
  for (const type of types) projections.set(type, readProjection(type, asked));
  const projectionOf = (type: ResourceType) => projections.get(type) ?? readProjection(type, asked);
  const cursors = asked.cursor === undefined ? undefined : await cursorsOf(p, types, asked);
  const result = await searchTypes(p, types, { ...asked, ...cursors?.walk }, (type) => wantedBy(projectionOf(type)));
  const { totalResults, states, next } = result;
  const resources = states.map((state) => {
    return project(state.type, represent(state.type, state, baseUrl), projectionOf(state.type));
  });
  const missed = totalResults === 0 && asked.filter !== undefined ? namedIn(types, asked.filter) : [];
  return {
    status: 200,
    ...(missed.length > 0 && { missed }),
    body: listResponse({
      ...(totalResults !== undefined && { totalResults }),
      ...(cursors === undefined && { startIndex: asked.startIndex }),
      ...(next !== undefined && cursors && { nextCursor: cursors.write(next) }),
      resources,
    }),
  };
}

/** A user's groups come in a list only when they are named: each user costs a query (R107). */
function wantedBy(projection: Projection): { members: boolean; groups: boolean } {
  return { members: wants(projection, "members"), groups: namesAttribute(projection, "groups") };
}

/** Errors: ScimError 400 `invalidCursor`, `expiredCursor`. */
async function cursorsOf(
  p: Provisioning,
  types: readonly ResourceType[],
  asked: SearchRequest,
): Promise<{ walk: Pick<Search, "walk">; write: (next: Position | "start") => string }> {
  const seal = await cursorSeal(p);
  const bound = boundTo(
    p.tenant.name,
    types.map((type) => type.id),
    asked,
  );
  const now = p.clock.now();
  const from = readCursor(seal, asked.cursor ?? "", bound, now);
  return {
    walk: { walk: from === undefined ? {} : { from } },
    write: (next) => writeCursor(seal, next === "start" ? undefined : next, bound, now),
  };
}
