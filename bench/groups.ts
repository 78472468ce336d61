/**
 * Groups of several sizes in one store, as what a look-up costs grows a little with the store (SQLite's file), asked in turns through the api handler: CPU and wall time of accept and
 * apply apart, units beside them, and the ratio against the empty group of the same run. Then what a whole group costs: read in
 * one answer, and replaced by one request.
 */
import { limits } from "../lib/scim/limits.ts";
import { groupSchema, patch } from "../test/local/served.ts";
import type { UnitCount } from "./count-units.ts";
import { groupWorld, type GroupWorld } from "./group-world.ts";
import { timed, type Times } from "./cpu-time.ts";
import { median } from "./median.ts";
import { dynamoDbLocalStore, embeddedStore, type Store } from "./stores.ts";

/** `times`: cycles in a round; a single call is shorter than the clock of CPU time is fine. */
const plans = [
  { open: embeddedStore, sizes: [0, 1_000, 10_000, 100_000], rounds: 15, times: 12 },
  { open: dynamoDbLocalStore, sizes: [0, 10_000], rounds: 5, times: 5 },
];
const spares = 200;
const settledMs = 61_000;
const goal = 1.2;

interface Sized {
  readonly size: number;
  readonly id: string;
}

export async function groups(): Promise<void> {
  for (const { open, sizes, rounds, times } of plans) {
    const store = await open();
    try {
      const world = await groupWorld(store, Math.max(...sizes) + spares);
      const sized: Sized[] = [];
      for (const size of sizes) {
        console.log(`${store.name}: a group of ${size} is being made`);
        sized.push({ size, id: await world.newGroup(size) });
      }
      await measureFlat(store, world, sized, { rounds, times });
      await measureWhole(store, world, Math.max(...sizes));
    } finally {
      await store.close();
    }
  }
}

// ---------------------------------------------------------------- what must not depend on the size

interface Step {
  /** Absent: is not measured. */
  readonly name?: string;
  readonly run: () => Promise<unknown>;
}

/** Each operation once; afterwards the group is as it was. */
function cycle(world: GroupWorld, { id, size }: Sized, n: number): Step[] {
  const [ann = "", ...hundred] = world.people.slice(size, size + 101);
  const ask = (method: string, target: string, body?: object) => async () => {
    const { statusCode = 0, body: text } = await world.ask(method, target, body === undefined ? {} : { body });
    if (statusCode >= 300) throw new Error(`${method} ${target} was answered with ${statusCode}: ${text}`);
  };
  const change = (operation: object) => ask("PATCH", `Groups/${id}`, patch(operation));
  const work = async () => await world.work(id);
  const toAdd = (ids: readonly string[]) =>
    change({ op: "add", path: "members", value: ids.map((value) => ({ value })) });
  const toRemove = (ids: readonly string[]) =>
    change({ op: "remove", path: "members", value: ids.map((value) => ({ value })) });
  const filter = (text: string) => ask("GET", `Groups?excludedAttributes=members&filter=${encodeURIComponent(text)}`);
  const rest = async () => world.pass(settledMs);
  return [
    { name: "accept: a member more", run: toAdd([ann]) },
    { name: "apply: a member more", run: work },
    { name: "accept: a member less", run: change({ op: "remove", path: `members[value eq "${ann}"]` }) },
    { name: "apply: a member less", run: work },
    { name: "accept: 100 members more", run: toAdd(hundred) },
    { name: "apply: 100 members more", run: work },
    { run: toRemove(hundred) },
    { run: work },
    { name: "accept: another name", run: change({ op: "replace", path: "displayName", value: `name ${n}` }) },
    { name: "apply: another name", run: work },
    { run: rest },
    // The first request of a minute notes the contact and the traffic.
    { run: ask("GET", "Groups?count=0") },
    { name: "GET without members", run: ask("GET", `Groups/${id}?excludedAttributes=members`) },
    { name: "list without members", run: ask("GET", "Groups?excludedAttributes=members") },
    { name: "id eq and members eq", run: filter(`id eq "${id}" and members eq "${world.people[0]}"`) },
    { name: "members eq alone", run: filter(`members eq "${world.people[0]}"`) },
  ];
}

async function measureFlat(
  store: Store,
  world: GroupWorld,
  sized: readonly Sized[],
  { rounds, times }: { rounds: number; times: number },
) {
  const found = new Map<string, Times[][]>();
  let n = 0;
  // The first round warms up, and leaves the making of the group behind.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [place, one] of sized.entries()) {
      const sums = new Map<string, Times>();
      for (let time = 0; time < times; time += 1) {
        for (const { name, run } of cycle(world, one, (n += 1))) {
          const { wall, cpu } = await timed(run);
          if (name === undefined) continue;
          const sum = sums.get(name) ?? { wall: 0, cpu: 0 };
          sums.set(name, { wall: sum.wall + wall / times, cpu: sum.cpu + cpu / times });
        }
      }
      for (const [name, means] of sums) {
        const of = found.get(name) ?? sized.map(() => []);
        found.set(name, of);
        if (round > 0) of[place]?.push(means);
      }
    }
  }
  const units: Map<string, UnitCount>[] = [];
  for (const one of sized) units.push(await unitsOf(world, one, (n += 1)));
  printFlat(store, sized, found, units);
}

/** Of each operation, alone: the same cycle over a table that counts. */
async function unitsOf(world: GroupWorld, one: Sized, n: number): Promise<Map<string, UnitCount>> {
  const units = new Map<string, UnitCount>();
  const names = cycle(world, one, n).map(({ name }) => name);
  for (const [place, name] of names.entries()) {
    const count = await world.counted(async (on) => await cycle(on, one, n)[place]?.run());
    if (name !== undefined) units.set(name, count);
  }
  return units;
}

function printFlat(
  { name: storeName }: Store,
  sized: readonly Sized[],
  found: ReadonlyMap<string, Times[][]>,
  units: readonly ReadonlyMap<string, UnitCount>[],
): void {
  const sizes = sized.map(({ size }) => size.toLocaleString("en"));
  const [empty = "", ...larger] = sizes;
  console.log(
    `\nmilliseconds per operation, ${storeName}, medians; ratio: CPU against the group of ${empty}; goal ${goal}\n`,
  );
  const heads = [
    ...sizes.map((size) => `${size}: CPU`),
    ...larger.map((size) => `ratio at ${size}`),
    `wall at ${sizes.at(-1)}`,
  ];
  console.log(row(["operation", ...heads, "write units", "read units", "calls"]));
  console.log(row(["---", ...heads.map(() => "---:"), "---:", "---:", "---:"]));
  for (const [name, of] of found) {
    const cpu = of.map((rounds) => median(rounds.map((times) => times.cpu)));
    const wall = median((of.at(-1) ?? []).map((times) => times.wall));
    const ratios = cpu.slice(1).map((ms) => (ms / (cpu[0] ?? 0)).toFixed(2));
    const count = (what: keyof UnitCount) => [...new Set(units.map((unit) => unit.get(name)?.[what]))].join(" to ");
    console.log(
      row([
        name,
        ...cpu.map((ms) => ms.toFixed(2)),
        ...ratios,
        wall.toFixed(2),
        count("write"),
        count("read"),
        count("calls"),
      ]),
    );
  }
}

// ---------------------------------------------------------------- what does

const repeats = 5;
const putMembers = 60_000;

async function measureWhole(store: Store, world: GroupWorld, size: number): Promise<void> {
  console.log(`\n${store.name}: whole groups, medians of ${repeats}; a slim member has no $ref (more than 5,000)\n`);
  console.log(
    row(["members", "JSON kB", "gzip kB (base64)", "CPU ms", "CPU ms with gzip", "fit in one answer", "with gzip"]),
  );
  console.log(row(["---:", "---:", "---:", "---:", "---:", "---:", "---:"]));
  for (const members of [1_000, 5_000, 10_000, 50_000, 80_000, 100_000].filter((one) => one <= size)) {
    await measureRead(world, members);
  }
  const many = Math.min(putMembers, size);
  console.log(`\n${store.name}: ${many} members in one PUT, and again with 20 others\n`);
  console.log(row(["what", "wall ms", "CPU ms", "MB more in use", "write units", "read units", "calls"]));
  console.log(row(["---", "---:", "---:", "---:", "---:", "---:", "---:"]));
  await measurePut(world, many);
}

async function measureRead(world: GroupWorld, members: number): Promise<void> {
  const id = await world.newGroup(members);
  world.pass(settledMs);
  const read = async (headers: Readonly<Record<string, string>>) => {
    const cpus: number[] = [];
    let body = "";
    for (let n = 0; n < repeats; n += 1) {
      const { cpu } = await timed(async () => ({ body = "" } = await world.ask("GET", `Groups/${id}`, { headers })));
      cpus.push(cpu);
    }
    return { body, cpu: median(cpus) };
  };
  const [plain, packed] = [await read({}), await read({ "accept-encoding": "gzip" })];
  const isRefused = plain.body.includes("tooMany");
  const inLambda = Buffer.byteLength(JSON.stringify(plain.body));
  // A member of a smaller group comes with its $ref, and tells nothing about a full answer.
  const fit = (bytes: number) =>
    members <= 5_000 ? "-" : (Math.floor(limits.answerBytes / (bytes / members) / 1_000) * 1_000).toLocaleString("en");
  const kB = (bytes: number) => Math.round(bytes / 1_000).toLocaleString("en");
  console.log(
    row([
      members.toLocaleString("en"),
      isRefused ? "400 tooMany" : kB(plain.body.length),
      kB(packed.body.length),
      plain.cpu.toFixed(0),
      packed.cpu.toFixed(0),
      isRefused ? "-" : fit(inLambda),
      fit(packed.body.length),
    ]),
  );
}

async function measurePut(world: GroupWorld, members: number): Promise<void> {
  const id = await world.newGroup(0);
  const put = (on: GroupWorld, ids: readonly string[]) => async () => {
    const body = { schemas: [groupSchema], displayName: `all ${id}`, members: ids.map((value) => ({ value })) };
    const { statusCode } = await on.ask("PUT", `Groups/${id}`, { body: JSON.stringify(body) });
    if (statusCode !== 200) throw new Error(`PUT was answered with ${statusCode}`);
  };
  const first = world.people.slice(0, members);
  const second = [...world.people.slice(10, members), ...world.people.slice(members, members + 10)];
  const print = (what: string, { wall, cpu }: Times, more: number, count?: UnitCount) => {
    const units =
      count === undefined ? ["", "", ""] : [count.write, count.read, count.calls].map((n) => n.toLocaleString("en"));
    console.log(row([what, wall.toFixed(0), cpu.toFixed(0), (more / 1e6).toFixed(0), ...units]));
  };
  const measured = async (what: string, run: () => Promise<unknown>) => {
    const before = process.memoryUsage().rss;
    const times = await timed(run);
    print(what, times, process.memoryUsage().rss - before);
  };
  await measured("PUT: accept", put(world, first));
  await measured("PUT: apply", async () => await world.work(id));
  world.pass(settledMs);
  const counted = async (what: string, run: (on: GroupWorld) => Promise<unknown>) => {
    let times: Times = { wall: 0, cpu: 0 };
    const before = process.memoryUsage().rss;
    const count = await world.counted(async (on) => (times = await timed(async () => await run(on))));
    print(what, times, process.memoryUsage().rss - before, count);
  };
  await counted("PUT with 10 others and 10 less: accept", async (on) => await put(on, second)());
  await counted("PUT with 10 others and 10 less: apply", async (on) => await on.work(id));
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}
