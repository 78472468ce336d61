/** A user as an orphan report has it: enough to recognise and compare, so that a hundred thousand fit into memory. */
import type { Head } from "../../provisioning/head.ts";
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import { isList, isObject } from "../../scim/json.ts";
import type { Resource } from "../../scim/schema.ts";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly externalId?: string;
  readonly active: boolean;
  /** Milliseconds since 1970: the last change that was accepted; of somebody inactive, when that was said. */
  readonly since: number;
}

export function personOf({ id, resource, lastModified, leftAt }: Head): Person {
  const { userName, externalId, active } = resource;
  return {
    id,
    name: typeof userName === "string" ? userName : id,
    ...(typeof externalId === "string" ? { externalId } : {}),
    active: active !== false,
    since: active === false ? (leftAt ?? lastModified) : lastModified,
  };
}

/** All that an export may call somebody: the userName, the one before Entra's soft delete, each e-mail. */
export function namesOf(resource: Resource): string[] {
  const { userName, emails } = resource;
  const addresses = isList(emails) ? emails.flatMap((one) => (isObject(one) ? one["value"] : undefined)) : [];
  return [userName, nameBeforeSoftDelete(resource), ...addresses].filter((name) => typeof name === "string");
}
