/** An import that is stopped, killed and throttled wherever chance wants it ends like one that was left alone. */
import { afterEach, describe, expect, test } from "vitest";
import { readImportFile } from "../../../lib/ops/import/import-file.ts";
import { planUndo, undoImport } from "../../../lib/ops/import/undo-import.ts";
import { runImport } from "../../../lib/ops/import/run-import.ts";
import { nameOf } from "../../../lib/ops/find-resource.ts";
import type { Operations } from "../../../lib/ops/operations.ts";
import { groupedTable } from "../../../lib/local/grouped-table.ts";
import { readChanges } from "../../../lib/provisioning/change.ts";
import { listHeads } from "../../../lib/provisioning/list-heads.ts";
import { type Table, TableError } from "../../../lib/provisioning/ports.ts";
import { randomFrom, type Random } from "../../simulation/random.ts";
import { type TestStore, testStore } from "../store.ts";

const rowCount = 900;
const lines = Array.from({ length: rowCount }, (_, n) => `person${n}@example.com,p${n}@example.com,E-${n}`);
const text = `userName,emails.value,externalId\n${lines.join("\n")}\n`;

class Killed extends Error {}

/** Now and then a write is refused, or its answer is lost; at its end the program is killed. */
function faulty(table: Table, random: Random, callsMost: number): Table {
  let left = callsMost;
  const faultily = async <T>(call: () => Promise<T>): Promise<T> => {
    left -= 1;
    if (left < 0) throw new Killed();
    if (random.chance(0.02)) throw new TableError("throttled", "as a test wants it");
    const result = await call();
    if (random.chance(0.02)) throw new TableError("lost", "as a test wants it");
    return result;
  };
  return { ...table, transact: async (writes) => await faultily(() => table.transact(writes)) };
}

let store: TestStore;
afterEach(() => store.close());

async function users({ operations: { table } }: TestStore): Promise<string[]> {
  const all: string[] = [];
  for await (const head of listHeads(table, "User")) {
    const changes = await readChanges(table, head.id, 0);
    all.push(`${nameOf(head)} ${head.version} ${changes.length} ${head.imported === undefined}`);
  }
  return all.toSorted();
}

describe("an import among faults", () => {
  const seeds = [1, 2, 3];

  test.each(seeds)("with seed %i brings each row once, counts it once, and is undone whole", async (seed) => {
    store = testStore();
    const random = randomFrom(seed);
    // One commit for many: what is tested here is not the disk.
    const operations = { ...store.operations, table: groupedTable(store.db) };
    const rows = readImportFile(store.operations.tenant.types, "csv", text);
    const input = { name: "people.csv", fileHash: "a", rows };
    let stops = 0;
    for (let ended = false; !ended;) {
      const kills = random.chance(0.5);
      const stop = new AbortController();
      const stopAfter = 50 + random.int(600);
      const table = faulty(operations.table, random, kills ? stopAfter : Number.POSITIVE_INFINITY);
      const o: Operations = { ...operations, table };
      let done = 0;
      const onProgress = () => {
        done += 1;
        if (!kills && done === stopAfter) stop.abort();
      };
      try {
        const { stopped, refused } = await runImport(o, input, { onProgress, signal: stop.signal });
        expect(refused).toEqual([]);
        ended = !stopped;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      if (!ended) stops += 1;
    }
    expect(stops).toBeGreaterThan(0);
    const expected = Array.from({ length: rowCount }, (_, n) => `person${n}@example.com 1 1 false`);
    expect(await users(store)).toEqual(expected.toSorted());
    const again = await runImport(operations, input, {});
    expect(again).toMatchObject({ brought: 0, passedOver: rowCount, import: { done: rowCount, brought: rowCount } });
    const plan = await planUndo(operations, again.import.id, {});
    expect(await undoImport(operations, plan, {})).toEqual({ deleted: rowCount, overtaken: [], stopped: false });
    expect(await users(store)).toEqual([]);
  });
});
