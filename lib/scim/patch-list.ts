/**
 * PATCH on a multi-valued attribute.
 *
 * Source: RFC 7644 sections 3.5.2.1 to 3.5.2.3; where it is silent, decisions D1 to D3.
 */
import { formatFilter } from "./filter-text.ts";
import { quote } from "./attribute-name.ts";
import { ScimError } from "./error.ts";
import type { Filter } from "./filter.ts";
import { equalJson, isList, isObject, type Json, type JsonObject } from "./json.ts";
import { limits } from "./limits.ts";
import { matches } from "./match.ts";
import { elementKey, inSchemaOrder, namedElements } from "./patch-element.ts";
import type { PatchOperation } from "./patch-operation.ts";
import { findAttribute } from "./resource-type.ts";
import type { Attribute } from "./schema.ts";
import { asElement } from "./values-at.ts";

type Elements = readonly Json[];

/** The elements after an operation on the attribute, on those its value filter chooses, or on a sub-attribute of these. */
export function changeList(operation: PatchOperation, attribute: Attribute, current: Elements): Elements {
  const { filter, subAttribute } = operation.path;
  const isWhole = filter === undefined && subAttribute === undefined;
  const next = isWhole ? changeWhole(operation, attribute, current) : changeChosen(operation, attribute, current);
  if (next.length > limits.valuesPerAttribute) {
    const detail = `${quote(attribute.name)} may have ${limits.valuesPerAttribute} values, found ${next.length}; send fewer`;
    throw new ScimError(400, "invalidValue", detail);
  }
  return next;
}

function changeWhole({ op, value }: PatchOperation, attribute: Attribute, current: Elements): Elements {
  const elements = isList(value) ? value : [];
  if (op === "add") return added(attribute, current, elements);
  if (op === "replace") return elements;
  if (value === undefined) return [];
  const isNamed = namedElements(attribute, elements);
  return current.filter((element) => !isNamed(element));
}

/** Appends what is not there yet; an element with the same type and value is the same element (R67, R109). */
function added(attribute: Attribute, current: Elements, elements: Elements): Elements {
  if (areThere(current, elements)) return current;
  const next = [...current];
  const places = new Map(current.map((element, n) => [elementKey(attribute, element), n]));
  let primary: number | undefined;
  for (const element of elements) {
    const key = elementKey(attribute, element);
    const place = places.get(key) ?? next.length;
    next[place] = merged(attribute, next[place], element);
    places.set(key, place);
    if (isPrimary(element)) primary ??= place;
  }
  return withPrimary(next, primary);
}

/** An identity provider that repeats itself sends what it sent: worth a look while there is little to look at. */
function areThere(current: Elements, elements: Elements): boolean {
  const isQuick = elements.length * current.length <= 64;
  return isQuick && elements.every((element) => current.some((there) => equalJson(there, element)));
}

/** The elements that the filter chooses, or all; `add` and `replace` create one where there is none (D1). */
function changeChosen(operation: PatchOperation, attribute: Attribute, current: Elements): Elements {
  const { op, path, value = null } = operation;
  const { filter, subAttribute } = path;
  const isChosen = current.map((element) => filter === undefined || matches(filter, asElement(element)));
  if (op === "remove") {
    return current.flatMap((element, n) =>
      isChosen[n] === true ? withoutSub(attribute, subAttribute, element) : [element],
    );
  }
  const change = (element: Json | undefined, known: JsonObject): Json => {
    if (attribute.type !== "complex") return value;
    if (subAttribute !== undefined) return merged(attribute, element ?? known, { [subAttribute.name]: value });
    return merged(attribute, op === "add" ? (element ?? known) : known, value);
  };
  const known = filter === undefined ? {} : equalitiesOf(filter);
  const none = !isChosen.includes(true);
  if (none && known === undefined) throw noTarget(operation);
  const next = none
    ? [...current, change(undefined, known ?? {})]
    : current.map((element, n) => (isChosen[n] === true ? change(element, known ?? {}) : element));
  const setsPrimary = none || subAttribute?.name === "primary" || (isObject(value) && isPrimary(value));
  const primary = next.findIndex(
    (element, n) => (none ? n === current.length : isChosen[n] === true) && isPrimary(element),
  );
  return distinct(withPrimary(next, setsPrimary && primary >= 0 ? primary : undefined));
}

/** What an element must be to fit a filter that is `eq` joined by `and`; undefined for any other. */
function equalitiesOf(filter: Filter): JsonObject | undefined {
  if (filter.kind === "compare" && filter.op === "eq") {
    const name = filter.path.attribute?.name;
    return name === undefined || filter.value === null ? {} : { [name]: filter.value };
  }
  if (filter.kind !== "and") return undefined;
  const parts = filter.filters.map(equalitiesOf);
  return parts.includes(undefined) ? undefined : Object.assign({}, ...parts);
}

function merged(attribute: Attribute, element: Json | undefined, value: Json): Json {
  if (!isObject(value)) return value;
  return inSchemaOrder(attribute, { ...(isObject(element) ? element : {}), ...value });
}

/** What is left of an element: nothing, when only what describes the value that has gone would be. */
function withoutSub(attribute: Attribute, subAttribute: Attribute | undefined, element: Json): Json[] {
  if (subAttribute === undefined || !isObject(element)) return [];
  const { [subAttribute.name]: _gone, ...rest } = element;
  const hasValue = findAttribute(attribute.subAttributes ?? [], "value") !== undefined;
  const names = Object.keys(rest).filter((name) => !hasValue || !["type", "primary", "display"].includes(name));
  return names.length === 0 ? [] : [rest];
}

/** One element becomes the primary one: the others are no more (R78). */
function withPrimary(elements: Elements, primary: number | undefined): Elements {
  if (primary === undefined) return elements;
  return elements.map((element, n) =>
    n !== primary && isObject(element) && isPrimary(element) ? { ...element, primary: false } : element,
  );
}

function isPrimary(element: Json): boolean {
  return isObject(element) && element["primary"] === true;
}

/** Elements are in schema order, so equal ones are equal as text. */
function distinct(elements: Elements): Elements {
  return [...new Map(elements.map((element) => [JSON.stringify(element), element])).values()];
}

function noTarget({ path }: PatchOperation): ScimError {
  const filter = path.filter === undefined ? "" : formatFilter(path.filter);
  const detail = `no value fits ${quote(filter)}, and one can only be created from eq joined by and; send the whole value`;
  return new ScimError(400, "noTarget", `${quote(path.text)}: ${detail}`);
}
