/**
 * One message of a sink's queue: the event is read from the feed and sent, and what becomes of it is noted.
 *
 * What is noted is for whoever asks later. Nothing depends on it but how often an event was tried: a note that is lost makes
 * no event lost, and none comes twice because of it.
 */
import { defined } from "../provisioning/head.ts";
import type { Chance, Clock, Table } from "../provisioning/ports.ts";
import { readEventOf } from "./feed.ts";
import { nextTry } from "./next-try.ts";
import type { SinkMessages, SinkPointer } from "./ports.ts";
import type { Send } from "./send.ts";
import { noteAnswer, readAnswer, type SinkAnswer } from "./sink-state.ts";

export interface Delivery {
  readonly table: Table;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly sink: string;
  readonly send: Send;
  readonly messages: SinkMessages;
  /** Notes what the sink answered last in all. */
  readonly noteLast: (answer: SinkAnswer) => Promise<void>;
  readonly onUnnoted: (error: unknown) => void;
}

export interface PointerMessage {
  readonly pointer: SinkPointer;
  readonly receipt: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  /** 1 the first time. */
  readonly receiveCount: number;
}

/** `not-taken`: over a whole day. `event-gone`: the feed does not have it, so it is over 30 days old, or of before a restore. */
export type ParkCode = "not-taken" | "event-gone";

export type DeliveryOutcome =
  | { readonly kind: "taken"; readonly attempts: number; readonly latencyMs: number }
  | { readonly kind: "takenBefore" }
  | { readonly kind: "later"; readonly attempts: number; readonly seconds: number; readonly status?: number }
  | { readonly kind: "parked"; readonly attempts: number; readonly code: ParkCode; readonly status?: number };

/** Errors: TableError, LaneError; the message comes again then. */
export async function deliver(d: Delivery, message: PointerMessage): Promise<DeliveryOutcome> {
  const { pointer, receiveCount } = message;
  const last = receiveCount === 1 ? undefined : await lastAnswer(d, message);
  // It was taken, and only the message stayed.
  if (last?.outcome === "taken") return { kind: "takenBefore" };
  const attempts = (last?.attempts ?? 0) + 1;
  const event = await readEventOf(d.table, pointer, d.clock.now());
  if (event === undefined) return await park(d, message, { code: "event-gone", attempts, reason: gone });
  const result = await d.send(event);
  if (result.isTaken) {
    await note(d, pointer, { outcome: "taken", attempts, ...defined({ status: result.status }) });
    return { kind: "taken", attempts, latencyMs: d.clock.now() - Date.parse(event.timestamp) };
  }
  const { reason, status, retryAfterSeconds } = result;
  const tried = { attempts, ageMs: d.clock.now() - message.sentAt, ...defined({ retryAfterSeconds }) };
  const seconds = nextTry(tried, d.chance);
  if (seconds === undefined)
    return await park(d, message, { code: "not-taken", attempts, reason, ...defined({ status }) });
  await note(d, pointer, {
    outcome: "later",
    attempts,
    reason,
    nextAt: d.clock.now() + seconds * 1000,
    ...defined({ status }),
  });
  await d.messages.postpone(message.receipt, seconds);
  return { kind: "later", attempts, seconds, ...defined({ status }) };
}

const gone = "the feed does not have the event any more";

/** What it answered last to this message; undefined when that was about another event, or before this one was replayed. */
async function lastAnswer(
  { table, sink }: Delivery,
  { pointer: { subject, eventId }, sentAt }: PointerMessage,
): Promise<SinkAnswer | undefined> {
  const last = await readAnswer(table, sink, subject);
  return last?.eventId === eventId && last.at >= sentAt ? last : undefined;
}

interface Parking {
  readonly code: ParkCode;
  readonly attempts: number;
  readonly reason: string;
  readonly status?: number;
}

async function park(d: Delivery, { pointer }: PointerMessage, parking: Parking): Promise<DeliveryOutcome> {
  const { code, attempts, reason, status } = parking;
  await d.messages.bury(pointer, code);
  await note(d, pointer, { outcome: "parked", attempts, reason, ...defined({ status }) });
  return { kind: "parked", code, attempts, ...defined({ status }) };
}

async function note(
  d: Delivery,
  { position, eventId, subject }: SinkPointer,
  what: Omit<SinkAnswer, "position" | "eventId" | "at">,
): Promise<void> {
  const answer = { ...what, position, eventId, at: d.clock.now() };
  try {
    await noteAnswer(d.table, d.sink, subject, answer);
    await d.noteLast(answer);
  } catch (error) {
    d.onUnnoted(error);
  }
}
