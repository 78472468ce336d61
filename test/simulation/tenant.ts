/** The tenant of the simulation: `title` is required until somebody mends the mapping, and what lacks it is parked. */
import { compileRoles } from "../../lib/provisioning/role-table.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { parsePath } from "../../lib/scim/attribute-path.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";

/** Some names of groups give nothing, some the same as others, and a rename may take one for the other. */
const roleTable = compileRoles("roles", { "g1*": "one", "g2*": ["one", "two"], "g3*": "three", "n*": "new" }, () => {});

/** `alias`: what the application finds everybody by, too; it is in nobody's profile in the end. */
export function simulatedTenant(
  titleRequired: boolean,
  alias?: string,
  { roles = false, events = false }: { roles?: boolean; events?: boolean } = {},
): Tenant {
  const attribute = { trim: false, required: false, lookup: false };
  return {
    name: "simulated",
    types: [userType, groupType],
    unknownMembers: "reject",
    importedBy: ["userName"],
    lifecycle: { rehire: "conflict" },
    evidenceDays: 30,
    leavers: { limitMinutes: 5, brake: { windowMinutes: 60, people: 500, percent: 20, action: "alarm" } },
    ...(events && {
      events: { values: true, sinks: [{ kind: "webhook", name: "app", url: "https://app.example.com" }] },
    }),
    mapping: {
      policy: "park",
      hash: `${titleRequired ? "000000000001" : "000000000002"}${alias ?? ""}`,
      roles: roles ? [roleTable] : [],
      resourceTypes: new Map(),
      attributes: [
        { ...attribute, name: "login", from: [parsePath(userType, "userName")], lookup: true },
        { ...attribute, name: "title", from: [parsePath(userType, "title")], required: titleRequired },
        ...(alias === undefined ? [] : [{ ...attribute, name: "alias", from: [], constant: alias, lookup: true }]),
      ],
    },
  };
}
