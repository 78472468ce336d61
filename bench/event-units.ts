/** What telling costs beside accept and apply: units by the published rules, for a tenant with events, counted on the embedded store. */
import { nextChanges, removeChanges } from "../lib/local/change-stream.ts";
import { attributesOf, type WireItem } from "../lib/local/attribute-value.ts";
import { openDatabase } from "../lib/local/database.ts";
import { sqliteTable } from "../lib/local/sqlite-table.ts";
import { publish } from "../lib/events/publish.ts";
import { countingTable } from "./count-units.ts";
import { operations } from "./operations.ts";
import { embeddedOn } from "./stores.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const changesInBatch = 50;
const measured = [
  "apply: create a user",
  "apply: patch one attribute",
  "apply: add a member to 10",
  "apply: delete a user",
];

export async function eventUnits(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const db = openDatabase({ folder, tenant: "bench" });
  const plain = embeddedOn(db);
  const tenant = { ...plain.tenant, events: { values: true, sinks: [] } };
  const { table, count } = countingTable(sqliteTable(db));
  const w = { ...plain, tenant, table: sqliteTable(db, { onChange: () => {} }) };
  /** All that the stream has, so many at once. */
  const tell = async (most: number): Promise<void> => {
    for (let batch = nextChanges(db, most); batch !== undefined; batch = nextChanges(db, most)) {
      const records = batch.event.Records.map(({ dynamodb = {} }) => {
        const [pk, sk] = [dynamodb.Keys?.["pk"]?.S ?? "", dynamodb.Keys?.["sk"]?.S ?? ""];
        const image = (found: object | undefined) => found && attributesOf(found as WireItem);
        const [before, after] = [image(dynamodb.OldImage), image(dynamodb.NewImage)];
        return { pk, sk, read: () => ({ pk, sk, ...(before && { before }), ...(after && { after }) }) };
      });
      await publish({ ...w, table, queues: {} }, records);
      removeChanges(db, batch.to);
    }
  };
  console.log(`\nunits of telling, with values, by the published rules\n`);
  console.log(`| operation | alone: write | alone: read | of ${changesInBatch} at once: write | read |`);
  console.log("| --- | ---: | ---: | ---: | ---: |");
  for (const { name, prepare } of operations().filter((one) => measured.includes(one.name))) {
    const cells: string[] = [];
    // Those of a member are of one group, and one apply takes them all.
    for (const times of name.includes("member") ? [1] : [1, changesInBatch]) {
      const calls = [];
      for (let n = 0; n < times; n += 1) calls.push(await prepare(w));
      await tell(1_000);
      for (const call of calls) await call();
      const before = { ...count };
      await tell(100);
      cells.push(...[count.write - before.write, count.read - before.read].map((sum) => (sum / times).toFixed(1)));
    }
    console.log(`| ${name} | ${[...cells, "", ""].slice(0, 4).join(" | ")} |`);
  }
  db.close();
  rmSync(folder, { recursive: true });
}
