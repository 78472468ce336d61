/**
 * One run: the feed of a simulated directory grows, publishers put it into the queues of two sinks, workers deliver it, and an
 * operator replays what was parked; all of them die now and then. One sink has its troubles, the other one is always well.
 * Then no more faults until the world is at rest; then the checks. One seed is the whole run.
 */
import type { DatabaseSync } from "node:sqlite";
import { type DirectoryEvent, eventText } from "../../lib/events/event.ts";
import { feedDays } from "../../lib/events/feed.ts";
import { queueUp } from "../../lib/events/queue-up.ts";
import { createDeliverHandler } from "../../lib/handlers/deliver.ts";
import { quietTelemetry } from "../../lib/handlers/telemetry.ts";
import { invocation } from "../../lib/local/context.ts";
import { sqsEvent } from "../../lib/local/sqs-event.ts";
import { withSinkReplay } from "../../lib/ops/events/replay.ts";
import type { Operations } from "../../lib/ops/operations.ts";
import { expiresAfter } from "../../lib/provisioning/expiry.ts";
import { feedHeadKey, feedKey } from "../../lib/provisioning/keys.ts";
import { LaneError, TableError, type Write } from "../../lib/provisioning/ports.ts";
import { foldOfDirectory } from "../events/fold.ts";
import { faultsOfArrivals } from "./arrivals.ts";
import { feedOf } from "./events-at-rest.ts";
import { FaultySink } from "./faulty-sink.ts";
import { HostileQueue } from "./hostile-queue.ts";
import { MemoryStore } from "./memory-table.ts";
import { simulate } from "./simulate.ts";
import { simulatedTenant } from "./tenant.ts";
import { type Process, World } from "./world.ts";

export interface DeliveryResult {
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  readonly events: number;
  readonly parked: number;
  /** Of the sink with the troubles, how many came more than once. */
  readonly again: number;
}

const faults = { crash: 0.006, lostAnswer: 0.01, throttle: 0.01, conflict: 0.01, lostSend: 0.05, duplicate: 0 };
const [second, minute, hour] = [1_000, 60_000, 3_600_000];
const workersMost = 3;
const functionMs = 120_000;
const quiet = { info: () => {}, warn: () => {}, error: () => {} };

interface Sink {
  readonly queue: HostileQueue;
  readonly at: FaultySink;
  workers: number;
}

/** `db`: an empty one. */
export async function deliverAll(seed: number, db: DatabaseSync): Promise<DeliveryResult> {
  const told = await simulate(seed, { events: seed % 2 === 0 ? "stream" : "lossy" });
  const violations = [...told.violations];
  const feed = feedOf({ fail: (fault) => void violations.push(fault) }, told.store);
  const run = new Delivering(new World(seed, faults), db, feed);
  await run.busy();
  await run.rest();
  const directory = foldOfDirectory(told.store.all("directory"));
  for (const { queue, at } of run.sinks) {
    violations.push(...faultsOfArrivals({ sink: at.name, taken: at.taken, parked: queue.parked }, feed, directory));
    violations.push(...queue.parkedEarly);
  }
  const [app] = run.sinks;
  return {
    violations: [...run.violations, ...violations, ...run.world.errors.map((error) => `unexpected: ${String(error)}`)],
    trace: run.world.trace,
    events: feed.length,
    parked: app?.queue.parked.size ?? 0,
    again: (app?.at.taken.length ?? 0) - feed.length,
  };
}

class Delivering {
  readonly world: World;
  readonly violations: string[] = [];
  readonly sinks: readonly [Sink, Sink];
  private readonly feed: readonly DirectoryEvent[];
  private readonly store: MemoryStore;
  private fed = 0;
  private feeding = false;
  private publishers = 0;
  private replaying = false;

  constructor(world: World, db: DatabaseSync, feed: readonly DirectoryEvent[]) {
    this.world = world;
    this.feed = feed;
    this.store = new MemoryStore(world, { decided: () => () => {} });
    const sink = (name: string, hasTroubles: boolean): Sink => {
      return { queue: new HostileQueue(db, name, world), at: new FaultySink(name, world, hasTroubles), workers: 0 };
    };
    this.sinks = [sink("app", true), sink("well", false)];
  }

  // ---------------------------------------------------------------- the world's phases

  async busy(): Promise<void> {
    const { random } = this.world;
    const [app] = this.sinks;
    for (let n = 0; n < 1_200; n += 1) {
      const roll = random.next();
      if (roll < 0.06) this.feedSome(1 + random.int(5));
      else if (roll < 0.12) this.startPublisher();
      else if (roll < 0.2) this.startWorker(random.pick(this.sinks));
      else if (roll < 0.205) app.at.goesDown();
      else if (roll < 0.21) app.queue.isDown = !app.queue.isDown;
      else if (roll < 0.24)
        await this.passes(random.pick([second, 20 * second, 2 * minute, 7 * minute, hour, 9 * hour]));
      else if (roll < 0.245) this.startReplay();
      else await this.world.step();
    }
  }

  async rest(): Promise<void> {
    const [app, well] = this.sinks;
    await this.drain();
    this.world.calm = true;
    app.at.goesDown(Number.POSITIVE_INFINITY);
    const begin = this.world.time;
    await this.until("the other sink has all", async () => (await well.queue.depth()) === 0 && this.hasAll(well));
    if (this.world.time - begin > hour) this.violations.push("a sink that is well had to wait for one that is down");
    if (well.queue.parked.size > 0) this.violations.push("something was parked at a sink that is well");
    app.at.isWellFromNowOn();
    app.queue.isDown = false;
    await this.until("all is delivered or parked", async () => await this.isDone(app));
    for (let round = 0; round < 20 && (await app.queue.parkedDepth()) > 0; round += 1) {
      this.world.time += hour;
      this.startReplay();
      await this.until("what was replayed is delivered", async () => await this.isDone(app));
    }
    if ((await app.queue.parkedDepth()) > 0) this.violations.push("something stays parked");
  }

  private async isDone({ queue }: Sink): Promise<boolean> {
    const mark = this.store.peek({ table: "events", pk: "Feed", sk: "Queued" })?.attributes["sink.app"];
    return (await queue.depth()) === 0 && (mark === this.feed.length || this.feed.length === 0);
  }

  private hasAll({ at }: Sink): boolean {
    return new Set(at.taken.map(({ id }) => id)).size === this.feed.length;
  }

  private async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    for (let round = 0; round < 400; round += 1) {
      await this.drain();
      if (this.fed === this.feed.length && (await isSo())) return;
      const next = this.sinks.flatMap(({ queue }) => queue.nextAt() ?? []);
      this.world.time = Math.min(...next, this.world.time + 10 * minute);
      this.feedSome(this.feed.length);
      this.startPublisher();
      for (const sink of this.sinks) for (let n = 0; n < workersMost; n += 1) this.startWorker(sink);
    }
    this.violations.push(`it does not come to rest: ${what}`);
  }

  private async passes(ms: number): Promise<void> {
    await this.drain();
    this.world.time += ms;
  }

  private async drain(): Promise<void> {
    while (await this.world.step());
  }

  // ---------------------------------------------------------------- processes

  private parts(process: Process) {
    const { world } = this;
    return {
      table: this.store.tableFor(process),
      clock: { now: () => world.time, sleep: async (ms: number) => await world.turn(process, world.time + ms) },
      chance: { random: () => world.random.next(), uuid: () => "" },
    };
  }

  /** As the publisher does it, whose own guards are the simulation's. */
  private feedSome(count: number): void {
    const events = this.feed.slice(this.fed, this.fed + Math.min(count, 90));
    if (this.feeding || events.length === 0) return;
    this.feeding = true;
    const put = (event: DirectoryEvent, n: number): Write => {
      const attributes = { event: eventText(event), expires: expiresAfter(this.world.time, feedDays) };
      return { kind: "put", key: feedKey(this.fed + n + 1), attributes };
    };
    const position = this.fed + events.length;
    const writes: Write[] = [{ kind: "update", key: feedHeadKey, set: { position } }, ...events.map(put)];
    const run = async (process: Process): Promise<void> => {
      const { table } = this.parts(process);
      for (;;) {
        try {
          await table.transact(writes);
          this.fed = position;
          return;
        } catch (error) {
          if (!(error instanceof TableError)) throw error;
        }
      }
    };
    this.world.spawn("feed", run, () => void (this.feeding = false), false);
  }

  private startPublisher(): void {
    if (this.publishers > 1) return;
    this.publishers += 1;
    const run = async (process: Process): Promise<void> => {
      const queues = Object.fromEntries(this.sinks.map(({ at, queue }) => [at.name, queue.queueFor(process)]));
      try {
        const errors = await queueUp(this.parts(process), queues);
        for (const error of errors.values()) if (!(error instanceof LaneError)) throw error;
      } catch (error) {
        if (!(error instanceof TableError)) throw error;
      }
    };
    this.world.spawn("publisher", run, () => void (this.publishers -= 1));
  }

  private startWorker(sink: Sink): void {
    if (sink.workers >= workersMost) return;
    const { queue, at } = sink;
    const messages = queue.receive();
    if (messages.length === 0) return;
    sink.workers += 1;
    const end = this.world.time + functionMs;
    const run = async (process: Process): Promise<void> => {
      const handler = createDeliverHandler({
        ...this.parts(process),
        sinks: { [at.name]: { send: at.sendFor(process), messages: queue.messagesFor(process, messages) } },
        sinkOf: () => at.name,
        telemetry: { ...quietTelemetry({ tenant: "simulated" }), logger: quiet, count: () => {} },
      });
      const context = { ...invocation("deliver", 0), getRemainingTimeInMillis: () => end - this.world.time };
      const { batchItemFailures } = await handler(sqsEvent(at.name, messages), context);
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const message of messages) if (!failed.has(message.id)) await queue.ack(process, message);
    };
    this.world.spawn(`worker ${at.name}`, run, () => void (sink.workers -= 1));
  }

  private startReplay(): void {
    if (this.replaying) return;
    this.replaying = true;
    const [{ queue, at }] = this.sinks;
    const run = async (process: Process): Promise<void> => {
      const events = {
        queues: { app: queue.queueFor(process) },
        deadLetters: { app: queue.lettersFor(process) },
        senders: { app: at.sendFor(process) },
      };
      const tenant = simulatedTenant(false, undefined, { events: true });
      const operations = { ...this.parts(process), tenant, events } as unknown as Operations;
      const during = { onProgress: () => {}, signal: new AbortController().signal };
      try {
        await withSinkReplay(operations, "app", during.onProgress, async (_plan, replay) => await replay(during));
      } catch (error) {
        if (!(error instanceof TableError || error instanceof LaneError)) throw error;
      }
    };
    this.world.spawn("replay", run, () => void (this.replaying = false));
  }
}
