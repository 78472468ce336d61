/**
 * What a look-up, a page, a scan and a change cost as the directory grows: embedded from 1,000 to 1,000,000 users, on DynamoDB
 * Local as far as its speed allows. The baseline is the same operation in the smallest directory of the same run.
 *
 * Units by the published rules beside the times (count-units.ts): what is flat in units costs DynamoDB the same at any size.
 * `DIRECTORY_USERS=10000 npm run bench -- directory` ends at that size.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "../lib/provisioning/apply.ts";
import { inParallel } from "../lib/provisioning/in-parallel.ts";
import { openDatabase } from "../lib/local/database.ts";
import { countingTable } from "./count-units.ts";
import { type DirectoryOperation, directoryOperations } from "./directory-operations.ts";
import { median } from "./median.ts";
import { acceptAndApply } from "./seeding/accept.ts";
import { seedGroups } from "./seeding/groups.ts";
import { proveSeeded } from "./seeding/proof.ts";
import { seedUsers } from "./seeding/users.ts";
import { dynamoDbLocalStore, embeddedOn } from "./stores.ts";

const most = Number(process.env["DIRECTORY_USERS"] ?? 1_000_000);
const embeddedSizes = [1_000, 10_000, 100_000, 1_000_000].filter((size) => size <= most);
/** The emulator takes some eighty users a second. */
const emulatedSizes = [500, 5_000].filter((size) => size <= most);
const groups = { groups: 3, members: 100 };

export async function directory(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-directory-"));
  try {
    const columns: Column[] = [];
    for (const users of embeddedSizes) {
      await grow(folder, users);
      const db = openDatabase({ folder, tenant: "acme" });
      columns.push(await measured(embeddedOn(db), users, 40));
      db.close();
    }
    print("embedded (SQLite)", columns);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const store = await dynamoDbLocalStore();
  try {
    const columns: Column[] = [];
    let there = 0;
    for (const users of emulatedSizes) {
      const numbers = Array.from({ length: users - there }, (_, n) => there + n);
      await inParallel(numbers, 16, async (n) => await acceptAndApply(store.worker, n));
      there = users;
      columns.push(await measured(store.worker, users, 15));
    }
    print(store.name, columns);
  } finally {
    await store.close();
  }
}

/** By a connection of its own: the measured one is as `npm start` opens it. */
async function grow(folder: string, users: number): Promise<void> {
  const db = openDatabase({ folder, tenant: "acme" });
  const { tenant } = embeddedOn(db);
  const begun = performance.now();
  await seedUsers({ db, tenant, users });
  await seedGroups({ db, tenant, ...groups, users });
  await proveSeeded(db, tenant, { numbers: [0, Math.floor(users / 2), users - 1] });
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  console.error(`${users} users after ${((performance.now() - begun) / 1000).toFixed(0)} s more`);
}

interface Figures {
  readonly name: string;
  readonly ms: number;
  readonly read: number;
  readonly write: number;
  readonly outcome?: string;
}

interface Column {
  readonly users: number;
  readonly figures: readonly Figures[];
  /** Units: MB. */
  readonly rss: number;
}

async function measured(worker: Worker, users: number, times: number): Promise<Column> {
  const { table, count } = countingTable(worker.table);
  const figures: Figures[] = [];
  for (const operation of directoryOperations(users)) {
    const { name, rounds = times } = operation;
    const all: number[] = [];
    let outcome: string | undefined;
    // The first ones only warm up.
    for (let n = 0; n < rounds + Math.ceil(rounds / 4); n += 1) {
      const run = await operation.prepare(worker);
      const began = performance.now();
      outcome = await outcomeOf(run);
      if (n >= rounds / 4) all.push(performance.now() - began);
    }
    const counted = await operation.prepare({ ...worker, table });
    const before = { ...count };
    await outcomeOf(counted);
    const units = { read: count.read - before.read, write: count.write - before.write };
    figures.push({ name, ms: median(all), ...units, ...(outcome !== undefined && { outcome }) });
  }
  return { users, figures, rss: process.memoryUsage().rss / 2 ** 20 };
}

async function outcomeOf(run: Awaited<ReturnType<DirectoryOperation["prepare"]>>): Promise<string | undefined> {
  const outcome = await run();
  return typeof outcome === "string" ? outcome : undefined;
}

function print(store: string, columns: readonly Column[]): void {
  const sizes = columns.map(({ users }) => users.toLocaleString("en"));
  const [smallest] = columns;
  const largest = columns.at(-1);
  console.log(
    `\nmilliseconds per operation by the number of users, ${store}, medians (in brackets: against ${sizes[0]}); units at ${sizes[0]} and at ${sizes.at(-1)}\n`,
  );
  console.log(`| operation | ${sizes.join(" | ")} | read units | write units |`);
  console.log(`| --- |${" ---: |".repeat(sizes.length + 2)}`);
  for (const [row, { name, ms: base, read, write }] of (smallest?.figures ?? []).entries()) {
    const cells = columns.map(({ figures }) => {
      const { ms = NaN, outcome } = figures[row] ?? {};
      return `${ms.toFixed(2)} (${(ms / base).toFixed(1)})${outcome === undefined ? "" : ` ${outcome}`}`;
    });
    const end = largest?.figures[row];
    console.log(`| ${name} | ${cells.join(" | ")} | ${read}, ${end?.read} | ${write}, ${end?.write} |`);
  }
  const memory = columns.map(({ rss }) => rss.toFixed(0));
  console.log(`| memory of the process, seeding included, MB | ${memory.join(" | ")} | | |`);
}
