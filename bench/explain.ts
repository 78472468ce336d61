/**
 * How long the operator's questions take, among a few users and among 100,000, embedded. The baseline is one user read by
 * userName through the same table in the same run. The store is played by requests, then one user is copied.
 */
import { doctor } from "../lib/ops/doctor/doctor.ts";
import { explain } from "../lib/ops/explain/explain.ts";
import { findResources } from "../lib/ops/find-resource.ts";
import { entra } from "../test/ops/explain/idp.ts";
import { multiply } from "../test/ops/explain/multiply.ts";
import { minute, type World, world } from "../test/ops/explain/world.ts";
import { median } from "./median.ts";

const many = 100_000;
const times = 50;

type Question = (w: World) => Promise<unknown>;
const questions: Readonly<Record<string, Question>> = {
  "baseline: a user found by userName": async (w) => await findResources(w.operations, "ann@example.com"),
  "explain, stored": async (w) => await explain(w.operations, "ann@example.com"),
  "explain, never named": async (w) => await explain(w.operations, "nobody@example.com"),
  "explain, waiting": async (w) => await explain(w.operations, "waiting@example.com"),
  doctor: async (w) => await doctor(w.operations),
};

export async function explaining(): Promise<void> {
  const w = world();
  try {
    await w.newToken({ idp: "entra" });
    await entra(w).provision("ann@example.com");
    const { id } = await entra(w).provision("seed@example.com");
    await w.work();
    await w.pass(minute);
    await entra(w).provision("waiting@example.com");
    const few = await measured(w);
    multiply(w.db, { id, name: "seed", times: many });
    const all = await measured(w);
    console.log(`\nmilliseconds and reads a question, embedded, medians of ${times} (ratio: against the baseline)\n`);
    console.log(
      `| question | reads | 3 users | ratio | ${many + 3} users | ratio |\n| --- | ---: | ---: | ---: | ---: | ---: |`,
    );
    for (const [name, small] of few) {
      const large = all.get(name) ?? small;
      const reads = small.reads === large.reads ? String(small.reads) : `${small.reads} and ${large.reads}`;
      const ratio = (ms: number, of: Map<string, Figures>) => (ms / ([...of.values()][0]?.ms ?? ms)).toFixed(1);
      console.log(
        `| ${name} | ${reads} | ${small.ms.toFixed(2)} | ${ratio(small.ms, few)} | ${large.ms.toFixed(2)} | ${ratio(large.ms, all)} |`,
      );
    }
  } finally {
    w.close();
  }
}

interface Figures {
  readonly ms: number;
  readonly reads: number;
}

async function measured(w: World): Promise<Map<string, Figures>> {
  const figures = new Map<string, Figures>();
  for (const [name, ask] of Object.entries(questions)) {
    const all: number[] = [];
    for (let n = 0; n < times; n += 1) {
      w.reads();
      const began = performance.now();
      await ask(w);
      all.push(performance.now() - began);
    }
    figures.set(name, { ms: median(all), reads: w.reads().calls });
  }
  return figures;
}
