/** What must hold at a sink when all was delivered, as docs/events.md promises it to who has webhooks alone. */
import type { DirectoryEvent } from "../../lib/events/event.ts";
import { differences, foldEvents, type Folded } from "../events/fold.ts";

export interface Arrived {
  readonly sink: string;
  readonly taken: readonly DirectoryEvent[];
  /** Ids of events that were parked: they come when they are replayed. */
  readonly parked: ReadonlySet<string>;
}

/** In sentences; none when all holds. */
export function faultsOfArrivals(arrived: Arrived, feed: readonly DirectoryEvent[], directory: Folded): string[] {
  const { sink, taken, parked } = arrived;
  const ids = new Set(taken.map(({ id }) => id));
  const told = new Set(feed.map(({ id }) => id));
  const folded = foldEvents(parked.size === 0 ? taken : bySequence(taken));
  return [
    ...feed.filter(({ id }) => !ids.has(id)).map(({ id }) => `never came: ${id}`),
    ...taken.filter(({ id }) => !told.has(id)).map(({ id }) => `came, and is not in the feed: ${id}`),
    ...outOfOrder(arrived),
    ...differences(folded, directory),
  ].map((fault) => `${sink}: ${fault}`);
}

/** The first time that each comes; what was parked is late, and nothing else is. */
function outOfOrder({ taken, parked }: Arrived): string[] {
  const seen = new Set<string>();
  const last = new Map<string, DirectoryEvent>();
  const faults: string[] = [];
  for (const event of taken) {
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    const before = last.get(event.data.subject);
    if (before === undefined || inStory(before, event) <= 0) last.set(event.data.subject, event);
    else if (!parked.has(event.id)) faults.push(`${event.id} came after ${before.id}`);
  }
  return faults;
}

function bySequence(events: readonly DirectoryEvent[]): DirectoryEvent[] {
  return events.toSorted(inStory);
}

/** A reset stands before the members of its own sequence, which have no order. */
function inStory(a: DirectoryEvent, b: DirectoryEvent): number {
  const isReset = ({ type }: DirectoryEvent) => Number(type === "membership.reset");
  return a.data.sequence - b.data.sequence || isReset(b) - isReset(a);
}
