/** The resource type that is called so: `users`, `User`, `groups`, or the endpoint or the name of a type of the tenant's own. */
import type { Tenant } from "../../provisioning/tenant.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { OperationError } from "../operations.ts";

/** In any case. Errors: OperationError, which names those there are. */
export function typeCalled({ types }: Pick<Tenant, "types">, word: string): ResourceType {
  const asked = word.toLowerCase();
  const type = types.find((one) => [one.id.toLowerCase(), listNameOf(one)].includes(asked));
  if (type !== undefined) return type;
  throw new OperationError(`There is no "${word}" to list; there are ${types.map(listNameOf).join(", ")}.`);
}

/** `users`: the endpoint without its slash, in lower case. */
export function listNameOf({ endpoint }: Pick<ResourceType, "endpoint">): string {
  return endpoint.slice(1).toLowerCase();
}
