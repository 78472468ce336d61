/** What SCIM has and Rollcall does not: 501, and what to do instead (R48, R89, R90). */
import { ScimError } from "../scim/error.ts";
import type { Route } from "./router.ts";

export function notOffered(what: string, instead: string): Route["handle"] {
  // A rejection, not a throw: the route is found and is to be logged as such.
  return () => Promise.reject(new ScimError(501, undefined, `${what} is not offered here; ${instead}`));
}
