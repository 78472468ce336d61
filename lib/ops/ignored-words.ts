/** Why something that was sent is not kept, in words for the operator. */
import type { Ignored } from "../scim/schema.ts";

export const ignoredWords: Readonly<Record<Ignored["reason"], string>> = {
  unknown: "no schema has it",
  readOnly: "set by the server",
  neverStored: "never kept",
  unknownMember: "nobody of that id",
};
