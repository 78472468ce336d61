/** What events need from the world beside the tables: the stream of the Directory table, and queues that keep an order. */
import type { Attributes, DeadLetters } from "../provisioning/ports.ts";

/** One item of the Directory table before and after a write. For one item they come in the order of the writes, each at least once. */
export interface DirectoryChange {
  readonly pk: string;
  readonly sk: string;
  /** Absent: there was none. */
  readonly before?: Attributes;
  /** Absent: it went. */
  readonly after?: Attributes;
}

/** "Send this one": no personal data on a queue. */
export interface SinkPointer {
  /** In the feed. */
  readonly position: number;
  readonly eventId: string;
  /** Messages of one subject come one after the other, in the order in which they were sent. */
  readonly subject: string;
}

/**
 * A queue of one sink that keeps the order within a subject: SQS's FIFO. A message that is not handled comes again, and until
 * then no later one of its subject. A send may throw LaneError.
 */
export interface SinkQueue {
  /**
   * In this order. One that was sent in the last five minutes, by its `eventId`, is not sent again, unless `again` has a word that
   * it was not sent with: eight letters or digits. Throws when any of them was not taken.
   */
  sendAll(pointers: readonly SinkPointer[], again?: string): Promise<void>;
  /** How many it holds, about. */
  depth(): Promise<number>;
}

/** What may be done with a message of a sink's queue that was received. May throw LaneError. */
export interface SinkMessages {
  /** Hides it, and so all later ones of its subject, for so long from now. Units: 0 to 43,000 seconds. */
  postpone(receipt: string, seconds: number): Promise<void>;
  /** Puts a pointer into the sink's dead letters with the reason code. A text is the body of a message that is no pointer. */
  bury(message: SinkPointer | string, reason: string): Promise<void>;
}

/** A request to an address that the tenant file names. Errors: PostError. */
export type Post = (url: string, message: PostMessage) => Promise<PostAnswer>;

export interface PostMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PostAnswer {
  readonly status: number;
  /** The header as it came. */
  readonly retryAfter?: string;
}

/** Why there is no answer. */
export type PostProblem =
  | "not-https"
  | "address-unknown" // the name leads nowhere
  | "address-not-public" // it leads into a private network, or to this machine
  | "certificate"
  | "timed-out"
  | "connection"; // refused, reset, or not HTTP

export class PostError extends Error {
  readonly problem: PostProblem;

  constructor(problem: PostProblem, options?: ErrorOptions) {
    super(`not sent: ${problem}`, options);
    this.name = "PostError";
    this.problem = problem;
  }
}

/** By the name of the sink. */
export type SinkQueues = Readonly<Record<string, SinkQueue>>;

export type SinkDeadLetters = Readonly<Record<string, DeadLetters>>;
