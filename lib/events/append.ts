/**
 * Puts what there is to tell into the feed: positions, events and marks of what was told in one transaction, so that the feed
 * has no gap and each event once, whoever else appends, and whatever is handed over twice.
 */
import { asRead } from "../provisioning/as-read.ts";
import { pausesOf } from "../provisioning/backoff.ts";
import { changeAlone } from "../provisioning/change.ts";
import { expiresAfter } from "../provisioning/expiry.ts";
import { number } from "../provisioning/head.ts";
import { behindKey, feedHeadKey, feedKey, logKey, toldKey } from "../provisioning/keys.ts";
import { type Put, type Table, TableError, type Write } from "../provisioning/ports.ts";
import type { Provisioning } from "../provisioning/state.ts";
import { behindPut } from "./behind.ts";
import { type DirectoryEvent, eventText } from "./event.ts";
import { feedDays } from "./feed.ts";
import type { Origin, Said, Telling } from "./telling.ts";
import { type Told, toldAttributes, toldOf } from "./told.ts";

/** What telling needs. */
export type Teller = Pick<Provisioning, "table" | "clock" | "chance" | "tenant">;

export interface Appended {
  readonly events: number;
  /** Of each change that was told, from when it was applied until it stood in the feed. */
  readonly latenciesMs: readonly number[];
}

/** Of a transaction: DynamoDB takes 100 items and 4 MB. */
const itemsMost = 100;
const bytesMost = 3_000_000;
/** Marks are read for so many at once. */
const tellingsAtOnce = 50;
/** Several shards of the stream meet at the feed's head. */
const patience = { firstMs: 20, mostMs: 500, times: 10, forMs: 5_000 };

/** In their order. Errors: TableError, when others were quicker each time or the table did not answer: some of them may be told. */
export async function append(t: Teller, tellings: readonly Telling[]): Promise<Appended> {
  const origins = await originsOf(t.table, tellings);
  let events = 0;
  const latenciesMs: number[] = [];
  for (let done = 0; done < tellings.length;) {
    const part = await appendSome(t, tellings.slice(done, done + tellingsAtOnce), origins);
    done += part.taken;
    events += part.events;
    latenciesMs.push(...part.latenciesMs);
  }
  return { events, latenciesMs };
}

/** As many of them as one transaction takes, at least one. A lost answer is looked for by what is told then. */
async function appendSome(
  t: Teller,
  tellings: readonly Telling[],
  origins: ReadonlyMap<Telling, Origin>,
): Promise<Appended & { readonly taken: number }> {
  let last: unknown;
  for await (const _attempt of pausesOf(t, patience)) {
    try {
      const part = fill(await readStanding(t.table, tellings), tellings, origins, t.clock.now());
      if (part.writes.length > 0) await t.table.transact(part.writes);
      const now = t.clock.now();
      return {
        taken: part.taken,
        events: part.events,
        latenciesMs: part.told.map(({ at }) => Math.max(0, now - at)),
      };
    } catch (error) {
      if (!(error instanceof TableError) || error.kind === "newer") throw error;
      last = error;
    }
  }
  throw last;
}

interface Standing {
  /** Position of the last event. */
  readonly end: number | undefined;
  readonly told: ReadonlyMap<string, Told | undefined>;
}

async function readStanding(table: Table, tellings: readonly Telling[]): Promise<Standing> {
  const subjects = [...new Set(tellings.map(({ subject }) => subject))];
  const [head, ...marks] = await table.batchGet([feedHeadKey, ...subjects.map(toldKey)]);
  const told = subjects.map((subject, n): [string, Told | undefined] => {
    const mark = marks[n];
    return [subject, mark && toldOf(mark.attributes)];
  });
  return { end: head && number(head.attributes, "position"), told: new Map(told) };
}

interface Part {
  readonly taken: number;
  readonly events: number;
  readonly told: readonly Telling[];
  readonly writes: readonly Write[];
}

function fill(
  { end, told }: Standing,
  tellings: readonly Telling[],
  origins: ReadonlyMap<Telling, Origin>,
  now: number,
): Part {
  const known = new Map(told);
  const marks = new Map<string, Put>();
  const notes = new Map<string, Write>();
  const feed: Put[] = [];
  const news: Telling[] = [];
  let taken = 0;
  let bytes = 0;
  for (const telling of tellings) {
    const { subject } = telling;
    const said = telling.say(known.get(subject), origins.get(telling) ?? {});
    if (said !== undefined) {
      const texts = said.events.map(eventText);
      bytes += texts.reduce((sum, one) => sum + new TextEncoder().encode(one).length, 0);
      const items = 3 + feed.length + texts.length + marks.size + notes.size;
      if (taken > 0 && (items > itemsMost || bytes > bytesMost)) break;
      for (const event of texts) feed.push(feedPut((end ?? 0) + feed.length + 1, event, now));
      const mark = markAfter(known.get(subject), said, { position: (end ?? 0) + feed.length, now });
      marks.set(subject, markPut(subject, told.get(subject), mark, said));
      known.set(subject, mark);
      if (said.behind === "begins") notes.set(subject, behindPut({ subject, at: now }));
      if (said.behind === "ends") notes.set(subject, { kind: "delete", key: behindKey(subject) });
      if (texts.length > 0) news.push(telling);
    }
    taken += 1;
  }
  const head: Write = {
    kind: "update",
    key: feedHeadKey,
    if: [asRead("position", end)],
    set: { position: (end ?? 0) + feed.length },
  };
  const writes = [...(feed.length === 0 ? [] : [head]), ...feed, ...marks.values(), ...notes.values()];
  return { taken, events: feed.length, told: news, writes };
}

function feedPut(position: number, event: string, now: number): Put {
  return { kind: "put", key: feedKey(position), attributes: { event, expires: expiresAfter(now, feedDays) } };
}

function markAfter(before: Told | undefined, { events, mark }: Said, at: { position: number; now: number }): Told {
  const last: DirectoryEvent | undefined = events.at(-1);
  const { expires: _, ...kept } = mark;
  if (last !== undefined) return { ...kept, position: at.position, eventId: last.id, type: last.type, at: at.now };
  const { position = 0, eventId = "", type = "", at: toldAt = at.now } = before ?? {};
  return { ...kept, position, eventId, type, at: toldAt };
}

/** If it is still the mark that was read: one that only moves leaves the feed's head alone. */
function markPut(subject: string, read: Told | undefined, mark: Told, { mark: { expires } }: Said): Put {
  const attributes = { ...toldAttributes(mark), ...(expires !== undefined && { expires }) };
  return {
    kind: "put",
    key: toldKey(subject),
    if: [asRead("sequence", read?.sequence), asRead("position", read?.position)],
    attributes,
  };
}

/** Where the log is kept no more, or not visible yet, or of a later release, nothing is known. */
async function originsOf(table: Table, tellings: readonly Telling[]): Promise<ReadonlyMap<Telling, Origin>> {
  const asked = new Map(tellings.map(({ of: { id, version } }) => [`${id} ${version}`, logKey(id, version)]));
  const items = await table.batchGet([...asked.values()]).catch((error: unknown) => {
    if (error instanceof TableError && error.kind === "newer") return [];
    throw error;
  });
  const known = new Map([...asked.keys()].map((name, n) => [name, items[n]]));
  return new Map(
    tellings.flatMap((telling): [Telling, Origin][] => {
      const item = known.get(`${telling.of.id} ${telling.of.version}`);
      if (item === undefined) return [];
      const { requestId, at } = changeAlone(item);
      return [[telling, { requestId, receivedAt: new Date(at).toISOString() }]];
    }),
  );
}
