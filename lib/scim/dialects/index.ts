/**
 * What identity providers send differently, one file a vendor: small functions that recognise a form and say what it
 * stands for. They are called where such a value is read, before it is validated.
 *
 * A form is recognised by itself, never by the User-Agent: one tenant speaks two dialects at once (Entra's provision on
 * demand ignores the flag that its cycles heed), and templates and proxies make every other mixture.
 *
 * What is not here stands where it is read, because there it is a word in a rule and not a step of its own:
 *
 * | form | who | where |
 * | --- | --- | --- |
 * | `op` in any case (D5) | Entra | `patch-operation.ts` |
 * | keys of a value without path are paths: dotted, with URN, with a value filter | Entra with the flag | `patch-value.ts`, `readKey` |
 * | names in any case, `emails[type eq "other"].Value`, a member's `Value` (R19) | Entra | `resource-type.ts`, `findAttribute`; `member-reference.ts` |
 * | `null`, `[]`, `$ref: null`, `roles: []` are nothing (R18) | Entra, Okta, OneLogin | `value.ts`, `isNothing` |
 * | core attributes below the core URN | clients that nest as snipe-it 12642 did | `body.ts`, `patch-value.ts` |
 * | an element of a value path as a list of one | as Entra's older `manager` | `patch-value.ts`, `readAt` |
 * | extension data without its URN in `schemas` (R112) | Entra, OneLogin | `body.ts`: `schemas` is made from the values |
 * | a value path that finds nothing is created (D1) | Entra | `patch-list.ts`, `changeChosen` |
 * | adding what is there, removing what is not (D2) | Okta, JumpCloud | `patch-list.ts`; `provisioning/draft-members.ts` |
 * | several `primary: true` (D18) | templates that customers edit | `value.ts`, `withOnePrimary` |
 * | a filter value of one word without quotes (D19) | authentik 16455 and 16677 | `comparison.ts`, the last case of `valueOf` |
 * | media types in any case, with parameters, or none (D22) | OneLogin | `handlers/media-type.ts` |
 */
import { isObject, type Json } from "../json.ts";
import { objectFromText, oneFromList } from "./entra.ts";
import { referenceFromManagerId } from "./onelogin.ts";

/**
 * A reference in any vendor's form as `{value, ...}`; null when it refers to nobody (D10, D20). What else was sent comes
 * back as it is.
 */
export function readReference(sent: Json): Json {
  const one = oneFromList(sent);
  if (typeof one === "string") return objectFromText(one);
  return isObject(one) ? referenceFromManagerId(one) : one === null ? null : sent;
}
