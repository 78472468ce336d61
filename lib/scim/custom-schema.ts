/**
 * Schemas that a tenant defines: what RFC 7643 leaves out filled in, and what could not work found before it is used.
 *
 * Source: RFC 7643 section 7, and section 2.2 for the defaults.
 */
import type { Attribute, Schema } from "./schema.ts";

/** An attribute as it is defined; `caseExact` has a default that depends on the type. */
export interface AttributeDefinition extends Omit<Attribute, "caseExact" | "subAttributes"> {
  readonly caseExact?: boolean;
  readonly subAttributes?: readonly AttributeDefinition[];
}

export interface SchemaDefinition extends Omit<Schema, "attributes"> {
  readonly attributes: readonly AttributeDefinition[];
}

/** Where in the definition something is wrong, and what. */
export interface DefinitionProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export function customSchema({ id, name, description, attributes }: SchemaDefinition): Schema {
  return { id, name, description, attributes: attributes.map(attributeOf) };
}

function attributeOf({ subAttributes, caseExact, ...rest }: AttributeDefinition): Attribute {
  return {
    ...rest,
    caseExact: caseExact ?? (rest.type === "reference" || rest.type === "binary"),
    ...(subAttributes && { subAttributes: subAttributes.map(attributeOf) }),
  };
}

/** Names of the server's own, in resources of any type; nobody else's attribute can be told from them. */
const reservedNames = new Set(["id", "externalid", "meta", "schemas", "password", "members", "groups"]);
/** An object of JavaScript has these without being given them. */
const inheritedNames = new Set(["constructor", "prototype"]);

/** What could not work, whatever the definition is used for. Empty: it can be used. */
export function problemsOfSchema({ attributes }: SchemaDefinition): DefinitionProblem[] {
  return attributes.flatMap((attribute, n) => {
    const at = ["attributes", n];
    const reserved = reservedNames.has(attribute.name.toLowerCase())
      ? [problem([...at, "name"], attribute.name, "another name: this one is the server's own")]
      : [];
    return [...reserved, ...problemsOfAttribute(attributes, attribute, at), ...problemsOfParts(attribute, at)];
  });
}

function problemsOfParts({ type, subAttributes }: AttributeDefinition, at: readonly (string | number)[]) {
  const place = [...at, "subAttributes"];
  if (type !== "complex") {
    return subAttributes === undefined ? [] : [plain(place, `an attribute of type ${type} has no parts`)];
  }
  if (subAttributes === undefined || subAttributes.length === 0) {
    return [plain(place, "missing; expected the parts of the complex attribute, one at least")];
  }
  return subAttributes.flatMap((sub, n) => {
    const unique =
      sub.uniqueness === "none"
        ? []
        : [problem([...place, n, "uniqueness"], sub.uniqueness, '"none": only a whole attribute can be unique')];
    return [...unique, ...problemsOfAttribute(subAttributes, sub, [...place, n], unique.length === 0)];
  });
}

function problemsOfAttribute(
  siblings: readonly AttributeDefinition[],
  attribute: AttributeDefinition,
  at: readonly (string | number)[],
  checkUnique = true,
): DefinitionProblem[] {
  const { name, mutability, required, returned } = attribute;
  const problems: DefinitionProblem[] = [];
  const isSub = at.includes("subAttributes");
  if (!isAllowedName(name, isSub)) {
    problems.push(problem([...at, "name"], name, "1 to 64 letters, digits, - and _, a letter first"));
  }
  const first = siblings.findIndex((one) => one.name.toLowerCase() === name.toLowerCase());
  if (siblings[first] !== attribute) {
    problems.push(problem([...at, "name"], name, "a name that is not there already; names are the same in any case"));
  }
  if (required && (mutability === "readOnly" || mutability === "writeOnly" || returned === "never")) {
    const message = `a ${mutability} attribute${returned === "never" ? " that is never returned" : ""} is not kept, so it cannot be required`;
    problems.push(plain([...at, "required"], message));
  }
  if (checkUnique && attribute.uniqueness !== "none" && !canBeUnique(attribute)) {
    problems.push(
      problem([...at, "uniqueness"], attribute.uniqueness, '"none": only a single text that is kept can be unique'),
    );
  }
  return problems;
}

function canBeUnique({ type, multiValued, mutability, returned }: AttributeDefinition): boolean {
  const kept = mutability !== "readOnly" && mutability !== "writeOnly" && returned !== "never";
  return (type === "string" || type === "reference") && !multiValued && kept;
}

/** `attrName` of RFC 7644's ABNF, and `$ref` in a part of an attribute. */
function isAllowedName(name: string, isSub: boolean): boolean {
  if (isSub && name === "$ref") return true;
  return /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name) && !inheritedNames.has(name);
}

function problem(path: readonly (string | number)[], found: string, expected: string): DefinitionProblem {
  return plain(path, `found ${JSON.stringify(found.slice(0, 80))}; expected ${expected}`);
}

function plain(path: readonly (string | number)[], message: string): DefinitionProblem {
  return { path, message };
}
