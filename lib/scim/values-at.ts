/** The values that stand at a place in a resource, whatever the place's value filter. */
import type { ResolvedPath } from "./attribute-path.ts";
import { isList, isObject, type Json, type JsonObject } from "./json.ts";

/** The elements of the attribute: those of its list, or its one value. Empty when there is none. */
export function elementsAt(body: JsonObject, { extension, attribute }: ResolvedPath): readonly Json[] {
  const holder = extension === undefined ? body : own(body, extension);
  if (attribute === undefined) return present(holder);
  return isObject(holder) ? present(own(holder, attribute.name)) : [];
}

/** The values of the sub-attribute in these elements; the elements themselves when the path names none. */
export function subValues(elements: readonly Json[], { subAttribute }: ResolvedPath): readonly Json[] {
  if (subAttribute === undefined) return elements;
  return elements.flatMap((element) => (isObject(element) ? present(own(element, subAttribute.name)) : []));
}

/** An element as value filters see it: a plain value is its own `value`. */
export function asElement(element: Json): JsonObject {
  return isObject(element) ? element : { value: element };
}

function present(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

/** Never what an object inherits: a schema of a tenant may have an attribute `constructor`. */
export function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
