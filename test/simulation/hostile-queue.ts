/**
 * A sink's queue with SQS's manners as processes see it: ten messages at a time, answers that are lost, and somebody who dies
 * between two calls. It keeps what was parked, and whether that was too early.
 */
import type { DatabaseSync } from "node:sqlite";
import type { SinkMessages, SinkPointer, SinkQueue } from "../../lib/events/ports.ts";
import { sqliteDeadLetters } from "../../lib/local/sqlite-lane.ts";
import {
  deleteSinkMessage,
  receiveSinkMessages,
  sinkQueueName,
  type SinkMessage,
  sqliteSinkMessages,
  sqliteSinkQueue,
} from "../../lib/local/sqlite-sink-queue.ts";
import { type DeadLetters, LaneError } from "../../lib/provisioning/ports.ts";
import type { Process, World } from "./world.ts";

const settings = { visibilityTimeoutSeconds: 130, maxReceiveCount: 100 };
const atOnce = 10;
/** All pauses, each shorter by as much as chance may make it. */
const patienceMsLeast = 18.9 * 3_600_000;

export class HostileQueue {
  readonly parked = new Set<string>();
  /** What was parked before its day was over. */
  readonly parkedEarly: string[] = [];
  /** It takes nothing, as if it were not there. */
  isDown = false;
  private readonly world: World;
  private readonly options;
  private readonly real;
  private readonly letters;

  constructor(db: DatabaseSync, sink: string, world: World) {
    this.world = world;
    const clock = { now: () => world.time, sleep: async () => {} };
    this.options = { db, sink, clock };
    this.real = { queue: sqliteSinkQueue(this.options), messages: sqliteSinkMessages(this.options) };
    this.letters = sqliteDeadLetters({ db, clock, name: sinkQueueName(sink) });
  }

  queueFor(process: Process): SinkQueue {
    const { world, real } = this;
    return {
      sendAll: async (pointers, ...again) => {
        for (let n = 0; n < pointers.length; n += atOnce) {
          await world.turn(process);
          if (this.isDown || world.happens("lostSend")) throw new LaneError("injected, before");
          const some = pointers.slice(n, n + atOnce);
          world.note(`${process.name}: sends ${some.map(({ eventId }) => eventId).join(" ")}`);
          await real.queue.sendAll(some, ...again);
          await world.turn(process);
          if (world.happens("lostSend")) throw new LaneError("injected, after");
        }
      },
      depth: async () => await real.queue.depth(),
    };
  }

  /** For whoever has received these. */
  messagesFor(process: Process, received: readonly SinkMessage[]): SinkMessages {
    const { world, real } = this;
    const called = async () => {
      await world.turn(process);
      if (world.happens("lostAnswer")) throw new LaneError("injected");
    };
    return {
      postpone: async (receipt, seconds) => {
        await called();
        await real.messages.postpone(receipt, seconds);
      },
      bury: async (message, reason) => {
        await called();
        world.note(`${process.name}: buries ${JSON.stringify(message)} ${reason}`);
        if (typeof message !== "string") this.noteParked(message, received);
        await real.messages.bury(message, reason);
      },
    };
  }

  lettersFor(process: Process): DeadLetters {
    const turn = async () => await this.world.turn(process);
    return {
      depth: async () => await this.letters.depth(),
      receive: async (o) => await turn().then(async () => await this.letters.receive(o)),
      remove: async (receipt) => await turn().then(async () => await this.letters.remove(receipt)),
      release: async (receipt) => await turn().then(async () => await this.letters.release(receipt)),
    };
  }

  receive(): readonly SinkMessage[] {
    return receiveSinkMessages(this.options, settings);
  }

  /** A delete may be lost: the message comes again then. */
  async ack(process: Process, { receipt }: SinkMessage): Promise<void> {
    await this.world.turn(process);
    if (!this.world.happens("lostSend")) deleteSinkMessage(this.options, receipt);
  }

  async depth(): Promise<number> {
    return await this.real.queue.depth();
  }

  async parkedDepth(): Promise<number> {
    return await this.letters.depth();
  }

  /** When the first of those that are hidden is there again; undefined when none is. */
  nextAt(): number | undefined {
    const sql = "SELECT min(visible_at) AS at FROM message WHERE queue = ? AND visible_at > ?";
    const at = this.options.db.prepare(sql).get(sinkQueueName(this.options.sink), this.world.time)?.["at"];
    return typeof at === "number" ? at : undefined;
  }

  private noteParked({ eventId }: SinkPointer, received: readonly SinkMessage[]): void {
    this.parked.add(eventId);
    const sentAt = received.flatMap((one) => (one.body.includes(`"${eventId}"`) ? [one.sentAt] : []));
    const forMs = this.world.time - Math.min(...sentAt);
    if (forMs < patienceMsLeast)
      this.parkedEarly.push(`${eventId} was parked after ${Math.round(forMs / 60_000)} minutes`);
  }
}
