/**
 * The keys of a tenant file that define schemas and resource types of the tenant's own.
 *
 * Source: RFC 7643 section 7 for a schema's definition, with the defaults of section 2.2; section 6 for resource types.
 */
import * as z from "zod/mini";

/** They bound what `/Schemas` answers, the work of reading a body, and the items of a transaction. */
const schemasMost = 20;
const attributesMost = 100;
const subAttributesMost = 50;
const typesMost = 10;
const extensionsMost = 10;
const lookupsMost = 10;

const simpleTypes = ["string", "boolean", "decimal", "integer", "dateTime", "binary", "reference"] as const;

/** At most so many, and what they are in the message. */
const list = <Item extends z.core.$ZodType>(item: Item, most: number, what: string) =>
  z.array(item).check(z.maxLength(most, { error: `at most ${most} ${what}` }));

const words = z.array(z.string());
const description = z.prefault(z.string(), "");

const characteristics = {
  name: z.string(),
  multiValued: z.prefault(z.boolean(), false),
  description,
  required: z.prefault(z.boolean(), false),
  caseExact: z.exactOptional(z.boolean()),
  mutability: z.prefault(z.enum(["readOnly", "readWrite", "immutable", "writeOnly"]), "readWrite"),
  returned: z.prefault(z.enum(["always", "never", "default", "request"]), "default"),
  uniqueness: z.prefault(z.enum(["none", "server", "global"]), "none"),
  canonicalValues: z.exactOptional(words),
  referenceTypes: z.exactOptional(words),
};

const subAttribute = z.strictObject({ ...characteristics, type: z.prefault(z.enum(simpleTypes), "string") });

const attribute = z.strictObject({
  ...characteristics,
  type: z.prefault(z.enum([...simpleTypes, "complex"]), "string"),
  subAttributes: z.exactOptional(list(subAttribute, subAttributesMost, "sub-attributes")),
});

const urn = z.string().check(
  z.regex(/^urn:[A-Za-z0-9][A-Za-z0-9-]{0,31}:[A-Za-z0-9_.:-]{0,199}[A-Za-z0-9]$/, {
    error: "a URN of letters, digits and - _ . : such as urn:acme:params:scim:schemas:2.0:Device",
  }),
);

const schema = z.strictObject({
  // A definition may be pasted as another server's /Schemas gave it.
  schemas: z.exactOptional(words),
  meta: z.exactOptional(z.record(z.string(), z.unknown())),
  id: urn,
  name: z.string().check(z.minLength(1, { error: "a text that is not empty" })),
  description,
  attributes: list(attribute, attributesMost, "attributes").check(
    z.minLength(1, { error: `1 to ${attributesMost} attributes` }),
  ),
});

const extensionsOf = list(urn, extensionsMost, "extensions");
const lookupsOf = list(z.string(), lookupsMost, "lookups");

const resourceType = z.strictObject({
  name: z
    .string()
    .check(
      z.regex(/^[A-Z][A-Za-z0-9]{0,31}$/, { error: "1 to 32 letters and digits, a capital first, such as Device" }),
    ),
  description,
  endpoint: z
    .string()
    .check(z.regex(/^\/[A-Za-z][A-Za-z0-9-]{0,63}$/, { error: "a path of one segment, such as /Devices" })),
  schema: urn,
  extensions: z.prefault(extensionsOf, []),
  lookups: z.prefault(lookupsOf, []),
});

const byType = <Value extends z.core.$ZodType>(value: Value) =>
  z.strictObject({ User: z.exactOptional(value), Group: z.exactOptional(value) });

/** Beside the other keys of a tenant file. */
export const customSettings = {
  schemas: z.exactOptional(list(schema, schemasMost, "schemas")),
  extensions: z.exactOptional(byType(extensionsOf)),
  lookups: z.exactOptional(byType(lookupsOf)),
  resourceTypes: z.exactOptional(list(resourceType, typesMost, "resource types")),
};

const all = z.object(customSettings);

export type CustomSettings = z.infer<typeof all>;
