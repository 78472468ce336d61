/** Where the profile's attributes come from: the paths that a type's mapping may take a value from, and those that it took one from. */
import { formatName } from "../../scim/attribute-name.ts";
import type { ResolvedPath } from "../../scim/attribute-path.ts";
import { primaryFirst } from "../../scim/primary-first.ts";
import { groupType, userType } from "../../scim/resource-type.ts";
import type { Resource, ResourceType } from "../../scim/schema.ts";
import { select } from "../../scim/select.ts";
import { subValues } from "../../scim/values-at.ts";
import { type Mapped, mapOther, mapUser } from "../../provisioning/mapping.ts";
import type { Tenant, TypeMapping } from "../../provisioning/tenant.ts";
import { leavesOf, leavesOfElement, writtenPath } from "./leaf-paths.ts";

export interface Sources {
  /** Every profile attribute with the paths that are tried for it. */
  readonly attributes: readonly AttributePaths[];
  /** Paths at which the resource has a value: those of the mapping, as they are written there, and the leaves that they reach. */
  readonly reached: (resource: Resource) => readonly string[];
  /** Profile attributes for which a value was found, and the paths and leaves that gave it; none for a constant. */
  readonly given: (resource: Resource) => readonly Given[];
}

interface Given extends AttributePaths {
  /** False: it cannot become what the tenant file asks for, such as one that a table does not have. */
  readonly usable: boolean;
}

interface AttributePaths {
  readonly name: string;
  readonly paths: readonly string[];
}

export function sourcesOf(tenant: Tenant, type: ResourceType): Sources {
  const { mapping } = tenant;
  if (type.id === userType.id) return mappedSources(mapping, (resource) => mapUser(mapping, resource));
  const own = mapping.resourceTypes.get(type.id);
  if (own !== undefined) return mappedSources(own, (resource) => mapOther(mapping, type.id, resource));
  return type.id === groupType.id ? asItIs(type, groupNames) : asItIs(type);
}

function mappedSources(mapping: TypeMapping, map: (resource: Resource) => Mapped | undefined): Sources {
  const paths = new Map(mapping.attributes.flatMap(({ from }) => from).map((path) => [path.text, path]));
  const joined = new Set(mapping.attributes.flatMap(({ name, join }) => (join === undefined ? [] : [name])));
  const names = new Map([...paths].map(([text, path]) => [text, writtenPath(path)]));
  return {
    attributes: mapping.attributes.map(({ name, from }) => ({ name, paths: from.map(writtenPath) })),
    reached: (resource) =>
      [...paths].flatMap(([text, path]) => {
        const leaves = leavesAt(resource, path);
        return leaves.length === 0 ? [] : [names.get(text) ?? text, ...leaves];
      }),
    given: (resource) =>
      (map(resource)?.trace ?? []).flatMap(({ attribute, tried, outcome }) => {
        if (outcome !== "mapped" && outcome !== "unusable") return [];
        const giving = tried.flatMap(({ path: text, found }) => {
          const path = found ? paths.get(text) : undefined;
          if (path === undefined) return [];
          const leaves = leavesAt(resource, path);
          return [writtenPath(path), ...(joined.has(attribute) ? leaves : leaves.slice(0, 1))];
        });
        return { name: attribute, paths: [...new Set(giving)], usable: outcome === "mapped" };
      }),
  };
}

/** The leaves that a path chooses and that have a value, the one first that the mapping takes: the primary one. */
function leavesAt(resource: Resource, path: ResolvedPath): string[] {
  const { subAttribute, ...whole } = path;
  const name = formatName(whole);
  const elements = primaryFirst(select(resource, whole));
  return elements.flatMap((element) => {
    if (!subValues([element], path).some((value) => value !== "")) return [];
    if (subAttribute === undefined) return [name];
    if (path.attribute?.multiValued !== true) return [`${name}.${subAttribute.name}`];
    return leavesOfElement(name, element).flatMap((leaf) => {
      return leaf.path.endsWith(`.${subAttribute.name}`) ? [leaf.path] : [];
    });
  });
}

const groupNames = ["displayName", "externalId"];

/** Nothing is configured: all, or what is named, becomes the profile as it is. */
function asItIs(type: ResourceType, names: readonly string[] = []): Sources {
  const reached = (resource: Resource) => {
    const paths = leavesOf(type, resource).map(({ path }) => path);
    return [...new Set(names.length === 0 ? paths : paths.filter((path) => names.includes(path)))];
  };
  return {
    attributes: names.map((name) => ({ name, paths: [name] })),
    reached,
    given: (resource) => reached(resource).map((path) => ({ name: path, paths: [path], usable: true })),
  };
}
