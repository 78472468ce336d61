/**
 * The enterprise extension of User.
 *
 * Source: RFC 7643 sections 4.3 and 8.7.1. `manager.$ref` is readOnly here: what is stored of a manager is the id (D21).
 */
import type { Schema } from "../schema.ts";
import { attribute, complex } from "./attribute.ts";

export const enterpriseUserSchema: Schema = {
  id: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  name: "EnterpriseUser",
  description: "What an employer knows about a user",
  attributes: [
    attribute("employeeNumber", "The number that the organisation gave to the person."),
    attribute("costCenter", "The name of the cost centre."),
    attribute("organization", "The name of the organisation."),
    attribute("division", "The name of the division."),
    attribute("department", "The name of the department."),
    complex("manager", "The user's manager.", [
      attribute("value", "The id of the manager.", { caseExact: true, referenceTypes: ["User"] }),
      attribute("$ref", "The URI of the manager.", {
        type: "reference",
        mutability: "readOnly",
        referenceTypes: ["User"],
      }),
      attribute("displayName", "The displayName of the manager.", { mutability: "readOnly" }),
    ]),
  ],
};
