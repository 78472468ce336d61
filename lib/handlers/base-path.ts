/** Where the API begins: `/scim/v2`, in whatever spelling an administrator pasted it (R117). */
import { ScimError } from "../scim/error.ts";

/**
 * What follows the base path: `/Users/1`, or `/` for the base itself. Double and final slashes do not count.
 *
 * Errors: ScimError 404, which names the base path; for another version of the protocol too (R116).
 */
export function pathBelowBase(rawPath: string, stage: string): string {
  const path = rawPath.startsWith(`${stage}/`) ? rawPath.slice(stage.length) : rawPath;
  const [scim = "", version = "", ...rest] = path.split("/").filter((segment) => segment !== "");
  if (scim.toLowerCase() !== "scim") throw nothingHere();
  if (version.toLowerCase() === "v2") return `/${rest.join("/")}`;
  throw /^v[0-9.]{1,8}$/i.test(version) ? otherVersion(version) : nothingHere();
}

function nothingHere(): ScimError {
  return new ScimError(404, undefined, "there is nothing at this path; the base URL ends in /scim/v2");
}

function otherVersion(version: string): ScimError {
  const detail = `version "${version}" of the protocol is not offered here; use the base URL that ends in /scim/v2`;
  return new ScimError(404, undefined, detail);
}
