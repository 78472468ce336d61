/** What stands at a path of a resource. */
import type { ResolvedPath } from "./attribute-path.ts";
import type { Json, JsonObject } from "./json.ts";
import { matches } from "./match.ts";
import { asElement, elementsAt, subValues } from "./values-at.ts";

/**
 * All values at a path: none, one, or those of every element that its value filter chooses. Without a sub-attribute the
 * elements of a complex attribute come whole.
 *
 * @example
 * select(user, parsePath(userType, 'emails[type eq "work"].value')); // ["ada@example.com"]
 */
export function select(body: JsonObject, path: ResolvedPath): Json[] {
  const { filter } = path;
  const elements = elementsAt(body, path);
  const chosen = filter === undefined ? elements : elements.filter((element) => matches(filter, asElement(element)));
  return [...subValues(chosen, path)];
}
