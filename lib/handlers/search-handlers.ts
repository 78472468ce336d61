/** Many resources: by the query string of a GET, or by the body of a POST to `.search` (RFC 7644 sections 3.4.2 and 3.4.3). */
import { search } from "../provisioning/search.ts";
import { listResponse } from "../scim/list-response.ts";
import { namesAttribute, project, readProjection, wants } from "../scim/projection.ts";
import { represent } from "../scim/representation.ts";
import type { ResourceType } from "../scim/schema.ts";
import { readSearchBody, readSearchQuery, type SearchRequest } from "../scim/search-request.ts";
import { jsonBody } from "./json-body.ts";
import type { Answer, Call, Route } from "./router.ts";

export function searchByGet(type: ResourceType): Route["handle"] {
  return async ({ query, baseUrl }, call) => await answer(type, readSearchQuery(query), call, baseUrl);
}

export function searchByPost(type: ResourceType): Route["handle"] {
  return async (request, call) => await answer(type, readSearchBody(jsonBody(request)), call, request.baseUrl);
}

async function answer(
  type: ResourceType,
  asked: SearchRequest,
  { provisioning }: Call,
  baseUrl: string,
): Promise<Answer> {
  const projection = readProjection(type, asked);
  // A user's groups come in a list only when they are named: each user costs a query (R107).
  const wanted = { members: wants(projection, "members"), groups: namesAttribute(projection, "groups") };
  const { totalResults, states } = await search(provisioning, type, asked, wanted);
  const resources = states.map((state) => project(type, represent(type, state, baseUrl), projection));
  return { status: 200, body: listResponse({ totalResults, startIndex: asked.startIndex, resources }) };
}
