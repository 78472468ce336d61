/** One operation on every server, in turns: CPU of the server, time of the client, and whether the answers were right. */
import type { Answer } from "./client.ts";
import { type Operation, resourcesOf, type Scene } from "./operations.ts";
import type { Sample } from "./results.ts";

export interface Turn {
  readonly contestant: string;
  readonly scene: Scene;
}

/** A round of one server ends after that, and at least one request; a server that needs as long for one is asked once a round. */
const roundMsMost = 1_500;
/** A request that takes so long is not repeated in further rounds: its figure will not hang on noise. */
const patienceMs = 4_000;
/** Before the first size: whoever is asked first must not pay for the machine's getting to know the code. */
const warmMsMost = 3_000;
const bareTimes = 12;
const recordedTimes = 3;

interface Counts {
  readonly cpuMs: number[];
  readonly wallMs: number[];
  readonly applyMs: number[];
  asked: number;
  wrong: number;
  firstWrong?: string;
  slow: boolean;
}

/** In every round it is another server's turn first. */
export async function measureAll(operation: Operation, turns: readonly Turn[], rounds: number): Promise<Sample[]> {
  const all = turns.map((turn) => ({ turn, counts: fresh() }));
  for (const each of all) {
    const { scene } = each.turn;
    const warm = fresh();
    await oneRound(operation, scene, warm, { times: operation.warmTimes, msMost: warmMsMost });
    // Then it is what is known, and no round follows.
    if (warm.slow) each.counts = warm;
  }
  for (let round = 0; round < rounds; round += 1) {
    const first = round % all.length;
    for (const { turn, counts } of [...all.slice(first), ...all.slice(0, first)])
      if (!counts.slow) await oneRound(operation, turn.scene, counts, { times: operation.times, msMost: roundMsMost });
  }
  const samples: Sample[] = [];
  for (const { turn, counts } of all) {
    const { applyMs, cpuMs, wallMs, asked, wrong, firstWrong } = counts;
    samples.push({
      operation: operation.name,
      contestant: turn.contestant,
      size: turn.scene.size,
      cpuMs,
      wallMs,
      asked,
      wrong,
      ...(firstWrong !== undefined && { firstWrong }),
      ...(applyMs.length > 0 && { applyMs }),
      ...(await bareOf(operation, turn.scene)),
    });
  }
  return samples;
}

const fresh = (): Counts => ({ cpuMs: [], wallMs: [], applyMs: [], asked: 0, wrong: 0, slow: false });

async function oneRound(
  operation: Operation,
  scene: Scene,
  counts: Counts,
  { times, msMost }: { times: number; msMost: number },
): Promise<void> {
  const { server } = scene;
  const before = await server.cpuMs();
  const begun = performance.now();
  let last: Answer | undefined;
  let [done, wrong] = [0, 0];
  while (done < times && (done === 0 || performance.now() - begun < msMost)) {
    const { answer, isRight } = await operation.ask(scene);
    done += 1;
    if (!isRight) {
      wrong += 1;
      counts.firstWrong ??= shapeOf(answer);
    }
    last = answer;
  }
  const wall = performance.now() - begun;
  counts.cpuMs.push(((await server.cpuMs()) - before) / done);
  counts.wallMs.push(wall / done);
  if (wall / done > patienceMs) counts.slow = true;
  if (last !== undefined && operation.holds !== undefined && !(await operation.holds(scene, last))) {
    wrong = done;
    counts.firstWrong ??= `${last.status}, and then it is not so`;
  }
  const settled = await server.settle();
  if (settled.applied > 0) counts.applyMs.push(settled.cpuMs / done);
  counts.asked += done;
  counts.wrong += wrong;
}

/** Without values: they are long, and only the shape was wrong. */
function shapeOf(answer: Answer): string {
  const { totalResults, detail } = answer.body;
  const resources = resourcesOf(answer).length;
  if (typeof totalResults === "number") return `${answer.status}, ${resources} of totalResults ${totalResults}`;
  return `${answer.status}${typeof detail === "string" ? `, ${detail}` : ""}`;
}

/** Where there are SDK calls: those of a few requests, sent again by bare clients. */
async function bareOf(operation: Operation, scene: Scene): Promise<Pick<Sample, "bareMs" | "ownCallsMs" | "calls">> {
  const { server } = scene;
  if (!server.recordsCalls) return {};
  const times = Math.min(recordedTimes, operation.times);
  await server.record();
  for (let n = 0; n < times; n += 1) await operation.ask(scene);
  const bare = await server.bare(bareTimes);
  await server.settle();
  if (bare === null) return {};
  const kinds = Map.groupBy(bare.calls, (kind) => kind);
  const calls = Object.fromEntries([...kinds].map(([kind, some]) => [kind, some.length / times]));
  return { bareMs: bare.cpuMs / times, ownCallsMs: bare.ownCpuMs / times, calls };
}
