/** Sending one event to one sink, whatever kind it is of. */
import type { DirectoryEvent } from "./event.ts";

/** Made for `events send-test`; it is in no feed. */
export interface TestEvent {
  readonly id: string;
  readonly type: "rollcall.test";
  /** ISO 8601, in UTC. */
  readonly timestamp: string;
  readonly data: { readonly tenant: string; readonly subject: string };
}

export type SendResult =
  | { readonly isTaken: true; readonly status?: number }
  | {
      readonly isTaken: false;
      /** A sentence of ours without its full stop, never what the sink said. */
      readonly reason: string;
      /** HTTP status, where there was one. */
      readonly status?: number;
      /** It asked for so much time. */
      readonly retryAfterSeconds?: number;
    };

/** Errors: TableError, when what is needed for it cannot be read. All else that goes wrong is a result. */
export type Send = (event: DirectoryEvent | TestEvent) => Promise<SendResult>;

/** By the name of the sink. */
export type Senders = Readonly<Record<string, Send>>;
