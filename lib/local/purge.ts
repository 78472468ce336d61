/** Takes away what has had its time, as DynamoDB's TTL and SQS's retention do. */
import type { DatabaseSync } from "node:sqlite";
import { inTransaction, prepared } from "./database.ts";

/** Counted from the first send, also for a message that has become a dead letter since. */
const retentionSeconds = 14 * 24 * 60 * 60;

/** As SQS remembers what was sent to a FIFO queue. */
export const sentSeconds = 5 * 60;

/** Items whose `expires` is not later than now, and messages older than fourteen days. */
export function purgeExpired(db: DatabaseSync, nowSeconds: number): void {
  inTransaction(db, () => {
    prepared(db, "DELETE FROM item WHERE expires <= ?").run(nowSeconds);
    prepared(db, "DELETE FROM message WHERE sent_at < ?").run((nowSeconds - retentionSeconds) * 1000);
    prepared(db, "DELETE FROM sent WHERE at < ?").run((nowSeconds - sentSeconds) * 1000);
  });
}
