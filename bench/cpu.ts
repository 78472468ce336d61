/** CPU and wall time by operation and store. The baseline is a bare write of one small item to the same store in the same run. */
import { randomUUID } from "node:crypto";
import type { Worker } from "../lib/provisioning/apply.ts";
import { operations } from "./operations.ts";
import { dynamoDbLocalStore, embeddedStore, type Store } from "./stores.ts";
import { median } from "./median.ts";
import { timed, type Times } from "./cpu-time.ts";

const runs = { "embedded (SQLite)": 200, "DynamoDB Local": 40 } as Record<string, number>;

export async function cpu(): Promise<void> {
  for (const open of [embeddedStore, dynamoDbLocalStore]) {
    const store = await open();
    try {
      await measure(store);
    } finally {
      await store.close();
    }
  }
}

async function measure(store: Store): Promise<void> {
  const { worker } = store;
  const times = runs[store.name] ?? 40;
  const bare = { name: "baseline: one bare put", prepare: async (w: Worker) => () => bareWrite(w) };
  console.log(`\nmilliseconds per operation, ${store.name}, medians of ${times} (ratio: against one bare put)\n`);
  console.log("| operation | wall | ratio | CPU | ratio |\n| --- | ---: | ---: | ---: | ---: |");
  let base: Times | undefined;
  for (const { name, prepare } of [bare, ...operations()]) {
    for (let n = 0; n < Math.ceil(times / 4); n += 1) await (await prepare(worker))();
    const figures: Times[] = [];
    for (let n = 0; n < times; n += 1) figures.push(await timed(await prepare(worker)));
    const wall = median(figures.map((f) => f.wall));
    // A single run is shorter than the clock of CPU time is fine: the mean is right, the median would not be.
    const spent = figures.reduce((sum, f) => sum + f.cpu, 0) / figures.length;
    base ??= { wall, cpu: spent };
    console.log(
      `| ${name} | ${wall.toFixed(2)} | ${(wall / base.wall).toFixed(1)} | ${spent.toFixed(2)} | ${(spent / base.cpu).toFixed(1)} |`,
    );
  }
}

async function bareWrite({ table }: Worker): Promise<void> {
  await table.write({
    kind: "put",
    key: { table: "scim", pk: `Bench#${randomUUID()}`, sk: "-" },
    attributes: { n: 1 },
  });
}
