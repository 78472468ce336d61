/** That a seeded user is what the program itself would have written, but for ids and times: a sample, compared item by item. */
import type { DatabaseSync } from "node:sqlite";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { systemChance } from "../../lib/system.ts";
import { seedNumber } from "./people.ts";
import { type Row, writtenFor } from "./template.ts";
import { seededId } from "./users.ts";

/** Errors: Error that names the first item that differs. */
export async function proveSeeded(
  db: DatabaseSync,
  tenant: Tenant,
  { numbers, applied = true }: { numbers: readonly number[]; applied?: boolean },
): Promise<void> {
  const table = sqliteTable(db);
  for (const n of numbers) {
    const id = await seededId(table, n);
    if (id === undefined) throw new Error(`seeding: user ${n} is not there`);
    const requestId = systemChance.uuid();
    const written = await writtenFor(tenant, { id, number: seedNumber(n), requestId }, applied);
    for (const row of written) {
      const { pk, sk } = row;
      const item = await table.get({ table: row.tbl === "directory" ? "directory" : "scim", pk, sk });
      const [is, was] = [item && plain(JSON.stringify(item.attributes)), plain(row.attributes)];
      if (is !== was)
        throw new Error(`seeding: ${row.tbl} ${pk} ${sk} is ${is ?? "not there"}; the program writes ${was}`);
      if (row.wait_key !== waitKeyOf(db, row)) throw new Error(`seeding: ${pk} ${sk} does not wait as it would`);
    }
  }
}

/** Without times, and without the id of the request. */
function plain(attributes: string): string {
  const entries = Object.entries(JSON.parse(attributes) as Record<string, unknown>).filter(
    ([name, value]) => name !== "requestId" && !(typeof value === "number" && value > 1e9),
  );
  return JSON.stringify(Object.fromEntries(entries));
}

function waitKeyOf(db: DatabaseSync, { tbl, pk, sk }: Row): unknown {
  return db.prepare("SELECT wait_key FROM item WHERE tbl = ? AND pk = ? AND sk = ?").get(tbl, pk, sk)?.["wait_key"];
}
