/**
 * The mapping: how the application's profile is made from a SCIM resource by the tenant file.
 *
 * Pure, and with a trace of what was tried: the dry run at accept, the worker, and every explanation read the same one.
 */
import type { ResolvedPath } from "../scim/attribute-path.ts";
import type { Json, JsonObject } from "../scim/json.ts";
import { limits } from "../scim/limits.ts";
import { primaryFirst } from "../scim/primary-first.ts";
import type { Resource } from "../scim/schema.ts";
import { select } from "../scim/select.ts";
import { fold } from "../scim/text.ts";
import { subValues } from "../scim/values-at.ts";
import { missing, notScalar, type Subject, tooLong, unusable } from "./mapping-problem.ts";
import type { MappedAttribute, Mapping, Scalar } from "./tenant.ts";
import { takeSteps } from "./value-steps.ts";

/** How one profile attribute got its value, or why it has none. Never holds a value. */
export interface TraceStep {
  readonly attribute: string;
  /** The paths in order, up to the one that gave the value; all of them when their values are joined. */
  readonly tried: readonly { readonly path: string; readonly found: boolean }[];
  /** The path that gave the value, those that were joined, or `constant`. */
  readonly source?: string;
  /** What was done to the value, in order: `join`, `trim`, `lower case`, `table`, `as date` … Absent: nothing. */
  readonly steps?: readonly string[];
  /** `missing`: absent, but required. `unusable`: there is one that cannot become what the tenant file asks for. */
  readonly outcome: "mapped" | "absent" | "missing" | "unusable";
  /** Of what is missing or unusable: the sentence that is also in `problems`. */
  readonly problem?: string;
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

interface MappedOne {
  readonly step: TraceStep;
  readonly value?: Scalar;
  readonly lookup?: Lookup;
}

const user: Subject = { noun: "user", place: "mapping.attributes" };

/** The profile of a user, but for the roles. What cannot be mapped is told in `problems`, and left out of the profile. */
export function mapUser(mapping: Mapping, resource: Resource): Mapped {
  return mapAll(user, mapping.attributes, resource);
}

/** The profile of another type; undefined when the tenant file does not say how it is made. */
export function mapOther(mapping: Mapping, type: string, resource: Resource): Mapped | undefined {
  const own = mapping.resourceTypes.get(type);
  return own && mapAll({ noun: type, place: `mapping.resourceTypes.${type}.attributes` }, own.attributes, resource);
}

function mapAll(subject: Subject, attributes: readonly MappedAttribute[], resource: Resource): Mapped {
  const all = attributes.map((attribute) => mapAttribute(subject, attribute, resource));
  return {
    profile: Object.fromEntries(
      all.flatMap(({ step, value }) => (value === undefined ? [] : [[step.attribute, value]])),
    ),
    lookups: all.flatMap(({ lookup }) => lookup ?? []),
    trace: all.map(({ step }) => step),
    problems: all.flatMap(({ step }) => step.problem ?? []),
  };
}

/** The profile of a group whose tenant configures none. */
export function mapGroup(resource: Resource): JsonObject {
  const { displayName, externalId } = resource;
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

function mapAttribute(subject: Subject, attribute: MappedAttribute, resource: Resource): MappedOne {
  const { name, constant, required, join } = attribute;
  const { tried, found } = join === undefined ? firstOf(attribute, resource) : allOf(attribute, resource, join);
  const { source, value } = found ?? { source: "constant", value: constant };
  const begun = { attribute: name, tried };
  if (value === undefined) {
    if (!required) return { step: { ...begun, outcome: "absent" } };
    return { step: { ...begun, outcome: "missing", problem: missing(subject, attribute) } };
  }
  const failed = (problem: string, steps: readonly string[] = []): MappedOne => {
    return { step: { ...begun, source, ...named(steps), outcome: "unusable", problem } };
  };
  if (!isScalar(value)) return failed(notScalar(subject, attribute, source));
  const { value: made, steps: taken } = takeSteps(attribute, value);
  const steps = join !== undefined && found !== undefined ? ["join", ...taken] : taken;
  if (made === undefined) return failed(unusable(subject, attribute, source, value), steps);
  const step = { ...begun, source, ...named(steps), outcome: "mapped" } as const;
  if (!attribute.lookup) return { step, value: made };
  const key = fold(String(made));
  if (new TextEncoder().encode(key).length > limits.indexedValueBytes) {
    return failed(tooLong(subject, attribute, source), steps);
  }
  return { step, value: made, lookup: { attribute: name, value: key } };
}

function named(steps: readonly string[]): Pick<TraceStep, "steps"> {
  return steps.length === 0 ? {} : { steps };
}

interface Search {
  readonly tried: TraceStep["tried"];
  readonly found?: { readonly source: string; readonly value: Json };
}

function firstOf(attribute: MappedAttribute, resource: Resource): Search {
  const tried: { path: string; found: boolean }[] = [];
  for (const path of attribute.from) {
    const value = valueAt(resource, path, attribute);
    tried.push({ path: path.text, found: value !== undefined });
    if (value !== undefined) return { tried, found: { source: path.text, value } };
  }
  return { tried };
}

/** Of several values the primary one, else the first (RFC 7643 section 2.4). */
function valueAt(resource: Resource, path: ResolvedPath, attribute: MappedAttribute): Json | undefined {
  const { subAttribute: _, ...whole } = path;
  return subValues(primaryFirst(select(resource, whole)), path).find((value) => !isEmpty(value, attribute));
}

/** All values of all paths, in the order of the paths and each trimmed if it is to be. What has parts is left as it is: unusable. */
function allOf(attribute: MappedAttribute, resource: Resource, separator: string): Search {
  const all = attribute.from.map((path) => ({
    path: path.text,
    values: select(resource, path).filter((value) => !isEmpty(value, attribute)),
  }));
  const tried = all.map(({ path, values }) => ({ path, found: values.length > 0 }));
  const source = tried.flatMap(({ path, found }) => (found ? [path] : [])).join(" + ");
  const values = all.flatMap((one) => one.values);
  if (values.length === 0) return { tried };
  const textOf = (value: Scalar) => (attribute.trim ? String(value).trim() : String(value));
  const value = values.every(isScalar) ? values.map(textOf).join(separator) : values;
  return { tried, found: { source, value } };
}

/** An empty text is no value; nor is white space, when it is to be trimmed. */
function isEmpty(value: Json, { trim }: MappedAttribute): boolean {
  return typeof value === "string" && (trim ? value.trim() : value) === "";
}

function isScalar(value: Json): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
