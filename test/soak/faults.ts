/** Tables and lanes as they are on a bad day: throttled, in conflict, without an answer, and a process that dies between any two calls. */
import { type Lane, LaneError, type Table, TableError } from "../../lib/provisioning/ports.ts";
import { type Random, randomFrom } from "../simulation/random.ts";

/** Chances per call; `lostSend` and `duplicate` per message. */
export interface Chances {
  readonly die: number;
  readonly throttle: number;
  readonly conflict: number;
  readonly lostBefore: number;
  readonly lostAfter: number;
  readonly lostSend: number;
  readonly duplicate: number;
}

export const badDay: Chances = {
  die: 1 / 3_000,
  throttle: 0.01,
  conflict: 0.01,
  lostBefore: 0.005,
  lostAfter: 0.01,
  lostSend: 0.01,
  duplicate: 0.02,
};

export interface Faults {
  readonly table: (table: Table) => Table;
  readonly lane: (lane: Lane) => Lane;
  /** How many there were since it was last asked. */
  readonly taken: () => number;
}

export function faultsOf(chances: Chances, seed: number): Faults {
  const random = randomFrom(seed);
  let count = 0;
  const happens = (chance: keyof Chances): boolean => {
    if (!random.chance(chances[chance])) return false;
    count += 1;
    return true;
  };
  const taken = () => {
    const before = count;
    count = 0;
    return before;
  };
  return {
    table: (table) => faultyTable(table, happens, random),
    lane: (lane) => faultyLane(lane, happens),
    taken,
  };
}

type Happens = (chance: keyof Chances) => boolean;

function dieIfDue(happens: Happens): void {
  if (happens("die")) process.kill(process.pid, "SIGKILL");
}

function faultyTable(table: Table, happens: Happens, random: Random): Table {
  const read = async <T>(call: () => Promise<T>): Promise<T> => {
    dieIfDue(happens);
    if (happens("throttle")) throw new TableError("throttled", "injected");
    if (happens("lostBefore")) throw new TableError("lost", "injected");
    return await call();
  };
  const change = async (call: () => Promise<void>, isMany: boolean): Promise<void> => {
    await read(async () => {
      if (isMany && happens("conflict")) throw new TableError("conflict", "injected");
      await call();
      dieIfDue(happens);
      if (happens("lostAfter")) throw new TableError("lost", "injected, after the write");
    });
    // A write that is slow lets others come between.
    if (random.chance(0.01)) await new Promise((resolve) => setTimeout(resolve, random.int(30)));
  };
  return {
    get: async (key) => await read(() => table.get(key)),
    batchGet: async (keys) => await read(() => table.batchGet(keys)),
    query: async (range) => await read(() => table.query(range)),
    waiting: async (key, options) => await read(() => table.waiting(key, options)),
    write: async (write) => await change(() => table.write(write), false),
    transact: async (writes) => await change(() => table.transact(writes), true),
  };
}

function faultyLane(lane: Lane, happens: Happens): Lane {
  const sending = async (send: () => Promise<void>): Promise<void> => {
    dieIfDue(happens);
    if (happens("lostSend")) throw new LaneError("injected");
    await send();
    if (happens("duplicate")) await send();
  };
  return {
    send: async (pointer, options) => await sending(() => lane.send(pointer, options)),
    sendAll: async (pointers) => await sending(() => lane.sendAll(pointers)),
    bury: async (message, reason) => await sending(() => lane.bury(message, reason)),
    depth: async () => await lane.depth(),
  };
}
