/** The sinks of a tenant: what waits for each, what is parked, what it answered last; and its secrets. */
import { feedEnd } from "../../events/feed.ts";
import { liveSecrets, retireSecret, rotateSecret, type Secrets } from "../../events/secrets.ts";
import { readSinkState, type SinkState } from "../../events/sink-state.ts";
import type { Sink } from "../../provisioning/tenant.ts";
import { type EventOperations, OperationError, type Operations } from "../operations.ts";

export interface SinkStatus extends SinkState {
  readonly name: string;
  readonly kind: Sink["kind"];
  readonly url?: string;
  /** Events in its queue, about; absent: it is not there, as before a deployment or for a bus in embedded data. */
  readonly waiting?: number;
  readonly parked?: number;
}

export interface EventsStatus {
  /** The position of the last event in the feed. */
  readonly feedEnd: number;
  readonly sinks: readonly SinkStatus[];
}

/** Errors: OperationError when the tenant has no events; TableError, LaneError. */
export async function eventsStatus(o: Operations): Promise<EventsStatus> {
  const events = eventsOf(o);
  const sinks = await Promise.all((o.tenant.events?.sinks ?? []).map(async (sink) => await statusOf(o, events, sink)));
  return { feedEnd: await feedEnd(o.table), sinks };
}

async function statusOf({ table }: Operations, events: EventOperations, sink: Sink): Promise<SinkStatus> {
  const { name, kind } = sink;
  const waiting = await events.queues[name]?.depth();
  const parked = await events.deadLetters[name]?.depth();
  return {
    name,
    kind,
    ...(sink.kind === "webhook" && { url: sink.url }),
    ...(waiting !== undefined && { waiting }),
    ...(parked !== undefined && { parked }),
    ...(await readSinkState(table, name)),
  };
}

export type SecretAction = "show" | "rotate" | "retire";

/** The live secrets after it, the newest first. Errors: OperationError; TableError. */
export async function sinkSecrets(o: Operations, name: string, action: SecretAction): Promise<Secrets> {
  eventsOf(o);
  const sink = o.tenant.events?.sinks.find((one) => one.name === name);
  if (sink === undefined) throw unknownSink(o, name);
  if (sink.kind === "bus")
    throw new OperationError("A bus has no secret: EventBridge's own policies say who reads it.");
  const act = { show: liveSecrets, rotate: rotateSecret, retire: retireSecret }[action];
  return await act(o.table, name);
}

/** Errors: OperationError. */
export function eventsOf({ events }: Operations): EventOperations {
  if (events !== undefined) return events;
  throw new OperationError('This tenant has no events: the tenant file has no key "events" (docs/tenant-file.md).');
}

export function unknownSink(o: Operations, name: string): OperationError {
  const names = (o.tenant.events?.sinks ?? []).map((sink) => sink.name);
  const there = names.length === 0 ? "the tenant file names none" : `there are ${names.join(", ")}`;
  return new OperationError(`There is no sink "${name}": ${there}.`);
}

/** Errors: OperationError when there is no such sink, or it is not there yet. */
export function partsOf(o: Operations, name: string) {
  const events = eventsOf(o);
  if (o.tenant.events?.sinks.every((sink) => sink.name !== name)) throw unknownSink(o, name);
  const [queue, deadLetters, send] = [events.queues[name], events.deadLetters[name], events.senders[name]];
  if (queue === undefined || deadLetters === undefined || send === undefined) {
    throw new OperationError(
      o.deployment === undefined
        ? `The sink "${name}" is a bus of the tenant's stack, and the embedded data have none.`
        : `The stack does not have the sink "${name}" yet: deploy the tenant.`,
    );
  }
  return { queue, deadLetters, send };
}
