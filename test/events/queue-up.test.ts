import { describe, expect, onTestFinished, test } from "vitest";
import type { SinkPointer, SinkQueue } from "../../lib/events/ports.ts";
import { queueUp } from "../../lib/events/queue-up.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { feedKey } from "../../lib/provisioning/keys.ts";
import { LaneError, TableError } from "../../lib/provisioning/ports.ts";
import { manualClock, temporaryDatabase } from "../local/temporary-database.ts";
import { append, userEvent } from "./fed.ts";

function queueWorld(names: readonly string[]) {
  const { db, close } = temporaryDatabase();
  onTestFinished(close);
  const clock = manualClock();
  const table = sqliteTable(db);
  const sent: (readonly [sink: string, position: number])[] = [];
  const broken = new Set<string>();
  const queue = (name: string): SinkQueue => ({
    sendAll: async (pointers: readonly SinkPointer[]) => {
      if (broken.has(name)) throw new LaneError("it does not answer");
      sent.push(...pointers.map(({ position }) => [name, position] as const));
    },
    depth: async () => 0,
  });
  const queues = Object.fromEntries(names.map((name) => [name, queue(name)]));
  const teller = { table, clock, chance: { uuid: () => "", random: () => 1 } };
  let told = 0;
  return {
    clock,
    table,
    sent,
    broken,
    tell: async (count: number) => {
      const events = Array.from({ length: count }, () => userEvent((told += 1), clock.now()));
      await append(table, events, clock.now());
    },
    queueUp: async (deadline?: number) => await queueUp(teller, queues, deadline),
    to: (sink: string) => sent.flatMap(([name, position]) => (name === sink ? [position] : [])),
  };
}

const positions = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe("what the feed has, to the sinks' queues", () => {
  test("a sink that has much to catch up with holds up no other one: the newest of the others go first", async () => {
    const world = queueWorld(["app", "other"]);
    world.broken.add("app");
    await world.tell(250);
    await world.queueUp();
    world.broken.clear();
    await world.tell(1);
    world.sent.length = 0;
    await world.queueUp();
    expect(world.sent[0]).toEqual(["other", 251]);
    expect(world.to("app")).toEqual(positions(1, 251));
  });

  test("goes on another time when there is no more time, and says so of each sink that is behind", async () => {
    const world = queueWorld(["app"]);
    await world.tell(3);
    const errors = await world.queueUp(world.clock.now());
    expect([...errors.keys()]).toEqual(["app"]);
    expect(world.sent).toEqual([]);
    expect((await world.queueUp()).size).toBe(0);
    expect(world.to("app")).toEqual([1, 2, 3]);
  });

  test("waits for an event that is not visible yet, and passes over one that is lost", async () => {
    const world = queueWorld(["app"]);
    await world.tell(3);
    await world.table.write({ kind: "delete", key: feedKey(1) });
    await expect(world.queueUp()).rejects.toThrow(TableError);
    expect(world.sent).toEqual([]);
    await world.clock.sleep(60_000);
    await world.queueUp();
    expect(world.to("app")).toEqual([2, 3]);
  });

  test("what is over its 30 days is passed over, however much it is", async () => {
    const world = queueWorld(["app"]);
    world.broken.add("app");
    await world.tell(250);
    await world.queueUp();
    await world.clock.sleep(31 * 86_400_000);
    await world.tell(1);
    world.broken.clear();
    const before = world.clock.now();
    await world.clock.sleep(60_000);
    await world.queueUp();
    expect(world.to("app")).toEqual([251]);
    // One wait, and not one for each hundred.
    expect(world.clock.now() - before).toBeLessThan(60_000 + 10_000);
  });
});
