/** What the server says about itself (RFC 7644 section 4). */
import type { Tenant } from "../provisioning/tenant.ts";
import {
  listResourceTypes,
  listSchemas,
  oneResourceType,
  oneSchema,
  refuseDiscoveryFilter,
} from "../scim/discovery.ts";
import type { JsonObject } from "../scim/json.ts";
import { serviceProviderConfig } from "../scim/service-provider-config.ts";
import type { Route } from "./router.ts";

type Document = (tenant: Tenant, baseUrl: string, id: string) => JsonObject;

export const getServiceProviderConfig = document(({ oauth }, baseUrl) =>
  serviceProviderConfig(baseUrl, { takesOAuth: oauth !== undefined }),
);
export const getSchemas = document(({ types }, baseUrl) => listSchemas(types, baseUrl));
export const getSchema = document(({ types }, baseUrl, urn) => oneSchema(types, urn, baseUrl));
export const getResourceTypes = document(({ types }, baseUrl) => listResourceTypes(types, baseUrl));
export const getResourceType = document(({ types }, baseUrl, id) => oneResourceType(types, id, baseUrl));

/** Sorting and paging parameters are ignored there, a filter is refused (R3). */
function document(of: Document): Route["handle"] {
  return async (request, { provisioning, id }) => {
    refuseDiscoveryFilter(request.query.get("filter"));
    return { status: 200, body: of(provisioning.tenant, request.baseUrl, id) };
  };
}
