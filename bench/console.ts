/**
 * How long each page of the console takes, among 1,100 and 110,000 users of whom one in eleven is parked, embedded: the answer
 * of the server to a request that is let in, without network and browser. And what it reads of the table.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findResources } from "../lib/ops/find-resource.ts";
import { createToken } from "../lib/ops/tokens.ts";
import { openPages } from "../test/console/pages.ts";
import { parkWaiting } from "../test/ops/park-waiting.ts";
import { testStore } from "../test/ops/store.ts";
import { countedReads, type Reads } from "../test/provisioning/counted-reads.ts";
import { type Times, timed } from "./cpu-time.ts";
import { benchTenant } from "./tenant.ts";
import { median } from "./median.ts";
import { seedGroupName, seedGroups } from "./seeding/groups.ts";
import { seedNumber, seedUserName } from "./seeding/people.ts";
import { seedUsers } from "./seeding/users.ts";

const [few, many] = [1_000, 100_000];
const times = 15;
/** What the issue asks for. */
const goalMs = 200;

const tenantsDir = join(import.meta.dirname, "..", "tenants");

interface Figures extends Reads, Times {}

export async function consolePages(): Promise<void> {
  const small = await measured(few);
  const large = await measured(many);
  console.log(`\nmilliseconds and reads of each page, embedded, medians of ${times}; goal: under ${goalMs} ms\n`);
  console.log(
    `| page | reads (items) | ${few} users: CPU | reads (items) | ${many} users: CPU | elapsed | ratio of CPU |`,
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const [page, one] of large) {
    const base = small.get(page) ?? one;
    const [before, after] = [base.cpu.toFixed(1), one.cpu.toFixed(1)];
    const ratio = (one.cpu / base.cpu).toFixed(1);
    const cells = [readsOf(base), before, readsOf(one), after, one.wall.toFixed(1), ratio];
    console.log(`| ${page} | ${cells.join(" | ")} |`);
  }
  const slowest = Math.max(...[...large.values()].map(({ wall }) => wall));
  console.log(`\nslowest: ${slowest.toFixed(0)} ms elapsed, ${slowest < goalMs ? "reached" : "**missed**"}`);
}

function readsOf({ calls, items }: Reads): string {
  return `${calls} (${items})`;
}

async function measured(users: number): Promise<Map<string, Figures>> {
  const tenant = benchTenant;
  const store = testStore(tenant);
  try {
    await seedUsers({ db: store.db, tenant, users });
    await seedGroups({ db: store.db, tenant, users, groups: 20, members: Math.min(users, 5_000) });
    await seedUsers({ db: store.db, tenant, users: users * 1.1, applied: false });
    parkWaiting(store.db);
    const { id: token } = await createToken(store.operations, { label: "Entra production", idp: "entra" });
    const { table, readsOf: readsIn } = countedReads(store.operations.table);
    const file: object = JSON.parse(readFileSync(join(tenantsDir, "acme.json"), "utf8"));
    const pages = await openPages({ ...store.operations, table }, file);
    const figures = new Map<string, Figures>();
    for (const [page, address] of Object.entries(await addresses(store.operations, users, token))) {
      const all: Times[] = [];
      for (let n = 0; n < times; n += 1) all.push(await timed(async () => await pages.get(address)));
      const reads = await readsIn(async () => await pages.get(address));
      figures.set(page, {
        ...reads,
        wall: median(all.map(({ wall }) => wall)),
        cpu: median(all.map(({ cpu }) => cpu)),
      });
    }
    await pages.close();
    return figures;
  } finally {
    store.close();
  }
}

async function addresses(
  o: ReturnType<typeof testStore>["operations"],
  users: number,
  token: string,
): Promise<Record<string, string>> {
  const [applied, parked] = [seedUserName(seedNumber(0)), seedUserName(seedNumber(users))];
  const idOf = async (name: string): Promise<string> => (await findResources(o, name))[0]?.head.id ?? "nobody";
  const group = await idOf(seedGroupName(0));
  return {
    Overview: "/",
    "Overview, 7 days": "/?range=7d",
    People: "/people",
    "People, parked": "/people?state=parked",
    "People, found by userName": `/people?q=${applied}`,
    Person: `/people/${await idOf(applied)}`,
    "Person, parked": `/people/${await idOf(parked)}`,
    "Why nobody": "/why?who=nobody@example.com",
    Groups: "/groups",
    Group: `/groups/${group}`,
    Activity: "/activity",
    "Activity of one": `/activity?who=${applied}`,
    "Failed syncs": "/failed",
    "Failed syncs of a cause": "/failed/throttled",
    Mapping: "/mapping",
    Connect: "/connect",
    "Connect, watched": `/connect/entra?token=${token}`,
    Settings: "/settings",
  };
}
