/**
 * The mapping: how the application's profile is made from a SCIM resource by the tenant file.
 *
 * Pure, and with a trace of what was tried: the dry run at accept, the worker, and every explanation read the same one.
 */
import type { ResolvedPath } from "../scim/attribute-path.ts";
import { isObject, type Json, type JsonObject } from "../scim/json.ts";
import { limits } from "../scim/limits.ts";
import type { Resource } from "../scim/schema.ts";
import { select } from "../scim/select.ts";
import { fold } from "../scim/text.ts";
import { subValues } from "../scim/values-at.ts";
import type { MappedAttribute, Mapping } from "./tenant.ts";

/** How one profile attribute got its value, or why it has none. Never holds a value. */
export interface TraceStep {
  readonly attribute: string;
  /** The paths in order, up to the one that gave the value. */
  readonly tried: readonly { readonly path: string; readonly found: boolean }[];
  /** The path that gave the value, or `constant`. */
  readonly source?: string;
  readonly transform?: "lowerCase";
  /** `missing`: absent, but required. `unusable`: no text, number or boolean, or too long to be looked up. */
  readonly outcome: "mapped" | "absent" | "missing" | "unusable";
}

export interface Lookup {
  readonly attribute: string;
  /** Folded, so that the application finds it in any letter case. */
  readonly value: string;
}

export interface Mapped {
  readonly profile: JsonObject;
  readonly lookups: readonly Lookup[];
  /** In the order of the mapping, one for each attribute. */
  readonly trace: readonly TraceStep[];
  /** Sentences for the identity provider's administrator and the operator. Empty: the profile can be applied. */
  readonly problems: readonly string[];
}

type Scalar = string | number | boolean;

interface MappedOne {
  readonly step: TraceStep;
  readonly value?: Scalar;
  readonly lookup?: Lookup;
  readonly problem?: string;
}

/** The profile of a user. What cannot be mapped is told in `problems`, and left out of the profile. */
export function mapUser(mapping: Mapping, resource: Resource): Mapped {
  const all = mapping.attributes.map((attribute) => mapAttribute(attribute, resource));
  return {
    profile: Object.fromEntries(
      all.flatMap(({ step, value }) => (value === undefined ? [] : [[step.attribute, value]])),
    ),
    lookups: all.flatMap(({ lookup }) => lookup ?? []),
    trace: all.map(({ step }) => step),
    problems: all.flatMap(({ problem }) => problem ?? []),
  };
}

/** The profile of a group, which no tenant configures. */
export function mapGroup(resource: Resource): JsonObject {
  const { displayName, externalId } = resource;
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

function mapAttribute(attribute: MappedAttribute, resource: Resource): MappedOne {
  const { name, constant, required } = attribute;
  const { tried, found } = firstValue(attribute.from, resource);
  const { source, value } = found ?? { source: "constant", value: constant };
  const begun = { attribute: name, tried };
  if (value === undefined) {
    if (!required) return { step: { ...begun, outcome: "absent" } };
    return { step: { ...begun, outcome: "missing" }, problem: missing(attribute) };
  }
  if (!isScalar(value)) {
    return { step: { ...begun, source, outcome: "unusable" }, problem: notScalar(name, source) };
  }
  const lowered = attribute.lowerCase && typeof value === "string";
  const made = lowered ? value.toLowerCase() : value;
  const step = { ...begun, source, ...(lowered ? ({ transform: "lowerCase" } as const) : {}) };
  if (!attribute.lookup) return { step: { ...step, outcome: "mapped" }, value: made };
  const key = fold(String(made));
  if (new TextEncoder().encode(key).length > limits.indexedValueBytes) {
    return { step: { ...step, outcome: "unusable" }, problem: tooLong(name, source) };
  }
  return { step: { ...step, outcome: "mapped" }, value: made, lookup: { attribute: name, value: key } };
}

function firstValue(
  paths: readonly ResolvedPath[],
  resource: Resource,
): { tried: TraceStep["tried"]; found?: { source: string; value: Json } } {
  const tried: { path: string; found: boolean }[] = [];
  for (const path of paths) {
    const value = valueAt(resource, path);
    tried.push({ path: path.text, found: value !== undefined });
    if (value !== undefined) return { tried, found: { source: path.text, value } };
  }
  return { tried };
}

/** Of several values the primary one, else the first (RFC 7643 section 2.4). An empty text is no value. */
function valueAt(resource: Resource, path: ResolvedPath): Json | undefined {
  const { subAttribute: _, ...whole } = path;
  const elements = select(resource, whole);
  const ordered = [...elements.filter(isPrimary), ...elements.filter((element) => !isPrimary(element))];
  return subValues(ordered, path).find((value) => value !== "");
}

function isPrimary(element: Json): boolean {
  return isObject(element) && element["primary"] === true;
}

function isScalar(value: Json): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function missing({ name, from }: MappedAttribute): string {
  const places = from.map((path) => path.text).join(" or ");
  return `Profile attribute "${name}" is required, but the user has no value at ${places}; send one, or take "required" from mapping.attributes.${name} in the tenant file.`;
}

function notScalar(name: string, source: string): string {
  return `Profile attribute "${name}" must be a text, a number or a boolean, but the user has something else at ${source}; name a sub-attribute in mapping.attributes.${name} of the tenant file.`;
}

function tooLong(name: string, source: string): string {
  return `Profile attribute "${name}" is looked up, but the user's value at ${source} has more than ${limits.indexedValueBytes} bytes; send a shorter one, or take "lookup" from mapping.attributes.${name} in the tenant file.`;
}
