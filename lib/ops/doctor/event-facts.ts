/** What the doctor looks at of a tenant with events: some ten reads, however long the feed is. */
import { lastCatchUp } from "../../events/catch-up.ts";
import { fedEvents } from "../../events/feed.ts";
import { defined, number } from "../../provisioning/head.ts";
import { behindPartition } from "../../provisioning/keys.ts";
import { eventsStatus, type SinkStatus } from "../events/sinks.ts";
import type { Operations } from "../operations.ts";

export interface EventFacts {
  readonly sinks: readonly SinkFacts[];
  /** Subjects of which something could not be told, no more than `behindMost`; the longest first. Times in milliseconds since 1970. */
  readonly behind: readonly { readonly subject: string; readonly at: number }[];
  /** When the publisher last had its hourly look. */
  readonly lookedAt?: number;
  /** When the last event came into the feed. */
  readonly lastAt?: number;
}

export interface SinkFacts extends SinkStatus {
  /** Since when an event waits for it and it takes none, in milliseconds since 1970, at the latest. */
  readonly stuckSince?: number;
}

export const behindMost = 100;

/** Errors: TableError, LaneError. */
export async function readEventFacts(o: Operations): Promise<EventFacts> {
  const [{ feedEnd, sinks }, behind, lookedAt] = await Promise.all([
    eventsStatus(o),
    o.table.query({ table: "events", pk: behindPartition, limit: behindMost }),
    lastCatchUp(o.table),
  ]);
  const lastAt = await fedAt(o, feedEnd);
  return {
    sinks: await Promise.all(
      sinks.map(async (sink) => ({ ...sink, ...defined({ stuckSince: await stuckSince(o, sink, lastAt) }) })),
    ),
    behind: behind.items
      .map(({ sk, attributes }) => ({ subject: sk, at: number(attributes, "at") ?? 0 }))
      .toSorted((a, b) => a.at - b.at),
    ...defined({ lookedAt, lastAt }),
  };
}

/** What waits is the event that it did not take, or the one after that which it took; of one that was never asked, the last one at least. */
async function stuckSince(
  o: Operations,
  { waiting = 0, takenAt = 0, last }: SinkStatus,
  lastAt: number | undefined,
): Promise<number | undefined> {
  if (waiting === 0) return undefined;
  const fed = last === undefined ? lastAt : await fedAt(o, last.position + (last.outcome === "later" ? 0 : 1));
  return fed === undefined ? undefined : Math.max(fed, takenAt);
}

/** Undefined: there is none at the position. */
async function fedAt({ table, clock }: Operations, position: number): Promise<number | undefined> {
  if (position === 0) return undefined;
  for await (const fed of fedEvents(table, { from: position, to: position, now: clock.now() })) return fed.fedAt;
  return undefined;
}
