/** The types of what identity providers send, by the schemas: as it is stored, and as the entry of an unmapped type shows it. */
import type { Attribute } from "../../scim/schema.ts";

export interface TypedAttribute {
  readonly name: string;
  /** As TypeScript writes it. */
  readonly type: string;
  /** It may be absent, and is never null. */
  readonly optional: boolean;
  /** The entry is found by it. */
  readonly lookup: boolean;
  /** Of a text that is a day or a time. */
  readonly form?: "date" | "dateTime";
}

/** Of a single value, or of each of several. */
export function sentType({ type, subAttributes = [] }: Attribute): string {
  switch (type) {
    case "boolean":
      return "boolean";
    case "decimal":
    case "integer":
      return "number";
    case "complex":
      return objectType(sentAttributes(subAttributes, false));
    default:
      return "string";
  }
}

/** What is kept of these. `hold`: what is required is there; of parts of an attribute nobody sees to that. */
export function sentAttributes(attributes: readonly Attribute[], hold: boolean): TypedAttribute[] {
  return attributes
    .filter(
      ({ mutability, returned }) => mutability !== "readOnly" && mutability !== "writeOnly" && returned !== "never",
    )
    .map((attribute) => {
      const { name, multiValued, required } = attribute;
      const one = sentType(attribute);
      return { name, type: multiValued ? listType(one) : one, optional: !(hold && required), lookup: false };
    });
}

export function objectType(attributes: readonly TypedAttribute[]): string {
  const members = attributes.map((attribute) => `${memberText(attribute)};`);
  return members.length === 0 ? "object" : `{ ${members.join(" ").slice(0, -1)} }`;
}

/** Without the semicolon: `readonly email?: string`. */
export function memberText({ name, type, optional }: TypedAttribute): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  return `readonly ${key}${optional ? "?" : ""}: ${type}`;
}

function listType(one: string): string {
  return /^\w+$/.test(one) ? `readonly ${one}[]` : `readonly (${one})[]`;
}
