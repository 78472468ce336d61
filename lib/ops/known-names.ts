/** What a person calls them, also of those who are deleted: their heads know no name any more, but the directory does. */
import { readEntries } from "../provisioning/entry.ts";
import type { Head } from "../provisioning/head.ts";
import type { Table } from "../provisioning/ports.ts";
import { nameOf } from "./find-resource.ts";

/** By id; whoever is not in it has no name that is kept. Errors: TableError. */
export async function knownNames(table: Table, heads: readonly Head[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const [type, all] of Map.groupBy(heads, (head) => head.type)) {
    const nameless = all.filter((head) => nameOf(head) === undefined).map(({ id }) => id);
    const entries = nameless.length === 0 ? [] : await readEntries(table, type, nameless);
    for (const entry of entries) {
      const known = entry?.lookups[0]?.value;
      if (entry !== undefined && known !== undefined) names.set(entry.id, known);
    }
    for (const head of all) {
      const name = nameOf(head);
      if (name !== undefined) names.set(head.id, name);
    }
  }
  return names;
}
