/** A tenant file with schemas and a resource type of the tenant's own. */

export const deviceSchema = "urn:acme:params:scim:schemas:2.0:Device";
export const warrantySchema = "urn:acme:params:scim:schemas:extension:2.0:Warranty";
export const badgeSchema = "urn:ietf:params:scim:schemas:extension:Acme:2.0:User";

export const schemas = [
  {
    id: deviceSchema,
    name: "Device",
    attributes: [
      { name: "serialNumber", required: true, uniqueness: "server" },
      { name: "model", mutability: "immutable" },
      { name: "active", type: "boolean" },
      {
        name: "ports",
        type: "complex",
        multiValued: true,
        subAttributes: [{ name: "name" }, { name: "speed", type: "integer" }],
      },
      { name: "owner", type: "complex", subAttributes: [{ name: "value" }, { name: "label" }] },
    ],
  },
  {
    id: warrantySchema,
    name: "Warranty",
    attributes: [
      { name: "until", type: "dateTime" },
      { name: "contract", mutability: "immutable" },
    ],
  },
  {
    id: badgeSchema,
    name: "Badge",
    attributes: [{ name: "number", uniqueness: "server" }, { name: "floor" }],
  },
];

export const deviceType = {
  name: "Device",
  endpoint: "/Devices",
  schema: deviceSchema,
  extensions: [warrantySchema],
  lookups: ["owner.label"],
};

/** Right, but for what a test puts in. */
export function customTenantFile(changes: object = {}): unknown {
  return {
    environment: { region: "eu-central-1" },
    mapping: { attributes: { login: { from: "userName" }, badge: { from: `${badgeSchema}:number` } } },
    schemas,
    extensions: { User: [badgeSchema] },
    lookups: { User: [`${badgeSchema}:floor`, "nickName"] },
    resourceTypes: [deviceType],
    ...changes,
  };
}
