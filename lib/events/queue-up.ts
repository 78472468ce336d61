/**
 * What the feed has, to the sinks' queues: pointers in the order of the positions, and then a mark for each sink. A crash in
 * between sends some twice. A sink whose queue does not answer holds up no other one.
 */
import { asRead } from "../provisioning/as-read.ts";
import { pausesOf } from "../provisioning/backoff.ts";
import { number } from "../provisioning/head.ts";
import { feedHeadKey, feedQueuedKey } from "../provisioning/keys.ts";
import { LaneError, type Table, TableError } from "../provisioning/ports.ts";
import { succeeds } from "../provisioning/succeeds.ts";
import type { Teller } from "./append.ts";
import { fedEvents, isYoung, readFeed } from "./feed.ts";
import type { SinkPointer, SinkQueue, SinkQueues } from "./ports.ts";

const eventsAtOnce = 100;
/** An event whose position is given may not be visible yet. */
const patience = { firstMs: 20, mostMs: 500, times: 10, forMs: 5_000 };

/** There was no time to send it all that the feed has. */
export class UnfinishedError extends LaneError {
  override readonly name = "UnfinishedError";
  /** Some of it was sent: the next run goes on there. */
  readonly isBegun: boolean;

  constructor(isBegun: boolean) {
    super("there was no time to send it all that the feed has");
    this.isBegun = isBegun;
  }
}

/** What a queue threw, by the name of its sink: what is left goes with the next events. */
export type QueueErrors = ReadonlyMap<string, unknown>;

/** `deadline`: when it is to stop, in milliseconds since 1970. Errors: TableError. */
export async function queueUp(
  t: Pick<Teller, "table" | "clock" | "chance">,
  queues: SinkQueues,
  deadline = Number.POSITIVE_INFINITY,
): Promise<QueueErrors> {
  const errors = new Map<string, unknown>();
  const begun = new Set<string>();
  for (;;) {
    const marks = await readMarks(t.table, queues);
    const behind = [...marks.sinks].filter(([name, at]) => at < marks.end && !errors.has(name));
    if (marks.sinks.size === 0 && marks.reached < marks.end) await moveMarks(t.table, marks, [], marks.end);
    if (behind.length === 0) return errors;
    if (t.clock.now() >= deadline) {
      for (const [name] of behind) errors.set(name, new UnfinishedError(begun.has(name)));
      return errors;
    }
    // Those that are least behind: one that has much to catch up with must not hold up the others.
    const from = Math.max(...behind.map(([, at]) => at));
    const names = behind.flatMap(([name, at]) => (at === from ? [name] : []));
    const { pointers, to } = await nextPointers(t, from, marks.end);
    const sent = await sendTo(queues, names, pointers, errors);
    if (sent.length > 0) await moveMarks(t.table, marks, sent, to);
    for (const name of sent) begun.add(name);
  }
}

interface Marks {
  readonly end: number;
  /** The furthest of all: a new sink begins there, and the feed has what was before. */
  readonly reached: number;
  readonly sinks: ReadonlyMap<string, number>;
  readonly asStored: ReadonlyMap<string, number | undefined>;
}

const attributeOf = (sink: string): string => `sink.${sink}`;

async function readMarks(table: Table, queues: SinkQueues): Promise<Marks> {
  const [head, queued] = await table.batchGet([feedHeadKey, feedQueuedKey]);
  const a = queued?.attributes ?? {};
  const reached = number(a, "position");
  const names = Object.keys(queues);
  return {
    end: (head && number(head.attributes, "position")) ?? 0,
    reached: reached ?? 0,
    sinks: new Map(names.map((name) => [name, number(a, attributeOf(name)) ?? reached ?? 0])),
    asStored: new Map([
      ["position", reached],
      ...names.map((name): [string, number | undefined] => [attributeOf(name), number(a, attributeOf(name))]),
    ]),
  };
}

/** If they are as they were read: else somebody else was quicker, and they are read again. A mark never goes back. */
async function moveMarks(table: Table, marks: Marks, sinks: readonly string[], to: number): Promise<void> {
  const position = Math.max(marks.reached, to);
  // Each has a mark of its own from the first on: one that fails must not begin where the others are.
  const at = [...marks.sinks].map(([name, before]) => [attributeOf(name), sinks.includes(name) ? to : before] as const);
  const set = { position, ...Object.fromEntries(at) };
  const conditions = [...marks.asStored].map(([attribute, value]) => asRead(attribute, value));
  await succeeds(table.write({ kind: "update", key: feedQueuedKey, if: conditions, set }));
}

async function sendTo(
  queues: SinkQueues,
  names: readonly string[],
  pointers: readonly SinkPointer[],
  errors: Map<string, unknown>,
): Promise<string[]> {
  const send = async (name: string): Promise<string[]> => {
    const queue: SinkQueue | undefined = queues[name];
    try {
      if (pointers.length > 0) await queue?.sendAll(pointers);
      return [name];
    } catch (error) {
      errors.set(name, error);
      return [];
    }
  };
  return (await Promise.all(names.map(send))).flat();
}

/** Those that the feed has no more are passed over, all at once. Errors: TableError when the next one does not become visible. */
async function nextPointers(
  { table, clock, chance }: Pick<Teller, "table" | "clock" | "chance">,
  after: number,
  end: number,
): Promise<{ pointers: SinkPointer[]; to: number }> {
  const limit = Math.min(eventsAtOnce, end - after);
  for await (const _attempt of pausesOf({ clock, chance }, patience)) {
    const found = await readFeed(table, { after, limit, now: clock.now() });
    const to = found.at(-1)?.position;
    if (to === undefined) continue;
    const pointers = found.map(({ position, event }) => ({ position, eventId: event.id, subject: event.data.subject }));
    return { pointers, to };
  }
  for await (const fed of fedEvents(table, { from: after + 1, to: end, now: clock.now() })) {
    if (isYoung(fed, clock.now())) throw new TableError("throttled", "the next event of the feed is not visible yet");
    return { pointers: [], to: fed.position - 1 };
  }
  return { pointers: [], to: end };
}
