/**
 * A process that writes to the database and prints the number of each write once it is acknowledged.
 *
 * Arguments: the folder, a name for this process, how many writes (absent: until it is killed).
 */
import { writeSync } from "node:fs";
import { openDatabase } from "../../lib/local/database.ts";
import { sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { systemClock } from "../../lib/system.ts";

const [folder = "", name = "", writes = "Infinity"] = process.argv.slice(2);
const db = openDatabase({ folder, tenant: "acme" });
const table = sqliteTable(db);
const lane = sqliteLane({ db, name: "changes", clock: systemClock });

for (let i = 1; i <= Number(writes); i += 1) {
  await table.transact([
    { kind: "put", key: { table: "scim", pk: name, sk: String(i) }, attributes: { text: "x".repeat(500) } },
    { kind: "update", key: { table: "directory", pk: "Counter", sk: "-" }, add: { n: 1 } },
  ]);
  await lane.send({ type: "User", id: name, version: i });
  // Not console.log: what was printed must have left the process when it is killed.
  writeSync(1, `${i}\n`);
}
