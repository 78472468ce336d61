/**
 * `npm run bench:peers`: Rollcall and three other SCIM servers side by side, by the same client on the same machine, in turns.
 *
 * Each server is a process of its own, so that its CPU is not that of the client. What was measured is written to
 * bench/results/peers.json after each operation; the tables and pictures are made from that file, again by `--render`. With
 * `--sizes 300,1000 --rounds 2 --servers Rollcall,saml-jackson --minutes 5` it is a trial, and what comes out goes to
 * bench/peers/tried, which git ignores.
 * Ctrl-C ends it after the operation that is under way, with the tables of what there is; a second one ends it at once.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { startDynamoDbLocal, startElasticMq } from "../../test/real/servers.ts";
import { type Contestant, contestants, type Stores } from "./contestants.ts";
import { runCycles } from "./entra-cycle.ts";
import { installPeers } from "./install.ts";
import { measureAll, type Turn } from "./measure.ts";
import { joinersNeeded, type Operation, operations, type Scene } from "./operations.ts";
import { defaults, optionsOf, type PeersOptions } from "./options.ts";
import { drawPictures } from "./pictures.ts";
import { runRaces } from "./races.ts";
import { hasResults, keep, lastResults, type Results, trialFolder, wholeFolder } from "./results.ts";
import type { RunningServer } from "./server.ts";
import { tablesOf } from "./tables.ts";

export async function peers(options: PeersOptions = defaults): Promise<void> {
  const stopping = new AbortController();
  const closing: (() => Promise<void>)[] = [];
  const onInterrupt = (): void => {
    if (stopping.signal.aborted) void closeAll(closing).finally(() => process.exit(130));
    console.log("stopping after what is under way; once more: at once");
    stopping.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, onInterrupt);
  try {
    const python = installPeers();
    const dynamo = await startDynamoDbLocal();
    closing.push(() => dynamo.stop());
    const queue = await startElasticMq();
    closing.push(() => queue.stop());
    const stores = { dynamoUrl: dynamo.url, sqsUrl: queue.url, python };
    const folder = isDeepStrictEqual(options, defaults) ? wholeFolder : trialFolder;
    render(await measured({ options, stores, folder, signal: stopping.signal, closing }), folder);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, onInterrupt);
    await closeAll(closing);
  }
}

/** The last that was opened first. */
async function closeAll(closing: (() => Promise<void>)[]): Promise<void> {
  for (const close of closing.splice(0).toReversed()) await close();
}

function render(results: Results, folder: string): void {
  const text = tablesOf(results);
  writeFileSync(join(folder, "peers.md"), text);
  console.log(`\n${text}`);
  for (const path of drawPictures(results, folder)) console.log(`drew ${path}`);
}

interface Measuring {
  readonly options: PeersOptions;
  readonly stores: Stores;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly closing: (() => Promise<void>)[];
}

async function measured({ options, stores, folder, signal, closing }: Measuring): Promise<Results> {
  const chosen = contestants.filter(({ name }) => options.contestants.includes(name));
  const results = emptyResults(options);
  const entrants = [];
  for (const contestant of chosen) {
    const server = await contestant.start(stores);
    closing.push(server.stop);
    entrants.push(entrantOf(contestant, server));
  }
  const begun = performance.now();
  const tell = (what: string): void => {
    console.log(`${String(Math.round((performance.now() - begun) / 1000)).padStart(5)} s  ${what}`);
  };
  for (const { name, server } of entrants) {
    if (signal.aborted) break;
    tell(`races: ${name}`);
    results.races.push(...(await runRaces(name, server)));
    keep(results, folder);
  }
  for (const { name, server } of entrants) {
    if (signal.aborted) break;
    tell(`Entra's first cycle: ${name}`);
    results.cycles.push(await runCycles(name, server, options.rounds));
    keep(results, folder);
  }
  for (const size of options.sizes)
    await measureSize({ size, options, entrants, results, folder, signal, tell, begun });
  return results;
}

interface Entrant {
  readonly name: string;
  readonly server: RunningServer;
  /** By number. */
  readonly ids: string[];
  used: number;
  made: number;
}

/** People who are made by requests have numbers of their own. */
const firstNew = 10_000_000;

const entrantOf = ({ name }: Contestant, server: RunningServer): Entrant => ({
  name,
  server,
  ids: [],
  used: 0,
  made: firstNew,
});

interface SizeRun {
  readonly size: number;
  readonly options: PeersOptions;
  readonly entrants: readonly Entrant[];
  readonly results: Results;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly tell: (what: string) => void;
  readonly begun: number;
}

async function measureSize(run: SizeRun): Promise<void> {
  const { size, options, entrants, results, folder, signal, tell } = run;
  if (tooLate(run)) return;
  for (const entrant of entrants) {
    tell(`${size.toLocaleString("en")} users: filling ${entrant.name}`);
    await fillTo(entrant, size);
    if (signal.aborted) return;
  }
  const people = entrants.map((entrant) => turnOf(entrant, size, ""));
  await measureSome(
    run,
    operations.filter(({ kind }) => kind === "user"),
    people,
  );
  const turns: Turn[] = [];
  for (const entrant of entrants) {
    if (tooLate(run)) return;
    tell(`${size.toLocaleString("en")} members: filling ${entrant.name}`);
    await fillTo(entrant, size + joinersNeeded(options.rounds));
    turns.push(turnOf(entrant, size, await entrant.server.group(size)));
  }
  await measureSome(
    run,
    operations.filter(({ kind }) => kind === "group"),
    turns,
  );
  if (tooLate(run)) return;
  for (const { contestant, scene } of turns) {
    const [due, there] = [scene.members(), await scene.server.members(scene.groupId)];
    if (there !== due) results.notes.push(`${contestant}: of ${due} members ${there} are there`);
  }
  keep(results, folder);
}

async function measureSome(run: SizeRun, some: readonly Operation[], turns: readonly Turn[]): Promise<void> {
  const { size, options, results, folder, tell } = run;
  for (const operation of some) {
    if (tooLate(run)) return;
    tell(`${size.toLocaleString("en")}: ${operation.name}`);
    results.samples.push(...(await measureAll(operation, turns, options.rounds)));
    keep(results, folder);
  }
}

/** By Ctrl-C, or because the time is over: then what is left is noted. */
function tooLate({ size, options, results, signal, begun }: SizeRun): boolean {
  if (signal.aborted) return true;
  if (performance.now() - begun < options.minutes * 60_000) return false;
  const note = `after ${options.minutes} minutes nothing more was begun: the rest at ${size.toLocaleString("en")} is missing`;
  if (!results.notes.includes(note)) results.notes.push(note);
  return true;
}

async function fillTo(entrant: Entrant, count: number): Promise<void> {
  entrant.ids.push(...(await entrant.server.fill(entrant.ids.length, Math.max(entrant.ids.length, count))));
}

function turnOf(entrant: Entrant, size: number, groupId: string): Turn {
  let joined = size;
  const scene: Scene = {
    server: entrant.server,
    size,
    ids: entrant.ids,
    groupId,
    newPerson: () => (entrant.made += 1),
    // A prime step: everybody once, and neighbours far apart.
    anybody: () => ((entrant.used += 1) * 7_919) % size,
    joiners: (count) => {
      const some = entrant.ids.slice(joined, joined + count);
      if (some.length < count) throw new Error("everybody has joined already");
      joined += count;
      return some;
    },
    members: () => joined,
  };
  return { contestant: entrant.name, scene };
}

function emptyResults({ rounds, sizes, contestants: names }: PeersOptions): Results {
  return {
    startedAt: new Date().toISOString(),
    commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim(),
    machine: `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), Node ${process.version}`,
    loadBefore: loadavg()[0] ?? 0,
    rounds,
    sizes,
    contestants: names,
    samples: [],
    races: [],
    cycles: [],
    notes: [],
  };
}

if (process.argv[1] === import.meta.filename) {
  const options = optionsOf(process.argv.slice(2));
  if (options !== "render") await peers(options);
  else if (hasResults()) render(lastResults(), wholeFolder);
  else {
    console.error("bench:peers: nothing has been measured yet; run `npm run bench:peers` first");
    process.exit(2);
  }
}
