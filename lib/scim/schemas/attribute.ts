/**
 * Attribute definitions, written short: only what differs from the defaults is said.
 *
 * Source: the defaults of RFC 7643 section 2.2; section 2.3.6 and 2.3.7 for what is case exact by its type.
 */
import type { Attribute } from "../schema.ts";

type Characteristics = Partial<Omit<Attribute, "name" | "description">>;

/** An attribute: a text that may be absent, read and written, without regard to case, unless `more` says otherwise. */
export function attribute(name: string, description: string, more: Characteristics = {}): Attribute {
  return {
    name,
    type: "string",
    multiValued: false,
    description,
    required: false,
    caseExact: more.type === "reference" || more.type === "binary",
    mutability: "readWrite",
    returned: "default",
    uniqueness: "none",
    ...more,
  };
}

export function complex(
  name: string,
  description: string,
  subAttributes: readonly Attribute[],
  more: Characteristics = {},
): Attribute {
  return attribute(name, description, { type: "complex", subAttributes, ...more });
}

/**
 * An attribute of many values, each with `value`, `display`, `type` and `primary`.
 *
 * Source: RFC 7643 section 2.4.
 */
export function valueList(
  name: string,
  description: string,
  value: Attribute,
  types: readonly string[] = [],
): Attribute {
  return complex(
    name,
    description,
    [
      value,
      attribute("display", "A name to show for this value."),
      attribute("type", "What the value is for.", types.length > 0 ? { canonicalValues: types } : {}),
      primary,
    ],
    { multiValued: true },
  );
}

export const primary = attribute("primary", "Whether this is the preferred value; at most one of the list is.", {
  type: "boolean",
});
