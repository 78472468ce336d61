/** Who made a change, by the id of the token that it carries. */
import { importTokenPrefix } from "../provisioning/import-resource.ts";

/** `imported (import 3f2a9c01)`; undefined for a change that no import made. */
export function importText(tokenId: string): string | undefined {
  return isImport(tokenId) ? `imported (import ${tokenId.slice(importTokenPrefix.length)})` : undefined;
}

/** The same, or `token okta`; nothing where it is not known. */
export function callerText(tokenId: string): string | undefined {
  return tokenId === "" ? undefined : (importText(tokenId) ?? `token ${tokenId}`);
}

/** No id of a token has a hyphen in it. */
export function isImport(tokenId: string): boolean {
  return tokenId.startsWith(importTokenPrefix);
}
