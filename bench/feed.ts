/**
 * What a reader of the feed costs, embedded: pages of 1,000 and of 100 events in a short feed and in long ones, whoever waits,
 * and the search for the oldest event. The baseline is the page of the shortest feed in the same run.
 */
import { createFeedHandler } from "../lib/handlers/feed.ts";
import { quietTelemetry } from "../lib/handlers/telemetry.ts";
import { invocation } from "../lib/local/context.ts";
import { createToken } from "../lib/ops/tokens.ts";
import { appendMany } from "../test/events/fed.ts";
import { apiEvent } from "../test/handlers/event.ts";
import { countedReads } from "../test/provisioning/counted-reads.ts";
import { median } from "./median.ts";
import { embeddedStore } from "./stores.ts";

const lengths = [2_000, 20_000, 200_000];
const times = 30;

export async function feed(): Promise<void> {
  const store = await embeddedStore();
  const { worker } = store;
  const { table, readsOf } = countedReads(worker.table);
  const tenant = { ...worker.tenant, events: { values: false, sinks: [] } };
  const { token } = await createToken({ ...worker, tenant }, { label: "bench", use: "events" });
  const handler = createFeedHandler({
    feed: { ...worker, table, tenant },
    telemetry: quietTelemetry({ tenant: "bench" }),
  });
  const headers = { authorization: `Bearer ${token}`, "accept-encoding": "identity" };
  const ask = async (query: string) => {
    const { body = "", statusCode } = await handler(
      apiEvent("GET", `/events?${query}`, { headers }),
      invocation("feed", 28),
    );
    if (statusCode !== 200) throw new Error(`the feed answered ${statusCode}`);
    return { bytes: body.length, ...(JSON.parse(body) as { next: string; events: object[] }) };
  };
  console.log(
    `\nmilliseconds, medians of ${times}, and reads (items) of a request, embedded (ratio: to the shortest feed)\n`,
  );
  console.log("| request | events in the feed | reads | ms | ratio | kB |\n| --- | ---: | ---: | ---: | ---: | ---: |");
  const first = new Map<string, number>();
  let there = 0;
  for (const length of lengths) {
    await appendMany(worker.table, length - there, worker.clock.now(), there + 1);
    there = length;
    const { next: middle } = await ask("limit=500");
    const { next: end } = await ask("after=end");
    const requests = {
      "a page of 1,000": `limit=1000&after=${middle}`,
      "a page of 100": `after=${middle}`,
      "nothing new": `after=${end}`,
      "from the oldest": "limit=100",
    };
    for (const [name, query] of Object.entries(requests)) {
      const { calls, items } = await readsOf(async () => await ask(query));
      const { bytes } = await ask(query);
      const all: number[] = [];
      for (let n = 0; n < times; n += 1) {
        const began = performance.now();
        await ask(query);
        all.push(performance.now() - began);
      }
      const ms = median(all);
      const base = first.get(name) ?? ms;
      first.set(name, base);
      console.log(
        `| ${name} | ${length} | ${calls} (${items}) | ${ms.toFixed(1)} | ${(ms / base).toFixed(2)} | ${Math.round(bytes / 1000)} |`,
      );
    }
  }
  await store.close();
}
