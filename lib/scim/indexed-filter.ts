/** What a filter demands by `eq` of whatever fits it, so that a search can begin with a lookup instead of a scan. */
import type { ResolvedPath } from "./attribute-path.ts";
import { formatName } from "./attribute-name.ts";
import type { Filter } from "./filter.ts";

export interface Equality {
  /** In the schema's spelling: `userName`, `emails.value`, `urn:...:User:department`. */
  readonly attribute: string;
  readonly value: string | number | boolean;
}

/**
 * The comparisons by `eq` without which the filter cannot hold. They are necessary, not sufficient: what a lookup finds
 * is still to be matched with the whole filter.
 */
export function equalities(filter: Filter): Equality[] {
  return necessary(filter, (path) => formatName(path));
}

function necessary(filter: Filter, nameOf: (path: ResolvedPath) => string): Equality[] {
  if (filter.kind === "and") return filter.filters.flatMap((part) => necessary(part, nameOf));
  if (filter.kind === "valuePath") {
    // A plain value is its own `value`: `tags[value eq "x"]` demands what `tags eq "x"` does.
    const isPlain = filter.path.attribute?.type !== "complex";
    const outer = nameOf(filter.path);
    return necessary(filter.filter, (path) => (isPlain ? outer : `${outer}.${formatName(path)}`));
  }
  // An empty text is in no lookup.
  if (filter.kind !== "compare" || filter.op !== "eq" || filter.value === null || filter.value === "") return [];
  return [{ attribute: nameOf(filter.path), value: filter.value }];
}
