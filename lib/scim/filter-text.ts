/** Filters as text, in the schema's spelling: reading the text again gives the same filter. */
import { formatName } from "./attribute-name.ts";
import type { Filter } from "./filter.ts";

export function formatFilter(filter: Filter): string {
  switch (filter.kind) {
    case "and":
      return filter.filters.map((part) => bracketed(part, part.kind === "and" || part.kind === "or")).join(" and ");
    case "or":
      return filter.filters.map((part) => bracketed(part, part.kind === "or")).join(" or ");
    case "not":
      return `not (${formatFilter(filter.filter)})`;
    case "compare":
      return `${formatName(filter.path)} ${filter.op} ${JSON.stringify(filter.value)}`;
    case "present":
      return `${formatName(filter.path)} pr`;
    case "valuePath":
      return `${formatName(filter.path)}[${formatFilter(filter.filter)}]`;
    default:
      return filter satisfies never;
  }
}

function bracketed(filter: Filter, needed: boolean): string {
  return needed ? `(${formatFilter(filter)})` : formatFilter(filter);
}
