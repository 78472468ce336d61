/**
 * What Microsoft Entra ID sends differently. Some of it others send as well: each entry says who, and where it was seen.
 *
 * Entra has two dialects, with and without the flag `aadOptscim062020` in the tenant URL; its provision on demand ignores
 * the flag, so that one tenant speaks both in the same minute.
 */
import type { Token } from "../filter-lexer.ts";
import { isList, type Json, type JsonObject } from "../json.ts";
import { findAttribute } from "../resource-type.ts";
import type { Attribute, Resource, ResourceType, Schema } from "../schema.ts";

/**
 * A boolean that may have come as a text, `"False"` (D4); undefined for any other value.
 *
 * Who: Entra without the flag, in bodies and in value paths (`roles[primary eq "True"]`); OneLogin's template.
 * Source: Microsoft Learn, "SCIM 2.0 protocol compliance" and "Customize attribute mappings"; Keepnet's OneLogin template.
 */
export function booleanFromText(value: Json): boolean | undefined {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.toLowerCase() : undefined;
  return word === "true" ? true : word === "false" ? false : undefined;
}

/**
 * A plain text where a complex value is due stands for its `value`, an empty one for nothing: null (D20, D10).
 *
 * Who: Entra, for `manager` and for elements of `roles`.
 * Source: Microsoft Learn, "Develop a SCIM endpoint"; GitHub: Budibase 15369.
 */
export function objectFromText(text: string): JsonObject | null {
  return text === "" ? null : { value: text };
}

/**
 * The one reference of a list of one, null of an empty list; anything else as it is (D20).
 *
 * Who: Entra in its older form, an array of one `{$ref, value}` for `manager`.
 * Source: GitHub: SCIM-SDK 686, directory-scimple 1242.
 */
export function oneFromList(sent: Json): Json {
  return isList(sent) && sent.length <= 1 ? (sent[0] ?? null) : sent;
}

/**
 * The extension's attribute that is meant by a name without its URN: one that this extension alone has (D14).
 *
 * Who: Entra, `department` and `manager` at the top of a body, and `manager eq "id"` in its reference check.
 * Source: Microsoft Learn, "Develop a SCIM endpoint".
 */
export function attributeWithoutUrn(
  type: ResourceType,
  name: string,
): { readonly schema: Schema; readonly attribute: Attribute } | undefined {
  let found: { schema: Schema; attribute: Attribute } | undefined;
  for (const { schema } of type.extensions) {
    const attribute = findAttribute(schema.attributes, name);
    if (attribute === undefined) continue;
    if (found !== undefined) return undefined;
    found = { schema, attribute };
  }
  return found;
}

/**
 * The elements that a `remove` names in its value; undefined when it has none, and all are to go (D3).
 *
 * Who: Entra without the flag, `{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": "id"}]}`; JumpCloud.
 * Source: Microsoft Learn, "SCIM 2.0 protocol compliance"; a note of a vendor on JumpCloud; test/idp/jumpcloud.json.
 */
export function elementsToRemove(value: Json | undefined): readonly Json[] | undefined {
  if (value === undefined || value === null) return undefined;
  return isList(value) ? value : [value];
}

/**
 * Whether a filter goes on right behind the brackets of a value path, `emails[type eq "work"].value eq "x"` (D6): one more
 * thing that is asked of the element. The grammar of RFC 7644 has no such form.
 *
 * Who: Entra, when an e-mail is the matching attribute.
 * Source: Microsoft Learn, "Develop a SCIM endpoint".
 */
export function goesOnBehindBrackets(closing: Token | undefined, behind: Token): boolean {
  return behind.kind === "word" && behind.text.startsWith(".") && behind.at === closing?.to;
}

/**
 * The userName that a user had before Entra deleted it softly; undefined for everybody else.
 *
 * A deleted Entra user stays in its bin for 30 days under the name `<objectId in hex><UPN>`, which frees the UPN for
 * somebody new. Provisioning sends that name together with `active: false`; the restore sends the old one.
 *
 * Who: Entra. Source: Microsoft Learn, "How provisioning works".
 *
 * @example
 * nameBeforeSoftDelete({ active: false, userName: "6f1bd3c0a3a44d0f9a0f0e9f1c2d3e4fada@example.com" }); // "ada@example.com"
 */
export function nameBeforeSoftDelete({ active, userName }: Resource): string | undefined {
  if (active !== false || typeof userName !== "string") return undefined;
  return /^[0-9a-f]{32}(?<name>\S.*)$/isu.exec(userName)?.groups?.["name"];
}
