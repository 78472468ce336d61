/** What the event source mapping does on AWS: takes what the stream has to the publisher function, and forgets what it handled. */
import type { DatabaseSync } from "node:sqlite";
import type { PublisherHandler } from "../handlers/publisher.ts";
import { nextChanges, removeChanges } from "./change-stream.ts";
import { invocation } from "./context.ts";
import { type WakingLoop, wakingLoop } from "./waking-loop.ts";

const changesAtOnce = 100;
export const publisherSeconds = 240;

export function streamLoop(db: DatabaseSync, handler: PublisherHandler): WakingLoop {
  let most = changesAtOnce;
  return wakingLoop(async () => {
    const batch = nextChanges(db, most);
    if (batch === undefined) return "empty";
    try {
      await handler(batch.event, invocation("publisher", publisherSeconds));
    } catch {
      // The log says what it was. A smaller batch may pass, as on AWS.
      most = Math.max(1, Math.floor(batch.event.Records.length / 2));
      return "failed";
    }
    most = changesAtOnce;
    removeChanges(db, batch.to);
    return "done";
  });
}
