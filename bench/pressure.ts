/**
 * Back-pressure, on the embedded store: what it costs to accept while a million changes wait, what the sweep sends in a week
 * without a worker, how the backlog is applied beside requests, and how long a leaver takes behind 100,000 changes.
 *
 * BENCH_PRESSURE_CHANGES: another number than a million, for a try.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "../lib/local/database.ts";
import { sqliteLane } from "../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../lib/local/sqlite-table.ts";
import { percentile } from "../lib/provisioning/percentile.ts";
import type { LaneName } from "../lib/provisioning/ports.ts";
import type { Provisioning } from "../lib/provisioning/state.ts";
import { laneMost, sweep } from "../lib/provisioning/sweep.ts";
import { createResource, patchResource } from "../lib/provisioning/write-resource.ts";
import { userType } from "../lib/scim/resource-type.ts";
import { systemChance } from "../lib/system.ts";
import { acme, idOf, patch } from "../test/local/served.ts";
import { multiplyPending } from "../test/provisioning/many-pending.ts";
import { prices } from "./cost/prices.ts";
import { embeddedServer } from "./embedded-server.ts";
import { atRate, burst, hire, mixed, someone, tableHead, tableRow } from "./identity-provider.ts";
import { median } from "./median.ts";

const changes = Number(process.env["BENCH_PRESSURE_CHANGES"] ?? 1_000_000);
const backlog = Math.min(changes, 100_000);
const accepts = 500;
const leavers = 20;
const minute = 60_000;
const day = 86_400_000;
/** A lane of SQS forgets after so long (lib/cdk/lane.ts). */
const keptMs = 4 * day;

export async function pressure(): Promise<void> {
  await weekOff();
  await leaversFirst();
}

async function weekOff(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const db = openDatabase({ folder, tenant: "bench" });
  const time = { now: Date.now() };
  const p = provisioningOn(db, time);
  try {
    const idle = await timesOf(p);
    console.log(`\nputting ${changes.toLocaleString("en")} pending changes and their messages into the store`);
    await pend(db, p, changes, (done) => process.stderr.write(`\r${done.toLocaleString("en")} `));
    const pressed = await timesOf(p);
    console.log(`\n\naccepting while the worker is off, medians of ${accepts}\n`);
    console.log("| changes that wait | create ms | p99 | patch ms | p99 |\n| ---: | ---: | ---: | ---: | ---: |");
    for (const [count, { create, change }] of [
      [0, idle],
      [changes, pressed],
    ] as const)
      console.log(`| ${count.toLocaleString("en")} | ${figures(create)} | ${figures(change)} |`);
    console.log(
      `| ratio | ${(median(pressed.create) / median(idle.create)).toFixed(2)} | | ${(median(pressed.change) / median(idle.change)).toFixed(2)} | |`,
    );
    await countWeek(db, p, time);
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}

/** A sweep a minute for seven days; after one that sent nothing the next nine would not either, and are left out. */
async function countWeek(db: DatabaseSync, p: Provisioning, time: { now: number }): Promise<void> {
  let [sent, sweeps] = [0, 0];
  for (const end = time.now + 7 * day; time.now < end;) {
    db.prepare("DELETE FROM message WHERE sent_at < ?").run(time.now - keptMs);
    const report = await sweep(p);
    const minutes = report.sent > 0 ? 1 : 10;
    sent += report.sent;
    sweeps += minutes;
    time.now += minutes * minute;
    if (sweeps % 360 < minutes) process.stderr.write(`\r${(sweeps / 1440).toFixed(1)} days `);
  }
  const { n } = db.prepare("SELECT count(*) AS n FROM message").get() ?? {};
  // A message, a read of the head, and the note on it: 2 KB of item and index, moved within the index.
  const dollars = (sent * (prices.queue.dollars + prices.readUnit.dollars + 5 * prices.writeUnit.dollars)) / 1e6;
  console.log(
    `\n\na week without a worker: ${sweeps.toLocaleString("en")} sweeps over ${changes.toLocaleString("en")} changes\n`,
  );
  console.log("| | |\n| --- | ---: |");
  console.log(`| messages sent by the sweep | ${sent.toLocaleString("en")} |`);
  console.log(`| for each change | ${(sent / changes).toFixed(3)} |`);
  console.log(`| their cost, dollars | ${dollars.toFixed(2)} |`);
  console.log(`| messages that the worker finds | ${Number(n).toLocaleString("en")} |`);
  console.log(`| sweeps until all is sent again, at a lane's fill a minute | ${Math.ceil(changes / laneMost)} |`);
}

/** On an idle server, and behind the backlog, which is applied meanwhile. */
async function leaversFirst(): Promise<void> {
  let server = await embeddedServer();
  try {
    const idle = await leave(server);
    const people = await hire(server.ask, 50);
    const quiet = await atRate(server.ask, 25, 10, mixed(people, "quiet"));
    await server.close();
    server = await embeddedServer(async (db) => await pend(db, provisioningOn(db, { now: Date.now() }), backlog));
    const busy = await leave(server);
    const crowd = await hire(server.ask, 50);
    const before = depthOf(server.db);
    const begun = performance.now();
    const beside = await atRate(server.ask, 25, 10, mixed(crowd, "beside"));
    const perSecond = ((before - depthOf(server.db)) * 1000) / (performance.now() - begun);
    console.log(`\nfrom the word that somebody leaves until the directory shows it, medians of ${leavers}, ms\n`);
    console.log("| changes that wait in the other lane | median | worst | ratio |\n| ---: | ---: | ---: | ---: |");
    for (const [count, all] of [
      [0, idle],
      [backlog, busy],
    ] as const) {
      const ratio = (median(all) / median(idle)).toFixed(2);
      console.log(
        `| ${count.toLocaleString("en")} | ${median(all).toFixed(1)} | ${Math.max(...all).toFixed(1)} | ${ratio} |`,
      );
    }
    const baseline = median(quiet.map(({ ms }) => ms));
    console.log(
      `\n25 mixed requests a second while the backlog is applied, at ${perSecond.toFixed(0)} changes a second\n\n${tableHead}`,
    );
    console.log(tableRow("baseline: nothing waits", quiet, baseline));
    console.log(tableRow(`${before.toLocaleString("en")} changes wait and are applied`, beside, baseline));
  } finally {
    await server.close();
  }
}

/** Seen as the application sees it: by another connection. */
async function leave({ ask, db }: Awaited<ReturnType<typeof embeddedServer>>): Promise<number[]> {
  const all: number[] = [];
  const entry = db.prepare(
    "SELECT attributes ->> '$.state' AS state FROM item WHERE tbl = 'directory' AND pk = ? AND sk = 'Entry'",
  );
  for (let n = 0; n < leavers; n += 1) {
    const id = idOf(await ask("POST", "/Users", someone(`leaver-${randomUUID().slice(0, 8)}`)));
    const begun = performance.now();
    const [answer] = await burst(ask, 1, () => [
      "leave",
      "PATCH",
      `/Users/${id}`,
      patch({ op: "replace", path: "active", value: false }),
    ]);
    if (answer?.status !== 200) throw new Error(`a deactivation was answered with ${answer?.status}`);
    while (entry.get(`User#${id}`)?.["state"] !== "suspended") {
      if (performance.now() - begun > 60_000) throw new Error("a leaver is still active after a minute");
      await sleep(1);
    }
    all.push(performance.now() - begun);
  }
  return all;
}

function depthOf(db: DatabaseSync): number {
  return Number(db.prepare("SELECT count(*) AS n FROM message WHERE queue = 'changes'").get()?.["n"]);
}

function provisioningOn(db: DatabaseSync, time: { readonly now: number }): Provisioning {
  const clock = { now: () => time.now, sleep: async () => {} };
  const lane = (name: LaneName) => sqliteLane({ db, name, clock });
  const lanes = { leavers: lane("leavers"), changes: lane("changes") };
  return { table: sqliteTable(db), lanes, clock, chance: systemChance, tenant: acme };
}

const caller = () => ({ caller: { requestId: randomUUID(), tokenId: "bench" } });

async function pend(
  db: DatabaseSync,
  p: Provisioning,
  times: number,
  progress?: (done: number) => void,
): Promise<void> {
  const name = `seed${randomUUID().slice(0, 8)}`;
  const { state } = await createResource(p, userType, someone(name), caller());
  multiplyPending(db, { id: state.id, name, times, messages: true, ...(progress && { progress }) });
}

interface Times {
  readonly create: readonly number[];
  readonly change: readonly number[];
}

async function timesOf(p: Provisioning): Promise<Times> {
  const [create, change]: [number[], number[]] = [[], []];
  for (let n = 0; n < accepts; n += 1) {
    const begun = performance.now();
    const { state } = await createResource(p, userType, someone(`accepted-${randomUUID()}`), caller());
    const made = performance.now();
    await patchResource(
      p,
      userType,
      state.id,
      { Operations: [{ op: "replace", path: "title", value: `t${n}` }] },
      caller(),
    );
    create.push(made - begun);
    change.push(performance.now() - made);
  }
  return { create, change };
}

function figures(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  return `${median(times).toFixed(2)} | ${(percentile(sorted, 0.99) ?? 0).toFixed(2)}`;
}
