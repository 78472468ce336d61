/** The sinks of a tenant on this machine: its webhooks. There is no EventBridge here, so a bus is told nothing. */
import type { DatabaseSync } from "node:sqlite";
import { secretsOf } from "../events/secrets.ts";
import { webhookSend } from "../events/webhook.ts";
import { createDeliverHandler } from "../handlers/deliver.ts";
import type { Telemetry } from "../handlers/telemetry.ts";
import type { EventOperations } from "../ops/operations.ts";
import { loopbackPost, type LoopbackWebhooks } from "../outbound/loopback-post.ts";
import { publicPost } from "../outbound/public-post.ts";
import type { Table } from "../provisioning/ports.ts";
import type { Provisioning } from "../provisioning/state.ts";
import { sinkLoop } from "./sink-loop.ts";
import { sqliteDeadLetters } from "./sqlite-lane.ts";
import { sinkQueueName, sqliteSinkMessages, sqliteSinkQueue } from "./sqlite-sink-queue.ts";
import type { WakingLoop } from "./waking-loop.ts";

type Standing = Pick<Provisioning, "table" | "clock" | "tenant">;

/** `loopback`: webhooks that are sent to a program on this machine, to try them out. */
export function localEvents(
  db: DatabaseSync,
  { table, clock, tenant }: Standing,
  loopback: LoopbackWebhooks = {},
): EventOperations {
  const [toLoopback, toPublic] = [loopbackPost(), publicPost()];
  const webhooks = (tenant.events?.sinks ?? []).filter((sink) => sink.kind === "webhook");
  const each = <T>(make: (name: string, url: string) => T): Record<string, T> =>
    Object.fromEntries(webhooks.map(({ name, url }) => [name, make(name, url)]));
  return {
    queues: each((sink) => sqliteSinkQueue({ db, sink, clock })),
    deadLetters: each((sink) => sqliteDeadLetters({ db, name: sinkQueueName(sink), clock })),
    senders: each((name, url) => {
      const to = loopback[name];
      const post = to === undefined ? toPublic : toLoopback;
      return webhookSend({ url: to ?? url, post, secrets: secretsOf(table, name, clock), clock });
    }),
  };
}

export interface Delivering extends Pick<Provisioning, "clock" | "chance"> {
  readonly table: Table;
  readonly events: EventOperations;
  readonly telemetry: Telemetry;
}

/** One loop a sink, by its name: one that hangs holds up no other. */
export function sinkLoops(
  db: DatabaseSync,
  { table, clock, chance, events, telemetry }: Delivering,
): Readonly<Record<string, WakingLoop>> {
  const sinks = Object.entries(events.senders).map(([sink, send]) => {
    return [sink, { send, messages: sqliteSinkMessages({ db, sink, clock }) }] as const;
  });
  const handler = createDeliverHandler({
    table,
    clock,
    chance,
    telemetry,
    sinks: Object.fromEntries(sinks),
    sinkOf: (queueArn) => queueArn.slice(queueArn.lastIndexOf(":") + 1),
  });
  return Object.fromEntries(sinks.map(([sink]) => [sink, sinkLoop({ db, sink, clock }, handler)]));
}
