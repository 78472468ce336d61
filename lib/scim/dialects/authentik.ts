/** What authentik sends differently: less than the RFC asks for. */
import { isList, type Json } from "../json.ts";

/**
 * Whether `schemas` of a body admits the schema that the body must have: it names it, in any case and among whatever
 * else, or is not there at all (D9).
 *
 * Who: authentik leaves `schemas` out; Entra's groups name an unknown URI beside the right one.
 * Source: GitHub: infisical 6552; Microsoft Learn, "Develop a SCIM endpoint".
 */
export function admitsSchema(schemas: Json | undefined, urn: string): boolean {
  if (schemas === undefined || schemas === null) return true;
  const named: readonly Json[] = isList(schemas) ? schemas : [schemas];
  const wanted = urn.toLowerCase();
  return named.length === 0 || named.some((one) => typeof one === "string" && one.toLowerCase() === wanted);
}
