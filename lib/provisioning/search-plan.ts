/**
 * What a search means for each resource type that it is about.
 *
 * Source: RFC 7644 section 3.4.2.1: in a search over several types, what a type does not have is without a value there.
 */
import type { ResolvedPath } from "../scim/attribute-path.ts";
import { ScimError } from "../scim/error.ts";
import { type Filter, parseFilter } from "../scim/filter.ts";
import type { ResourceType } from "../scim/schema.ts";
import { readSortBy } from "../scim/sort.ts";

/** One type of a search, with the filter and the sort attribute as this type understands them. */
export interface Part {
  readonly type: ResourceType;
  readonly filter?: Filter;
  /** Absent: the type does not have it, or nothing is sorted. */
  readonly sortBy?: ResolvedPath;
}

/** Errors: ScimError 400 `invalidFilter`, `invalidValue`, 403 `sensitive`: when no type can make sense of filter or sortBy. */
export function planOf(types: readonly ResourceType[], asked: { filter?: string; sortBy?: string }): readonly Part[] {
  const { filter, sortBy } = asked;
  const filters =
    filter === undefined ? undefined : readEach(types, (type) => parseFilter(widened(type, types), filter));
  const paths = sortBy === undefined ? undefined : readEach(types, (type) => readSortBy(type, sortBy));
  return types.flatMap((type): Part[] => {
    const [own, path] = [filters?.get(type), paths?.get(type)];
    // A filter that names another type's schema by its URN is about that type alone.
    if (filters !== undefined && own === undefined) return [];
    return [{ type, ...(own && { filter: own }), ...(path && { sortBy: path }) }];
  });
}

function readEach<T>(types: readonly ResourceType[], read: (type: ResourceType) => T): Map<ResourceType, T> {
  const found = new Map<ResourceType, T>();
  let refused: unknown;
  for (const type of types) {
    try {
      found.set(type, read(type));
    } catch (error) {
      if (!(error instanceof ScimError) || error.status !== 400) throw error;
      refused ??= error;
    }
  }
  if (found.size === 0) throw refused;
  return found;
}

/** The type with what only others have added, so that a filter may name it; its own definitions win. */
function widened(type: ResourceType, types: readonly ResourceType[]): ResourceType {
  if (types.length === 1) return type;
  const attributes = [...type.schema.attributes];
  const extensions = [...type.extensions];
  for (const { schema, extensions: more } of types) {
    attributes.push(...schema.attributes.filter(({ name }) => !attributes.some((own) => own.name === name)));
    extensions.push(...more.filter(({ schema }) => !extensions.some((own) => own.schema.id === schema.id)));
  }
  return { ...type, schema: { ...type.schema, attributes }, extensions };
}
