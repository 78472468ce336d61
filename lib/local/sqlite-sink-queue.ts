/**
 * A sink's queue on SQLite, with the manners of SQS's FIFO: while a message of a subject is hidden, no later one of it is
 * received; what was sent within five minutes is not sent again.
 */
import type { DatabaseSync } from "node:sqlite";
import type { SinkMessages, SinkPointer, SinkQueue } from "../events/ports.ts";
import { messageId, messageText } from "../events/sink-message.ts";
import type { Clock } from "../provisioning/ports.ts";
import { inTransaction, prepared } from "./database.ts";
import { asLaneError } from "./lane-error.ts";
import { depth, enqueue, messageOf, type Message, type Queue, receiptParts, remove } from "./message-queue.ts";
import { sentSeconds } from "./purge.ts";

export interface SqliteSinkOptions {
  readonly db: DatabaseSync;
  readonly sink: string;
  readonly clock: Clock;
}

export interface SinkMessage extends Message {
  readonly subject: string;
}

export interface ReceiveOptions {
  readonly visibilityTimeoutSeconds: number;
  /** Received so often without an acknowledgement, a message goes to the dead letters at the next receive. */
  readonly maxReceiveCount: number;
}

/** As many as SQS hands out at once. */
const messagesAtOnce = 10;

export function sqliteSinkQueue(options: SqliteSinkOptions): SinkQueue {
  const live = liveQueue(options);
  return {
    sendAll: async (pointers, again) =>
      asLaneError(() => inTransaction(options.db, () => sendAll(live, pointers, again))),
    depth: async () => asLaneError(() => depth(live)),
  };
}

export function sqliteSinkMessages(options: SqliteSinkOptions): SinkMessages {
  const [live, dead] = [liveQueue(options), deadQueue(options)];
  return {
    postpone: async (receipt, seconds) =>
      asLaneError(() => inTransaction(options.db, () => postpone(live, receipt, seconds))),
    bury: async (message, reason) =>
      asLaneError(() => enqueue(dead, [typeof message === "string" ? message : messageText(message)], { reason })),
  };
}

/** The queue's name, by which its dead letters are found, too: a sink may be called as a lane is. */
export function sinkQueueName(sink: string): string {
  return `sink-${sink}`;
}

/** Up to ten messages in the order of their subjects, hidden until the visibility time-out. Errors: LaneError. */
export function receiveSinkMessages(
  options: SqliteSinkOptions,
  { visibilityTimeoutSeconds, maxReceiveCount }: ReceiveOptions,
): readonly SinkMessage[] {
  const { db, name, clock } = liveQueue(options);
  const now = clock.now();
  return asLaneError(() => {
    if (visible(db, name, now, 1).length === 0) return [];
    return inTransaction(db, () => {
      prepared(
        db,
        "UPDATE message SET queue = ?, subject = NULL WHERE queue = ? AND visible_at <= ? AND receive_count >= ?",
      ).run(deadQueue(options).name, name, now, maxReceiveCount);
      const hide = prepared(
        db,
        `UPDATE message SET visible_at = ?, receive_count = receive_count + 1 WHERE id = ?
         RETURNING id, body, reason, sent_at, receive_count, subject`,
      );
      return visible(db, name, now, messagesAtOnce).flatMap((id) => {
        const row = hide.get(now + visibilityTimeoutSeconds * 1000, id);
        return row === undefined ? [] : [{ ...messageOf(row), subject: String(row["subject"]) }];
      });
    });
  });
}

/** Acknowledges a message. Errors: LaneError. */
export function deleteSinkMessage(options: SqliteSinkOptions, receipt: string): void {
  asLaneError(() => remove(liveQueue(options), receipt));
}

/** The oldest that are not hidden, nor another one of their subject. */
function visible(db: DatabaseSync, queue: string, now: number, limit: number): number[] {
  const sql = `
    SELECT id FROM message AS one WHERE queue = ? AND visible_at <= ? AND NOT EXISTS
      (SELECT 1 FROM message AS other WHERE other.queue = one.queue AND other.subject = one.subject AND other.visible_at > ?)
    ORDER BY id LIMIT ?`;
  return prepared(db, sql)
    .all(queue, now, now, limit)
    .map(({ id }) => Number(id));
}

function sendAll({ db, name, clock }: Queue, pointers: readonly SinkPointer[], again: string | undefined): void {
  const now = clock.now();
  const remember = prepared(
    db,
    "INSERT INTO sent (queue, id, at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at WHERE at <= ?",
  );
  const insert = prepared(db, "INSERT INTO message (queue, body, subject, sent_at, visible_at) VALUES (?, ?, ?, ?, ?)");
  for (const pointer of pointers) {
    const isNew = remember.run(name, messageId(pointer, again), now, now - sentSeconds * 1000).changes > 0;
    if (isNew) insert.run(name, messageText(pointer), pointer.subject, now, now);
  }
}

/** All that wait behind it as well: whoever looks for messages need not pass over them each time. */
function postpone({ db, name, clock }: Queue, receipt: string, seconds: number): void {
  const at = clock.now() + seconds * 1000;
  const [id, receiveCount] = receiptParts(receipt);
  const own = "UPDATE message SET visible_at = ? WHERE queue = ? AND id = ? AND receive_count = ? RETURNING subject";
  const subject = prepared(db, own).get(at, name, id, receiveCount)?.["subject"];
  if (typeof subject !== "string") return;
  const behind = "UPDATE message SET visible_at = ? WHERE queue = ? AND subject = ? AND id > ? AND visible_at < ?";
  prepared(db, behind).run(at, name, subject, id, at);
}

function liveQueue({ db, sink, clock }: SqliteSinkOptions): Queue {
  return { db, name: sinkQueueName(sink), clock };
}

function deadQueue({ db, sink, clock }: SqliteSinkOptions): Queue {
  return { db, name: `${sinkQueueName(sink)}-dead`, clock };
}
