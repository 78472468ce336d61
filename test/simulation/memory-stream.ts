/**
 * The Directory table's stream in memory: records by shards of the partition key, in each in the order of the writes. A batch
 * that failed comes again, whole or halved; one that was handled may come once more, and an environment that was given up
 * may still be at work while the next one has its batch.
 */
import type { DirectoryChange, SinkPointer, SinkQueue } from "../../lib/events/ports.ts";
import type { StreamRecord } from "../../lib/events/publish.ts";
import { LaneError } from "../../lib/provisioning/ports.ts";
import type { Process, World } from "./world.ts";

const shardCount = 2;
const batchMost = 5;

export interface Batch {
  readonly shard: number;
  readonly from: number;
  readonly records: readonly StreamRecord[];
}

export class MemoryStream {
  private readonly shards: DirectoryChange[][] = Array.from({ length: shardCount }, () => []);
  private readonly at: number[] = this.shards.map(() => 0);
  private readonly most: number[] = this.shards.map(() => batchMost);
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  add(change: DirectoryChange): void {
    const id = change.pk.split("#")[1] ?? "";
    this.shards[(Number.parseInt(id.slice(0, 1), 16) || 0) % shardCount]?.push(change);
  }

  /** The next batch of a shard, as long as it was not handled. */
  next(shard: number): Batch | undefined {
    const from = this.at[shard] ?? 0;
    const changes = this.shards[shard]?.slice(from, from + (this.most[shard] ?? batchMost)) ?? [];
    const records = changes.map((change) => ({ pk: change.pk, sk: change.sk, read: () => change }));
    return records.length === 0 ? undefined : { shard, from, records };
  }

  handled({ shard, from, records }: Batch): void {
    this.most[shard] = batchMost;
    const comesAgain = !this.world.calm && this.world.random.chance(0.1);
    const to = comesAgain ? Math.max(0, from - 2) : from + records.length;
    // Whoever was given up and comes to its end all the same moves nothing back but what comes again.
    if (comesAgain || to > (this.at[shard] ?? 0)) this.at[shard] = to;
  }

  failed({ shard, records }: Batch): void {
    this.most[shard] = Math.max(1, Math.floor(records.length / 2));
  }

  /** What nobody has handled yet is over its 24 hours. */
  loseAll(): void {
    for (const [shard, changes] of this.shards.entries()) this.at[shard] = changes.length;
  }

  get shardNumbers(): number[] {
    return [...this.shards.keys()];
  }
}

/** A FIFO queue that notes what it was sent. */
export class MemorySinkQueue {
  readonly received: SinkPointer[] = [];
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  queueFor(process: Process): SinkQueue {
    return {
      sendAll: async (pointers) => {
        await this.world.turn(process);
        if (this.world.happens("lostSend")) throw new LaneError("injected, before");
        this.received.push(...pointers);
        if (this.world.happens("lostSend")) throw new LaneError("injected, after");
      },
      depth: async () => this.received.length,
    };
  }
}
