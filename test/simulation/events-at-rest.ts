/** What must hold of the feed when all was told: its fold is the Directory, it has no gap, each event once, and a story's order. */
import { feedKey } from "../../lib/provisioning/keys.ts";
import { type DirectoryEvent, parseEvent } from "../../lib/events/event.ts";
import { differences, foldEvents, foldOfDirectory } from "../events/fold.ts";
import { faultsOf } from "../events/validate.ts";
import type { MemorySinkQueue } from "./memory-stream.ts";
import type { MemoryStore } from "./memory-table.ts";
import type { Oracle } from "./oracle.ts";

type Judge = Pick<Oracle, "fail">;

export function checkEvents(oracle: Judge, store: MemoryStore, sink: MemorySinkQueue): void {
  const events = feedOf(oracle, store);
  checkStories(oracle, events);
  for (const difference of differences(foldEvents(events), foldOfDirectory(store.all("directory"))))
    oracle.fail(difference);
  checkSink(oracle, sink, events);
}

export function feedOf(oracle: Judge, store: MemoryStore): DirectoryEvent[] {
  const end = Number(store.peek({ table: "events", pk: "Feed", sk: "Head" })?.attributes["position"] ?? 0);
  const fed = [...store.all("events")].filter(({ pk }) => pk.startsWith("Feed#"));
  if (fed.length !== end) oracle.fail(`the feed ends at ${end} and has ${fed.length} events`);
  const events: DirectoryEvent[] = [];
  for (let position = 1; position <= end; position += 1) {
    const item = store.peek(feedKey(position));
    if (item === undefined) oracle.fail(`the feed has a gap at ${position}`);
    else events.push(parseEvent(String(item.attributes["event"])));
  }
  return events;
}

function checkStories(oracle: Judge, events: readonly DirectoryEvent[]): void {
  const ids = new Set<string>();
  const last = new Map<string, DirectoryEvent>();
  for (const event of events) {
    const { subject, sequence } = event.data;
    if (ids.has(event.id)) oracle.fail(`${event.id} is in the feed twice`);
    ids.add(event.id);
    for (const fault of faultsOf(event)) oracle.fail(fault);
    const before = last.get(subject);
    const shares = event.type.startsWith("membership.");
    if (before !== undefined && (shares ? sequence < before.data.sequence : sequence <= before.data.sequence))
      oracle.fail(`${event.id} comes after ${before.id}`);
    if (event.type.endsWith(".created") && before !== undefined && !before.type.endsWith(".removed"))
      oracle.fail(`${event.id} tells of a creation after ${before.type}`);
    last.set(subject, event);
  }
}

/** At least once, and what comes for the first time in the order of its subject. */
function checkSink(oracle: Judge, { received }: MemorySinkQueue, events: readonly DirectoryEvent[]): void {
  const seen = new Set<number>();
  const last = new Map<string, number>();
  for (const { position, subject, eventId } of received) {
    if (events[position - 1]?.id !== eventId) oracle.fail(`a sink was sent ${eventId} as ${position}`);
    if (seen.has(position)) continue;
    seen.add(position);
    if (position < (last.get(subject) ?? 0)) oracle.fail(`a sink was sent ${eventId} after a later one`);
    last.set(subject, position);
  }
  if (seen.size !== events.length) oracle.fail(`a sink was sent ${seen.size} of ${events.length} events`);
}
