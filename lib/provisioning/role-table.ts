/** Roles from the names of groups: the tables of a tenant file (`fromGroups`), and what they say. Pure. */
import type { JsonObject } from "../scim/json.ts";
import { fold } from "../scim/text.ts";
import type { MappedRoles, Mapping } from "./tenant.ts";

/** A table as the tenant file has it: the name of a group, or the beginning of names and a `*`, to one role or several. */
export type RoleRows = Readonly<Record<string, string | readonly string[]>>;

/** `tell` hears of rows that are the same in any case. */
export function compileRoles(name: string, rows: RoleRows, tell: (row: string) => void): MappedRoles {
  const exact = new Map<string, readonly string[]>();
  const prefixes = new Map<string, readonly string[]>();
  for (const [row, given] of Object.entries(rows)) {
    const isPrefix = row.endsWith("*");
    const [into, key] = [isPrefix ? prefixes : exact, fold(isPrefix ? row.slice(0, -1) : row)];
    if (into.has(key)) tell(row);
    into.set(key, [given].flat());
  }
  return { name, exact, prefixes: [...prefixes].map(([prefix, roles]) => ({ prefix, roles })) };
}

/** For each profile attribute the roles of a member of all these groups: every row that fits gives its own. */
export function rolesOfNames({ roles }: Mapping, names: readonly string[]): JsonObject {
  const folded = names.map(fold);
  return Object.fromEntries(
    roles.map((table) => [table.name, [...new Set(folded.flatMap((name) => given(table, name)))].sort()]),
  );
}

/** What a group of this name gives, to be compared; the empty text: nothing. */
export function givenBy(mapping: Mapping, name: string): string {
  const roles = rolesOfNames(mapping, [name]);
  return Object.values(roles).every((list) => Array.isArray(list) && list.length === 0) ? "" : JSON.stringify(roles);
}

function given({ exact, prefixes }: MappedRoles, name: string): readonly string[] {
  return [
    ...(exact.get(name) ?? []),
    ...prefixes.flatMap(({ prefix, roles }) => (name.startsWith(prefix) ? roles : [])),
  ];
}
