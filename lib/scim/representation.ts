/**
 * A resource as it is answered.
 *
 * Source: RFC 7643 sections 3 and 3.1; 3.3 for `schemas`.
 */
import { etag } from "./etag.ts";
import type { Json, JsonObject } from "./json.ts";
import { groupType, topLevelAttributes, userType } from "./resource-type.ts";
import type { Resource, ResourceType } from "./schema.ts";

export interface Representable {
  readonly id: string;
  readonly resource: Resource;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly lastModified: number;
  /** Absent: not asked for. */
  readonly members?: readonly { readonly id: string; readonly type: "User" | "Group" }[];
  readonly groups?: readonly { readonly id: string; readonly displayName?: string }[];
}

/** More members than this come without `$ref`, which is two thirds of a member: Lambda answers with at most 6 MB. */
const referencesMost = 5_000;

/** The whole body, in the order of the schema. `baseUrl` is the public one, without a slash at its end (R27). */
export function represent(type: ResourceType, parts: Representable, baseUrl: string): JsonObject {
  const { id, resource, version } = parts;
  const extensions = type.extensions.map(({ schema }) => schema.id).filter((urn) => Object.hasOwn(resource, urn));
  const body: Record<string, Json> = { schemas: [type.schema.id, ...extensions], id };
  for (const { name } of topLevelAttributes(type)) {
    if (Object.hasOwn(resource, name)) body[name] = resource[name] ?? null;
  }
  // An empty list is the same as none (R18), and what Okta expects after creating an empty group.
  if (parts.members && parts.members.length > 0) body["members"] = memberValues(parts.members, baseUrl);
  if (parts.groups && parts.groups.length > 0) body["groups"] = groupValues(parts.groups, baseUrl);
  for (const urn of extensions) body[urn] = resource[urn] ?? {};
  body["meta"] = {
    resourceType: type.name,
    created: new Date(parts.created).toISOString(),
    lastModified: new Date(parts.lastModified).toISOString(),
    location: locationOf(type, id, baseUrl),
    version: etag(version),
  };
  return body;
}

/** `meta.location`, and the `Location` header (R12). */
export function locationOf(type: ResourceType, id: string, baseUrl: string): string {
  return `${baseUrl}${type.endpoint}/${id}`;
}

function memberValues(members: NonNullable<Representable["members"]>, baseUrl: string): Json {
  if (members.length > referencesMost) return members.map(({ id, type }) => ({ value: id, type }));
  return members.map(({ id, type }) => ({
    value: id,
    $ref: locationOf(type === "User" ? userType : groupType, id, baseUrl),
    type,
  }));
}

function groupValues(groups: NonNullable<Representable["groups"]>, baseUrl: string): Json {
  return groups.map(({ id, displayName }) => ({
    value: id,
    $ref: locationOf(groupType, id, baseUrl),
    ...(displayName === undefined ? {} : { display: displayName }),
    type: "direct",
  }));
}
