/** One sink with its queue and a feed on SQLite, the deliver function in front of it, and a clock that the test moves. */
import { onTestFinished } from "vitest";
import { type DirectoryEvent, entrySubject, eventId, eventText } from "../../lib/events/event.ts";
import { type Post, PostError, type PostMessage } from "../../lib/events/ports.ts";
import { secretsOf } from "../../lib/events/secrets.ts";
import type { Send } from "../../lib/events/send.ts";
import { webhookSend } from "../../lib/events/webhook.ts";
import { createDeliverHandler } from "../../lib/handlers/deliver.ts";
import { quietTelemetry, type Telemetry } from "../../lib/handlers/telemetry.ts";
import { deliverBatch } from "../../lib/local/sink-loop.ts";
import { sqliteDeadLetters } from "../../lib/local/sqlite-lane.ts";
import { sinkQueueName, sqliteSinkMessages, sqliteSinkQueue } from "../../lib/local/sqlite-sink-queue.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { feedKey } from "../../lib/provisioning/keys.ts";
import type { Chance, Table } from "../../lib/provisioning/ports.ts";
import { manualClock, temporaryDatabase } from "../local/temporary-database.ts";

export const url = "https://hooks.example.com/events";

/** What the sink says to a request; a text is a PostProblem. */
export type Says = number | { readonly status: number; readonly retryAfter: string } | PostError["problem"];

export interface SinkWorldOptions {
  readonly says: (message: PostMessage, now: number) => Says | Promise<Says>;
  readonly chance?: Chance;
  /** Between the deliver function and the tables. */
  readonly around?: (table: Table) => Table;
  readonly send?: Send;
  /** The system's time, for a receiver that looks at its own. */
  readonly startMs?: number;
}

const noChance: Chance = { uuid: () => "", random: () => 0 };

export function sinkWorld({ says, chance = noChance, around = (table) => table, send, startMs }: SinkWorldOptions) {
  const { db, close } = temporaryDatabase();
  onTestFinished(close);
  const clock = manualClock(startMs);
  const options = { db, sink: "app", clock };
  const table = around(sqliteTable(db));
  const post: Post = async (_url, message) => {
    const said = await says(message, clock.now());
    if (typeof said === "string") throw new PostError(said);
    return typeof said === "number" ? { status: said } : said;
  };
  const counted: [string, number][] = [];
  const logged: object[] = [];
  const log = (...[, facts]: unknown[]): void => void logged.push(facts as object);
  const telemetry: Telemetry = {
    ...quietTelemetry({ tenant: "acme" }),
    logger: { info: log, warn: log, error: log },
    count: (name, value = 1) => void counted.push([name, value]),
  };
  const queue = sqliteSinkQueue(options);
  const secrets = secretsOf(table, "app", clock);
  const handler = createDeliverHandler({
    table,
    clock,
    chance,
    telemetry,
    sinks: { app: { send: send ?? webhookSend({ url, post, secrets, clock }), messages: sqliteSinkMessages(options) } },
    sinkOf: () => "app",
  });
  let position = 0;
  return {
    db,
    clock,
    table,
    queue,
    handler,
    counted,
    logged,
    options,
    deadLetters: sqliteDeadLetters({ db, clock, name: sinkQueueName("app") }),
    /** Into the feed and the queue. */
    tell: async (...events: readonly DirectoryEvent[]) => {
      for (const event of events) {
        position += 1;
        const expires = Math.floor(clock.now() / 1000) + 30 * 24 * 3600;
        await sqliteTable(db).write({
          kind: "put",
          key: feedKey(position),
          attributes: { event: eventText(event), expires },
        });
        await queue.sendAll([{ position, eventId: event.id, subject: event.data.subject }]);
      }
    },
    /** Until nothing is there that may be sent now. */
    deliverAll: async () => {
      while ((await deliverBatch(options, handler)) === "done");
    },
  };
}

export function userEvent(id: string, sequence: number): DirectoryEvent {
  const subject = entrySubject("User", id);
  return {
    id: eventId(subject, sequence),
    type: "user.updated",
    timestamp: new Date(sequence).toISOString(),
    data: {
      tenant: "acme",
      subject,
      sequence,
      version: 1,
      resource: { type: "User", id },
      state: "active",
      changed: ["email"],
    },
  };
}

export const idOf = ({ headers }: PostMessage): string => headers["webhook-id"] ?? "";
