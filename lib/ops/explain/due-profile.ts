/** The profile that an entry should have now: what the present mapping makes of the resource, and the roles of the groups. */
import type { Entry } from "../../provisioning/entry.ts";
import type { Head } from "../../provisioning/head.ts";
import { mapGroup, type Mapped, mapOther, mapUser } from "../../provisioning/mapping.ts";
import { withRoles } from "../../provisioning/roles.ts";
import { rolesAreDue } from "../../provisioning/roles-due.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import type { JsonObject } from "../../scim/json.ts";
import { groupType, userType } from "../../scim/resource-type.ts";
import type { Resource } from "../../scim/schema.ts";
import type { Operations } from "../operations.ts";

export interface Due {
  /** Absent: the tenant file does not map this type. */
  readonly mapped?: Mapped;
  readonly profile: JsonObject;
}

/** Of one that is not deleted. Reads a user's groups where a table of the tenant file makes roles of them. Errors: TableError. */
export async function dueOf(o: Operations, head: Head, entry: Entry | undefined): Promise<Due> {
  const { type, resource } = head;
  const mapped = mappedBy(o.tenant, type, withFormerName(resource));
  if (mapped === undefined) return { profile: type === groupType.id ? mapGroup(resource) : resource };
  const { roles } = o.tenant.mapping;
  if (type !== userType.id || roles.length === 0 || entry === undefined) return { mapped, profile: mapped.profile };
  // While they are being made anew it is not known here what they will be.
  const { profile } = rolesAreDue(head) ? entry : await withRoles(o, entry);
  const made = roles.flatMap(({ name }) => (profile[name] === undefined ? [] : [[name, profile[name]] as const]));
  return { mapped, profile: { ...mapped.profile, ...Object.fromEntries(made) } };
}

/** Undefined when the tenant file does not map this type. */
export function mappedBy({ mapping }: Tenant, type: string, resource: Resource): Mapped | undefined {
  if (type === userType.id) return mapUser(mapping, resource);
  const mapped = mapOther(mapping, type, resource);
  // A group is never held back: what cannot be used is left out.
  return mapped !== undefined && type === groupType.id ? { ...mapped, problems: [] } : mapped;
}

/** A soft-deleted user keeps the name that it had. */
function withFormerName(resource: Resource): Resource {
  const userName = nameBeforeSoftDelete(resource);
  return userName === undefined ? resource : { ...resource, userName };
}
