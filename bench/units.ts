/** Consumed write and read units by operation on DynamoDB Local, indexes included, against the goals of issue 3. */
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
  try {
    console.log(`\nunits per operation, ${store.name} (goal: accept and apply together)\n`);
    console.log("| operation | write units | read units |\n| --- | ---: | ---: |");
    const sums = new Map<string, number>();
    for (const { name, prepare } of operations) {
      const run = await prepare(store.worker);
      const before = { write: store.units?.write() ?? 0, read: store.units?.read() ?? 0 };
      await run();
      const write = (store.units?.write() ?? 0) - before.write;
      const read = (store.units?.read() ?? 0) - before.read;
      const what = name.replace(/^\w+: /, "");
      sums.set(what, (sums.get(what) ?? 0) + write);
      console.log(`| ${name} | ${write} | ${read} |`);
    }
    console.log("\n| together | write units | goal | ratio |\n| --- | ---: | ---: | ---: |");
    for (const [what, goal] of Object.entries(goals)) {
      const sum = sums.get(what) ?? 0;
      console.log(`| ${what} | ${sum} | ${goal} | ${(sum / goal).toFixed(2)} |`);
    }
  } finally {
    await store.close();
  }
}
