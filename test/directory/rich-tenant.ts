/** A tenant file in which a profile has every kind of attribute. */
export const richTenantFile = {
  environment: { region: "eu-central-1" },
  mapping: {
    policy: "park",
    attributes: {
      login: { from: "userName", trim: true, case: "lower", required: true, lookup: true },
      email: { from: ['emails[type eq "work"].value', "emails.value"], case: "lower", lookup: true },
      fullName: { from: ["name.givenName", "name.familyName"], join: " " },
      costCentre: { from: "department", table: { Sales: 100, Research: "R-7" }, otherwise: "X-0" },
      plan: { from: "userType", constant: "Employee", table: { Employee: "full", Contractor: "limited" } },
      badge: { from: "employeeNumber", as: "number", lookup: true },
      isManager: { from: 'roles[type eq "manager"].value', constant: "no", as: "boolean" },
      isHere: { from: "active" },
      hiredOn: { from: "urn:ietf:params:scim:schemas:extension:Acme:2.0:User:hiredOn", as: "date" },
      seenAt: { from: "urn:ietf:params:scim:schemas:extension:Acme:2.0:User:seenAt", as: "dateTime" },
      floor: { from: "urn:ietf:params:scim:schemas:extension:Acme:2.0:User:floor" },
      floorText: { from: "urn:ietf:params:scim:schemas:extension:Acme:2.0:User:floor", as: "text" },
      source: { constant: "scim" },
      level: { from: "urn:ietf:params:scim:schemas:extension:Acme:2.0:User:floor", constant: "none" },
      roles: { fromGroups: { "Sales Admins": "admin", "Support*": "agent" } },
    },
    resourceTypes: {
      Group: {
        attributes: {
          name: { from: "displayName", lookup: true },
          kind: { from: "externalId", constant: "t", table: { t: "team", p: "project" } },
          source: { constant: "scim" },
        },
      },
      Room: { attributes: { number: { from: "number", as: "number", required: true, lookup: true } } },
    },
  },
  schemas: [
    {
      id: "urn:ietf:params:scim:schemas:extension:Acme:2.0:User",
      name: "AcmeUser",
      attributes: [{ name: "hiredOn" }, { name: "seenAt", type: "dateTime" }, { name: "floor", type: "integer" }],
    },
    { id: "urn:acme:params:scim:schemas:2.0:Room", name: "Room", attributes: [{ name: "number", required: true }] },
    {
      id: "urn:acme:params:scim:schemas:2.0:Device",
      name: "Device",
      attributes: [
        { name: "serialNumber", required: true, uniqueness: "server" },
        { name: "active", type: "boolean" },
        {
          name: "owner",
          type: "complex",
          subAttributes: [
            { name: "value", required: true },
            { name: "$ref", type: "reference" },
          ],
        },
        { name: "tags", multiValued: true },
        { name: "ports", type: "complex", multiValued: true, subAttributes: [{ name: "number", type: "integer" }] },
        { name: "os-version" },
        { name: "pin", mutability: "writeOnly", returned: "never" },
      ],
    },
    {
      id: "urn:acme:params:scim:schemas:2.0:Warranty",
      name: "Warranty",
      attributes: [
        { name: "until", type: "dateTime", required: true },
        { name: "price", type: "decimal" },
      ],
    },
  ],
  extensions: { User: ["urn:ietf:params:scim:schemas:extension:Acme:2.0:User"] },
  resourceTypes: [
    { name: "Room", endpoint: "/Rooms", schema: "urn:acme:params:scim:schemas:2.0:Room" },
    {
      name: "Device",
      endpoint: "/Devices",
      schema: "urn:acme:params:scim:schemas:2.0:Device",
      extensions: ["urn:acme:params:scim:schemas:2.0:Warranty"],
    },
  ],
};
