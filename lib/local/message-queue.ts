/** A queue with SQS's manners on SQLite: received messages are hidden for a while, counted, and come again until they are deleted. */
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { Clock } from "../provisioning/ports.ts";
import { inTransaction, prepared } from "./database.ts";

export interface Queue {
  readonly db: DatabaseSync;
  readonly name: string;
  readonly clock: Clock;
}

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly reason?: string;
  /** Milliseconds since 1970, of the first send. */
  readonly sentAt: number;
  /** 1 the first time. */
  readonly receiveCount: number;
  /** Good until the message is received again. */
  readonly receipt: string;
}

/** Where a message goes that would be received more often than so. */
export interface Redrive {
  readonly to: string;
  readonly maxReceiveCount: number;
}

/** All of them, or none. */
export function enqueue(
  { db, name, clock }: Queue,
  bodies: readonly string[],
  { delaySeconds = 0, reason }: { delaySeconds?: number; reason?: string } = {},
): void {
  const now = clock.now();
  const insert = prepared(db, "INSERT INTO message (queue, body, reason, sent_at, visible_at) VALUES (?, ?, ?, ?, ?)");
  inTransaction(db, () => {
    for (const body of bodies) insert.run(name, body, reason ?? null, now, now + delaySeconds * 1000);
  });
}

/** Up to `limit` messages that are not hidden, the longest visible first, hidden from now for so long. */
export function dequeue(
  { db, name, clock }: Queue,
  { hiddenSeconds, limit = 10, redrive }: { hiddenSeconds: number; limit?: number; redrive?: Redrive },
): Message[] {
  const now = clock.now();
  // A worker asks often and mostly for nothing: looking takes no write lock.
  if (prepared(db, "SELECT 1 FROM message WHERE queue = ? AND visible_at <= ? LIMIT 1").get(name, now) === undefined)
    return [];
  return inTransaction(db, () => {
    if (redrive !== undefined) {
      const move = "UPDATE message SET queue = ? WHERE queue = ? AND visible_at <= ? AND receive_count >= ?";
      prepared(db, move).run(redrive.to, name, now, redrive.maxReceiveCount);
    }
    const rows = prepared(
      db,
      `UPDATE message SET visible_at = ?, receive_count = receive_count + 1 WHERE id IN
         (SELECT id FROM message WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, id LIMIT ?)
       RETURNING id, body, reason, sent_at, receive_count`,
    ).all(now + hiddenSeconds * 1000, name, now, limit);
    return rows.map(messageOf);
  });
}

export function messageOf(row: Record<string, SQLOutputValue>): Message {
  const [id, receiveCount] = [String(row["id"]), Number(row["receive_count"])];
  return {
    id,
    body: String(row["body"]),
    ...(typeof row["reason"] === "string" ? { reason: row["reason"] } : {}),
    sentAt: Number(row["sent_at"]),
    receiveCount,
    receipt: `${id}.${receiveCount}`,
  };
}

/** Nothing happens when the receipt is not good any more: somebody else has the message by now. */
export function remove({ db, name }: Queue, receipt: string): void {
  const sql = "DELETE FROM message WHERE queue = ? AND id = ? AND receive_count = ?";
  inTransaction(db, () => prepared(db, sql).run(name, ...receiptParts(receipt)));
}

/** Visible again at once. */
export function release({ db, name, clock }: Queue, receipt: string): void {
  const sql = "UPDATE message SET visible_at = ? WHERE queue = ? AND id = ? AND receive_count = ?";
  inTransaction(db, () => prepared(db, sql).run(clock.now(), name, ...receiptParts(receipt)));
}

/** Hidden ones included. */
export function depth({ db, name }: Queue): number {
  return Number(prepared(db, "SELECT count(*) AS depth FROM message WHERE queue = ?").get(name)?.["depth"]);
}

export function receiptParts(receipt: string): [id: number, receiveCount: number] {
  const [id, receiveCount] = receipt.split(".");
  return [Number(id), Number(receiveCount)];
}
