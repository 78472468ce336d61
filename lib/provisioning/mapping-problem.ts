/**
 * Why a profile attribute has no value, in a sentence for the identity provider's administrator and the operator: it stands
 * in the answer to the one, and on the head that the other looks at. It names attributes and paths, never a value.
 */
import { limits } from "../scim/limits.ts";
import type { MappedAttribute, Scalar } from "./tenant.ts";
import { cureOf, formNames } from "./value-form.ts";

/** Whom the sentences are about, and where the tenant file says how the profile is made. */
export interface Subject {
  /** "user", or the name of a resource type. */
  readonly noun: string;
  /** Of the attributes, such as `mapping.attributes`. */
  readonly place: string;
}

export function missing({ noun, place }: Subject, { name, from }: MappedAttribute): string {
  const places = from.map((path) => path.text).join(" or ");
  return `Profile attribute "${name}" is required, but the ${noun} has no value at ${places}; send one, or take "required" from ${place}.${name} in the tenant file.`;
}

export function notScalar({ noun, place }: Subject, { name }: MappedAttribute, source: string): string {
  return `Profile attribute "${name}" must be a text, a number or a boolean, but the ${noun} has something else at ${source}; name a sub-attribute in ${place}.${name} of the tenant file.`;
}

export function tooLong({ noun, place }: Subject, { name }: MappedAttribute, source: string): string {
  return `Profile attribute "${name}" is looked up, but the ${noun}'s value at ${source} has more than ${limits.indexedValueBytes} bytes; send a shorter one, or take "lookup" from ${place}.${name} in the tenant file.`;
}

/** What the last step could do nothing with: the table does not have it, or it has not the form that is asked for. */
export function unusable(
  { noun, place }: Subject,
  { name, table, as = "text" }: MappedAttribute,
  source: string,
  value: Scalar,
): string {
  if (table !== undefined) {
    return `Profile attribute "${name}" has a table of values, but the ${noun}'s value at ${source} is not in it; send one that is, or add it, or "otherwise", to ${place}.${name} in the tenant file.`;
  }
  return `Profile attribute "${name}" must be ${formNames[as]}, but the ${noun}'s value at ${source} ${cureOf(value, as)}.`;
}
