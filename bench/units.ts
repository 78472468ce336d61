/** Consumed write and read units by operation on DynamoDB Local, indexes included, against the goals of issue 3. */
import { countingTable } from "./count-units.ts";
import { eventUnits } from "./event-units.ts";
import { operations } from "./operations.ts";
import { dynamoDbLocalStore } from "./stores.ts";

/** Write units of accept and apply together. */
const goals: Record<string, number> = {
  "create a user": 26,
  "patch one attribute": 13,
  "add a member to 10": 15,
  "add a member to 300": 15,
};

export async function units(): Promise<void> {
  const store = await dynamoDbLocalStore();
  const { table, count } = countingTable(store.worker.table);
  const worker = { ...store.worker, table };
  const together = new Map<string, number>();
  try {
    console.log(`\nunits per operation on ${store.name}: by the published rules, and as the emulator reports them\n`);
    console.log(
      "| operation | write units | read units | reported write | reported read |\n| --- | ---: | ---: | ---: | ---: |",
    );
    for (const { name, prepare } of operations()) {
      const counted = await prepare(worker);
      const before = { ...count };
      await counted();
      const [write, read] = [count.write - before.write, count.read - before.read];
      const plain = await prepare(store.worker);
      const reported = { write: store.units?.write() ?? 0, read: store.units?.read() ?? 0 };
      await plain();
      const [saidWrite, saidRead] = [
        (store.units?.write() ?? 0) - reported.write,
        (store.units?.read() ?? 0) - reported.read,
      ];
      const what = name.replace(/^\w+: /, "");
      together.set(what, (together.get(what) ?? 0) + write);
      console.log(`| ${name} | ${write} | ${read} | ${saidWrite} | ${saidRead} |`);
    }
    console.log("\n| accept and apply together | write units | goal | ratio |\n| --- | ---: | ---: | ---: |");
    for (const [what, goal] of Object.entries(goals)) {
      const sum = together.get(what) ?? 0;
      console.log(`| ${what} | ${sum} | ${goal} | ${(sum / goal).toFixed(2)} |`);
    }
  } finally {
    await store.close();
  }
  await eventUnits();
}
