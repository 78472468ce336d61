/** A resource type that an operator names. */
import type { Tenant } from "../provisioning/tenant.ts";
import type { ResourceType } from "../scim/schema.ts";
import { UsageError } from "./io.ts";

/** In any case. Errors: UsageError, which names those there are. */
export function typeNamed(tenant: Tenant, name: string): ResourceType {
  const type = tenant.types.find(({ id }) => id.toLowerCase() === name.toLowerCase());
  if (type !== undefined) return type;
  throw new UsageError(
    `There is no resource type "${name}"; there are ${tenant.types.map(({ id }) => id).join(", ")}.`,
  );
}
