/** A pointer as a message of a sink's queue, whichever queue it is. */
import type { SinkPointer } from "./ports.ts";

export function messageText({ position, eventId, subject }: SinkPointer): string {
  return JSON.stringify({ position, eventId, subject });
}

/** What a queue knows a message by that was sent lately. `again`: a word of the replay that sends it once more. */
export function messageId({ eventId }: SinkPointer, again: string | undefined): string {
  return again === undefined ? eventId : `${eventId}.${again}`;
}
