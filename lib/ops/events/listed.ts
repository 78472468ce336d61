/**
 * What was told, for an operator: events of the feed by their positions, all or those of a kind or of somebody.
 *
 * Where few are wanted, it looks at a bounded number of events and says how far it came.
 */
import { type DirectoryEvent, isMembershipEvent } from "../../events/event.ts";
import { type FedEvent, feedEnd, fedEvents, readFeed } from "../../events/feed.ts";
import { placeAt } from "../../events/feed-place.ts";
import { aborted } from "../aborted.ts";
import { findResources } from "../find-resource.ts";
import { masked } from "../mask.ts";
import { OperationError, type Operations } from "../operations.ts";

export interface EventRow {
  /** In the feed. */
  readonly position: number;
  /** When it came into the feed, in milliseconds since 1970, to the second. */
  readonly at: number;
  readonly event: DirectoryEvent;
}

export interface WantedEvents {
  /** `user`, `user.suspended`. Absent: all. */
  readonly types?: readonly string[];
  /** userName, e-mail, externalId, displayName or id: of whom, or of which group, it tells. */
  readonly who?: string;
  /** Values as they are; else masked. */
  readonly values?: boolean;
}

export interface EventsAsked extends WantedEvents {
  /** Where it begins; absent: it ends with the newest. */
  readonly after?: { readonly position: number } | { readonly moment: number };
  readonly most: number;
}

export interface EventsListed {
  /** Newest last. */
  readonly events: readonly EventRow[];
  /** Where the next page begins; absent: there is nothing behind. */
  readonly next?: number;
  /** It looked at no event of this position or before; absent: it looked at all that there are, or found enough. */
  readonly notBefore?: number;
}

type Store = Pick<Operations, "table" | "clock" | "tenant">;
type Fits = (event: DirectoryEvent) => boolean;

const lookedMost = 20_000;
const lookedAtOnce = 1_000;
const everyMs = 1_000;

/** Errors: OperationError for a tenant without events, or when nobody is called so; TableError. */
export async function listEvents(o: Store, asked: EventsAsked): Promise<EventsListed> {
  const fits = await wantedBy(o, asked);
  const found =
    asked.after === undefined
      ? await newest(o, fits, asked.most)
      : await from(o, fits, { most: asked.most, after: await positionOf(o, asked.after) });
  return { ...found, events: found.events.map((row) => shown(row, asked)) };
}

/** Those that come, each once, until `signal` is aborted: a small read a second. Errors: as above. */
export async function* followEvents(
  o: Store,
  asked: WantedEvents & { readonly after?: EventsAsked["after"]; readonly signal: AbortSignal },
): AsyncGenerator<EventRow> {
  const { signal, after } = asked;
  const fits = await wantedBy(o, asked);
  const stopped = aborted(signal);
  let last = after === undefined ? await feedEnd(o.table) : await positionOf(o, after);
  while (!signal.aborted) {
    const end = await feedEnd(o.table);
    const read = last < end ? await readFeed(o.table, { after: last, limit: lookedAtOnce, now: o.clock.now() }) : [];
    for (const fed of read) {
      last = fed.position;
      if (fits(fed.event)) yield shown(rowOf(fed), asked);
    }
    if (read.length === 0) await Promise.race([o.clock.sleep(everyMs), stopped]);
  }
}

async function newest(o: Store, fits: Fits, most: number): Promise<EventsListed> {
  const now = o.clock.now();
  let events: EventRow[] = [];
  const end = await feedEnd(o.table);
  for (let to = end; to > 0; to -= lookedAtOnce) {
    if (end - to >= lookedMost) return { events, notBefore: to };
    const part: EventRow[] = [];
    let isEmpty = true;
    for await (const fed of fedEvents(o.table, { from: Math.max(1, to - lookedAtOnce + 1), to, now })) {
      isEmpty = false;
      if (fits(fed.event)) part.push(rowOf(fed));
    }
    events = [...part, ...events];
    if (events.length >= most) return { events: events.slice(-most) };
    // What is before it is over its 30 days.
    if (isEmpty) break;
  }
  return { events };
}

async function from(
  o: Store,
  fits: Fits,
  { after, most }: { readonly after: number; readonly most: number },
): Promise<EventsListed> {
  const now = o.clock.now();
  const end = await feedEnd(o.table);
  const to = Math.min(end, after + lookedMost);
  const events: EventRow[] = [];
  for await (const fed of fedEvents(o.table, { from: after + 1, to, now })) {
    if (!fits(fed.event)) continue;
    events.push(rowOf(fed));
    if (events.length === most) return { events, ...(fed.position < end && { next: fed.position }) };
  }
  return { events, ...(to < end && { next: to }) };
}

async function positionOf({ table, clock }: Store, after: NonNullable<EventsAsked["after"]>): Promise<number> {
  if ("position" in after) return after.position;
  return (await placeAt(table, after.moment, clock.now())).position;
}

async function wantedBy(o: Store, { types, who }: WantedEvents): Promise<Fits> {
  if (o.tenant.events === undefined)
    throw new OperationError(
      `Nothing is told of changes: the tenant file of "${o.tenant.name}" has no "events"; add "events": {} and deploy it.`,
    );
  const ids = who === undefined ? undefined : await idsOf(o, who);
  return (event) =>
    (types === undefined || types.some((type) => event.type === type || event.type.startsWith(`${type}.`))) &&
    (ids === undefined || idsIn(event).some((id) => ids.has(id)));
}

async function idsOf(o: Store, who: string): Promise<Set<string>> {
  const found = await findResources(o, who);
  if (found.length > 0) return new Set(found.map(({ head }) => head.id));
  throw new OperationError(
    `Nobody and nothing is called "${who}": expected a userName, e-mail, externalId, displayName or id.`,
  );
}

function idsIn(event: DirectoryEvent): string[] {
  if (!isMembershipEvent(event)) return [event.data.resource.id];
  const { group, member } = event.data;
  return [group.id, ...(member === undefined ? [] : [member.id])];
}

function rowOf({ position, fedAt, event }: FedEvent): EventRow {
  return { position, at: fedAt, event };
}

function shown(row: EventRow, { values = false }: WantedEvents): EventRow {
  const { event } = row;
  if (values || isMembershipEvent(event) || event.data.values === undefined) return row;
  const hidden = masked(event.data.values) as typeof event.data.values;
  return { ...row, event: { ...event, data: { ...event.data, values: hidden } } };
}
