/**
 * CPU of a whole handler beside the CPU of its SDK calls alone, warm, in the same run: what our own code costs on top of them.
 *
 * A request is repeated over the same answers (replayed-world.ts). Its calls are sent once more by bare clients, as
 * `new DynamoDBClient()` gives them, and by ours (lib/aws/clients.ts), in turns with the handler. The counts that evidence
 * writes once in 25 requests count as ours.
 */
import { cpuMsOf } from "./cpu-time.ts";
import { median } from "./median.ts";
import { kindsOf, repeatable, sendAgain } from "./recorder.ts";
import { openWorld, replayed, type World } from "./replayed-world.ts";
import { type NamedRequest, requests } from "./requests.ts";

const rounds = 15;
/** A single call is shorter than the clock of CPU time is fine. */
const timesPerRound = 20;
const warmTimes = 200;
const goalMs = 0.5;

export async function sdk(): Promise<void> {
  const world = await openWorld();
  console.log(
    `\nmilliseconds of CPU per request, warm, medians of ${rounds} rounds of ${timesPerRound}; goal: ours at most ${goalMs}\n`,
  );
  console.log(
    "| request | SDK calls | handler | bare SDK | on top | calls by our clients | ours on top |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |",
  );
  try {
    for (const request of requests) await measure(world, request);
  } finally {
    await world.close();
  }
}

async function measure(world: World, request: NamedRequest): Promise<void> {
  const { handle, calls: recorded } = await replayed(world, request);
  const calls = recorded.map(repeatable);
  const runs = [handle, () => sendAgain(world.bare, calls), () => sendAgain(world.ours, calls)];
  for (const run of runs) for (let n = 0; n < warmTimes; n += 1) await run();
  const spent: number[][] = runs.map(() => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [n, run] of runs.entries()) spent[n]?.push(await cpuMs(run));
  const [whole = [], alone = [], tuned = []] = spent;
  // Round by round: whatever else the machine does then, both have suffered from it.
  const onTopOf = (others: readonly number[]) => whole.map((ms, round) => ms - (others[round] ?? 0));
  const cells = [whole, alone, onTopOf(alone), tuned, onTopOf(tuned)].map((ms) => median(ms).toFixed(2));
  console.log(`| ${request.name} | ${kindsOf(recorded)} | ${cells.join(" | ")} |`);
}

/** The mean of a round. */
async function cpuMs(run: () => Promise<void>): Promise<number> {
  const round = async () => {
    for (let n = 0; n < timesPerRound; n += 1) await run();
  };
  return (await cpuMsOf(round)) / timesPerRound;
}
