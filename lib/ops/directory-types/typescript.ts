/** The file that `rollcall types` writes: entries, lookups and events of a tenant, for `rollcall/directory`. */
import type { EntryType } from "./entry-types.ts";
import { memberText, type TypedAttribute } from "./sent-types.ts";

/** How each file begins that this has written, so that none of somebody else's is written over. */
export const typesFileBegins = "// Made by `rollcall types`";

export function typesFile(tenant: string, types: readonly EntryType[]): string {
  const shapes = types.map(
    ({ type }) => `  readonly ${type}: { readonly profile: ${type}Profile; readonly lookup: ${type}Lookup };`,
  );
  return [
    `${typesFileBegins} from the tenant file of ${tenant}: make it anew when the mapping changes.`,
    'import type { DirectoryEvent } from "rollcall/directory";',
    "",
    ...types.flatMap(entryText),
    "/** For `directory<TenantTypes>(…)`, `onEvent<TenantTypes>(…)` and `readEvents<TenantTypes>(…)`. */",
    "export interface TenantTypes {",
    ...shapes,
    "}",
    "",
    "export type TenantEvent = DirectoryEvent<TenantTypes>;",
    "",
  ].join("\n");
}

function entryText({ type, mappingHash, attributes }: EntryType): string[] {
  const lookups = attributes.filter(({ lookup }) => lookup).map(({ name }) => JSON.stringify(name));
  const who = type === "Group" ? "Of a group" : "Of an active entry; one that is suspended has a part of it";
  return [
    `/** ${who}. Mapping ${mappingHash}. */`,
    `export interface ${type}Profile {`,
    ...attributes.flatMap((attribute) => [...formText(attribute), `  ${memberText(attribute)};`]),
    "}",
    "",
    `export type ${type}Lookup = ${lookups.join(" | ") || "never"};`,
    "",
  ];
}

function formText({ form }: TypedAttribute): string[] {
  if (form === undefined) return [];
  return [form === "date" ? "  /** A day, such as 2026-11-24. */" : "  /** A time, such as 2026-11-24T09:30:00Z. */"];
}
