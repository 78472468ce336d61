/**
 * What Microsoft Entra ID sends differently, besides what others send as well (see index.ts).
 *
 * Sources: Microsoft Learn, "How provisioning works" and "SCIM 2.0 protocol compliance"; design.md, "Mapping".
 */
import type { Resource } from "../schema.ts";

/**
 * The userName that a user had before Entra deleted it softly; undefined for everybody else.
 *
 * A deleted Entra user stays in its bin for 30 days under the name `<objectId in hex><UPN>`, which frees the UPN for
 * somebody new. Provisioning sends that name together with `active: false`; the restore sends the old one.
 *
 * @example
 * nameBeforeSoftDelete({ active: false, userName: "6f1bd3c0a3a44d0f9a0f0e9f1c2d3e4fada@example.com" }); // "ada@example.com"
 */
export function nameBeforeSoftDelete({ active, userName }: Resource): string | undefined {
  if (active !== false || typeof userName !== "string") return undefined;
  return /^[0-9a-f]{32}(?<name>[^\s].*)$/isu.exec(userName)?.groups?.["name"];
}
