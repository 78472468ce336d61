/**
 * A re-hire: a POST for somebody whose userName an inactive user has.
 *
 * Decision: docs/decisions/0006-a-rehire-is-answered-as-a-create.md.
 */
import type { Resource } from "../scim/schema.ts";
import { fold } from "../scim/text.ts";
import type { Head } from "./head.ts";
import type { Tenant } from "./tenant.ts";

/**
 * Whether a POST is to bring an inactive user back. The same userName alone may be another person of that name, so both
 * have to carry the same externalId, too.
 */
export function isRehire({ lifecycle }: Tenant, holder: Head, asked: Resource): boolean {
  const { externalId } = asked;
  return (
    lifecycle.rehire === "reactivate" &&
    holder.type === "User" &&
    holder.state === "live" &&
    holder.resource["active"] === false &&
    nameOf(asked) === nameOf(holder.resource) &&
    externalId !== undefined &&
    externalId !== "" &&
    externalId === holder.resource["externalId"]
  );
}

/** What was taken may be another attribute of the same person, a badge: that alone brings nobody back. */
function nameOf({ userName }: Resource): string | undefined {
  return typeof userName === "string" ? fold(userName) : undefined;
}
