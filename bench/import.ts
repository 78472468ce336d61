/**
 * An import of 50,000 rows as the command does it, embedded: check, import, a second run that passes over all, export, undo.
 * `IMPORT_ROWS=5000 npm run bench -- import` takes fewer.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { groupedTable } from "../lib/local/grouped-table.ts";
import { openDatabase } from "../lib/local/database.ts";
import { checkImport } from "../lib/ops/import/check-import.ts";
import { exportResources } from "../lib/ops/export/export-resources.ts";
import { readImportFile } from "../lib/ops/import/import-file.ts";
import { runImport } from "../lib/ops/import/run-import.ts";
import { planUndo, undoImport } from "../lib/ops/import/undo-import.ts";
import type { Operations } from "../lib/ops/operations.ts";
import { embeddedOn } from "./stores.ts";

const rowCount = Number(process.env["IMPORT_ROWS"] ?? 50_000);

export async function importing(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-import-"));
  const db = openDatabase({ folder, tenant: "acme" });
  try {
    const none = { depth: async () => 0, receive: async () => [], remove: async () => {}, release: async () => {} };
    const o: Operations = {
      ...embeddedOn(db),
      table: groupedTable(db),
      deadLetters: { leavers: none, changes: none },
    };
    console.log(
      `\nan import of ${rowCount.toLocaleString("en")} rows, embedded\n\n| | rows a second | CPU, ms a row |`,
    );
    console.log("| --- | ---: | ---: |");
    const rows = await measured("read the CSV", async () => readImportFile(o.tenant.types, "csv", csv()));
    const input = { name: "people.csv", fileHash: "bench", rows };
    await measured("check (--dry-run)", async () => await checkImport(o, input, {}));
    const done = await measured("import", async () => await runImport(o, input, {}));
    if (done.brought !== rowCount) throw new Error(`${done.brought} of ${rowCount} rows were brought`);
    await measured("import again: all passed over", async () => await runImport(o, input, {}));
    await measured("export", async () => await exportResources(o, { kind: "users", baseUrl: "" }, () => {}));
    const plan = await measured("plan of an undo", async () => await planUndo(o, done.import.id, {}));
    await measured("undo", async () => await undoImport(o, plan, {}));
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}

function csv(): string {
  const rows = Array.from({ length: rowCount }, (_, n) => {
    return `person${n}@example.com,Given${n},Family${n},person${n}@corp.example.com,E-${n},${n % 20 !== 0},Dept ${n % 40}`;
  });
  return `userName,name.givenName,name.familyName,emails.value,externalId,active,department\n${rows.join("\n")}\n`;
}

async function measured<T>(what: string, work: () => Promise<T>): Promise<T> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  console.log(`| ${what} | ${Math.round(rowCount / seconds)} | ${((user + system) / 1000 / rowCount).toFixed(2)} |`);
  return result;
}
