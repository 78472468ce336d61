/**
 * The whole API on one screen.
 *
 * Source: RFC 7644 section 3.2, and section 4 for discovery.
 */
import type { Tenant } from "../provisioning/tenant.ts";
import { postBulk } from "./bulk-handlers.ts";
import {
  getResourceType,
  getResourceTypes,
  getSchema,
  getSchemas,
  getServiceProviderConfig,
} from "./discovery-handlers.ts";
import { notOffered } from "./not-offered.ts";
import { createOne, deleteOne, getOne, patchOne, replaceOne } from "./resource-handlers.ts";
import type { Route } from "./router.ts";
import { searchByGet, searchByPost } from "./search-handlers.ts";

export function routesOf(tenant: Tenant): readonly Route[] {
  return [
    ...tenant.types.flatMap((type) =>
      [
        { method: "GET", template: type.endpoint, handle: searchByGet(type) } as const,
        { method: "POST", template: type.endpoint, handle: createOne(type) } as const,
        { method: "POST", template: `${type.endpoint}/.search`, handle: searchByPost(type) } as const,
        { method: "GET", template: `${type.endpoint}/{id}`, handle: getOne(type) } as const,
        { method: "PUT", template: `${type.endpoint}/{id}`, handle: replaceOne(type) } as const,
        { method: "PATCH", template: `${type.endpoint}/{id}`, handle: patchOne(type) } as const,
        { method: "DELETE", template: `${type.endpoint}/{id}`, handle: deleteOne(type) } as const,
      ].map((route): Route => ({ ...route, type })),
    ),
    { method: "GET", template: "/ServiceProviderConfig", handle: getServiceProviderConfig },
    { method: "GET", template: "/Schemas", handle: getSchemas },
    { method: "GET", template: "/Schemas/{id}", handle: getSchema },
    { method: "GET", template: "/ResourceTypes", handle: getResourceTypes },
    { method: "GET", template: "/ResourceTypes/{id}", handle: getResourceType },
    // Nobody provisions himself: the token of an identity provider has no user (R90).
    { method: "any", template: "/Me", handle: notOffered("/Me", "use /Users/{id}") },
    { method: "POST", template: "/Bulk", handle: postBulk },
    { method: "POST", template: "/.search", handle: searchByPost(...tenant.types) },
    { method: "GET", template: "/", handle: searchByGet(...tenant.types) },
  ];
}
