/**
 * Where the CPU of a request goes, by V8's profiler: by package, and the functions that take most by themselves.
 *
 * `PROFILE_REQUEST="PATCH one attribute"` takes another request of requests.ts in place of those below.
 */
import { Session } from "node:inspector/promises";
import { openWorld, replayed, type World } from "./replayed-world.ts";
import { type NamedRequest, requests } from "./requests.ts";

const usual = ["create a user", "get a user", "apply: create a user"];
const warmTimes = 300;
const times = 600;
const sampleMicroseconds = 100;
const functionsShown = 30;

export async function profile(): Promise<void> {
  const asked = process.env["PROFILE_REQUEST"];
  const names = asked === undefined ? usual : [asked];
  const chosen = requests.filter(({ name }) => names.includes(name));
  if (chosen.length === 0) {
    throw new Error(`PROFILE_REQUEST is none of: ${requests.map(({ name }) => name).join(", ")}`);
  }
  const world = await openWorld();
  try {
    for (const request of chosen) await show(world, request);
  } finally {
    await world.close();
  }
}

async function show(world: World, request: NamedRequest): Promise<void> {
  const { handle } = await replayed(world, request);
  for (let n = 0; n < warmTimes; n += 1) await handle();
  const spent = await sampled(async () => {
    for (let n = 0; n < times; n += 1) await handle();
  });
  table(
    `${request.name}: by package`,
    totals(spent, ({ url }) => packageOf(url)),
  );
  table(
    `${request.name}: by function`,
    totals(spent, ({ name, url, line }) => `${name || "(anonymous)"} ${shortened(url)}:${line}`).slice(
      0,
      functionsShown,
    ),
  );
}

interface Spent {
  readonly name: string;
  readonly url: string;
  readonly line: number;
  readonly microseconds: number;
}

/** Self times, without what was idle. */
async function sampled(work: () => Promise<void>): Promise<Spent[]> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: sampleMicroseconds });
  await session.post("Profiler.start");
  await work();
  const { profile: taken } = await session.post("Profiler.stop");
  session.disconnect();
  const { nodes, samples = [], timeDeltas = [] } = taken;
  const byNode = new Map<number, number>();
  for (const [n, id] of samples.entries()) byNode.set(id, (byNode.get(id) ?? 0) + (timeDeltas[n] ?? 0));
  return nodes.flatMap(({ id, callFrame: { functionName: name, url, lineNumber } }) => {
    const microseconds = byNode.get(id) ?? 0;
    return name === "(idle)" || microseconds === 0 ? [] : [{ name, url, line: lineNumber + 1, microseconds }];
  });
}

function totals(spent: readonly Spent[], keyOf: (one: Spent) => string): [string, number][] {
  const sums = new Map<string, number>();
  for (const one of spent) sums.set(keyOf(one), (sums.get(keyOf(one)) ?? 0) + one.microseconds);
  return [...sums].toSorted(([, a], [, b]) => b - a);
}

function packageOf(url: string): string {
  const [, inside] = url.split("/node_modules/");
  if (inside !== undefined)
    return inside
      .split("/")
      .slice(0, inside.startsWith("@") ? 2 : 1)
      .join("/");
  if (url.startsWith("node:")) return "node";
  return /\/(?:lib\/[a-z]+|bench|test)\//.exec(url)?.[0]?.slice(1, -1) ?? "V8 and native";
}

function shortened(url: string): string {
  return url.split("/").slice(-5).join("/");
}

function table(title: string, rows: readonly [string, number][]): void {
  console.log(`\n${title}, microseconds a request\n\n| where | µs |\n| --- | ---: |`);
  for (const [where, sum] of rows) console.log(`| ${where} | ${(sum / times).toFixed(1)} |`);
}
