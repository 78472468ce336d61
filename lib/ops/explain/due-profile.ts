/** The profile that a user's entry should have now: what the present mapping makes of the user, and the roles of the groups. */
import type { Entry } from "../../provisioning/entry.ts";
import type { Head } from "../../provisioning/head.ts";
import type { Mapped } from "../../provisioning/mapping.ts";
import { withRoles } from "../../provisioning/roles.ts";
import { rolesAreDue } from "../../provisioning/roles-due.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { Operations } from "../operations.ts";

/** Reads the user's groups where a table of the tenant file makes roles of them. Errors: TableError. */
export async function dueProfile(
  o: Operations,
  { head, mapped, entry }: { head: Head; mapped: Mapped; entry?: Entry },
): Promise<JsonObject> {
  const { roles } = o.tenant.mapping;
  if (roles.length === 0 || entry === undefined) return mapped.profile;
  // While they are being made anew it is not known here what they will be.
  const { profile } = rolesAreDue(head) ? entry : await withRoles(o, entry);
  const made = roles.flatMap(({ name }) => (profile[name] === undefined ? [] : [[name, profile[name]] as const]));
  return { ...mapped.profile, ...Object.fromEntries(made) };
}
