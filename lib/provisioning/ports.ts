/**
 * What provisioning needs from the world: tables, lanes, a clock, chance. These are the only interfaces;
 * every sentence about behaviour here is a promise that test/contract checks on each adapter.
 */

// ---------------------------------------------------------------- table

/** `events` is there only for a tenant whose file has the key `events`. */
export type TableName = "scim" | "directory" | "events";

export interface Key {
  readonly table: TableName;
  readonly pk: string;
  readonly sk: string;
}

/** Numbers are safe integers. An empty list is kept as an empty list. */
export type Value = string | number | boolean | readonly string[];

/** Attributes of an item, without its key. `expires` (seconds since 1970) is the TTL attribute of both tables. */
export type Attributes = { readonly [name: string]: Value };

export interface Item {
  readonly pk: string;
  readonly sk: string;
  readonly attributes: Attributes;
}

/** All of a list must hold. On an item that is not there, only `absent` and `missing` hold. */
export type Condition =
  | { readonly is: "absent" } // no such item
  | { readonly is: "present" } // there is such an item
  | { readonly is: "missing"; readonly attribute: string } // no such attribute, or no such item
  | { readonly is: "equal"; readonly attribute: string; readonly value: string | number | boolean }
  | { readonly is: "below"; readonly attribute: string; readonly value: number | string };

interface Conditional {
  readonly key: Key;
  /** Absent: unconditional. */
  readonly if?: readonly Condition[];
}

export type Put = Conditional & { readonly kind: "put"; readonly attributes: Attributes };
/** Creates the item when it is not there. An attribute stands in at most one of the four. */
export type Update = Conditional & {
  readonly kind: "update";
  readonly set?: Attributes;
  readonly setIfMissing?: Attributes;
  readonly remove?: readonly string[];
  /** Adds to a number; a missing attribute counts as 0. */
  readonly add?: { readonly [name: string]: number };
};
/** Deleting what is not there succeeds, unless a condition says otherwise. */
export type Delete = Conditional & { readonly kind: "delete" };
export type Check = { readonly kind: "check"; readonly key: Key; readonly if: readonly Condition[] };

export type Write = Put | Update | Delete;

export interface QueryRange {
  readonly table: TableName;
  readonly pk: string;
  /** Inclusive bounds of the sort key, compared by UTF-8 bytes. */
  readonly from?: string;
  readonly to?: string;
  /** Exclusive start, the `next` of the page before: the sort key. */
  readonly after?: string;
  readonly descending?: boolean;
  /** At most so many items; a page may hold fewer, even none, and still have a `next`. */
  readonly limit?: number;
}

export interface Page {
  readonly items: readonly Item[];
  /** Absent on the last page. */
  readonly next?: string;
}

/**
 * One row of the sparse index, which has the heads that wait and the log by time (an eventually consistent GSI: never
 * answers an IdP).
 */
export interface Waiting {
  /** The key of the head, or of the log item. */
  readonly pk: string;
  readonly sk: string;
  readonly waitAt: number;
  readonly pendingSince: number;
  readonly reason?: string;
}

export interface WaitingRange {
  /** Inclusive. */
  readonly before?: number;
  /** Exclusive start: a row of the same key and range that was read, whether it is still there or not. */
  readonly after?: Pick<Waiting, "pk" | "sk" | "waitAt">;
  readonly descending?: boolean;
  readonly limit: number;
}

/**
 * Two tables with string keys. Reads are strongly consistent, but a query is not a snapshot, and plain reads may see a
 * transaction item by item. Every method may throw TableError; a write whose outcome is unknown throws kind "lost", and a
 * read of an item that only a later release can read throws kind "newer".
 */
export interface Table {
  get(key: Key): Promise<Item | undefined>;
  /** In the order of `keys`, undefined where nothing is. Any number of keys. */
  batchGet(keys: readonly Key[]): Promise<(Item | undefined)[]>;
  query(range: QueryRange): Promise<Page>;
  /** The sparse index, ascending by `waitAt` unless `descending`, inclusive `before`; `key` is one of keys.ts. */
  waiting(key: string, options: WaitingRange): Promise<readonly Waiting[]>;
  /** One conditional write. */
  write(write: Write): Promise<void>;
  /** All or nothing; 1 to 100 items, none twice, at most 4 MB. */
  transact(writes: readonly (Write | Check)[]): Promise<void>;
}

export type TableErrorKind =
  | "condition" // a condition did not hold: nothing was written
  | "conflict" // another transaction holds one of the items: nothing was written, try again
  | "throttled" // too much at once: nothing was written, try later
  | "lost" // no answer: the write may or may not have happened
  | "newer"; // an item that was to be read has a format of a later release (format.ts)

export class TableError extends Error {
  readonly kind: TableErrorKind;
  /** kind "condition": the places in the list of writes whose conditions failed (0 for a single write). */
  readonly failed: readonly number[];

  constructor(kind: TableErrorKind, message: string, options: { failed?: readonly number[]; cause?: unknown } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "TableError";
    this.kind = kind;
    this.failed = options.failed ?? [];
  }
}

// ---------------------------------------------------------------- lane

export type LaneName = "leavers" | "changes";

/** "This one has something pending", never "do this": no personal data on a queue. */
export interface Pointer {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /**
   * Of a user: only the roles may have changed. So many marks (roles-due.ts) had been seen when this was sent; 0: it was
   * sent at once, else with a pause.
   */
  readonly roles?: number;
}

/** A standard queue with its dead-letter queue: messages may come twice, late, in any order; a send may throw LaneError. */
export interface Lane {
  /** `delaySeconds`: 0 to 900. */
  send(pointer: Pointer, options?: { delaySeconds?: number }): Promise<void>;
  /** Any number of pointers. Throws when any of them was not taken. */
  sendAll(pointers: readonly Pointer[]): Promise<void>;
  /**
   * Puts a pointer into the dead-letter queue, with the reason code as attribute `reason`.
   * A text is the body of a message that is no pointer, and is put there as it is.
   */
  bury(message: Pointer | string, reason: string): Promise<void>;
  /** How many messages it holds, about: those that wait, that are delayed, and that a worker has at hand. */
  depth(): Promise<number>;
}

export type Lanes = Readonly<Record<LaneName, Lane>>;

export class LaneError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "LaneError";
  }
}

// ---------------------------------------------------------------- clock, chance

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface Chance {
  /** A new UUIDv4 in lower case. */
  uuid(): string;
  /** 0 ≤ x < 1 */
  random(): number;
}

// ---------------------------------------------------------------- dead letters

export interface DeadLetter {
  /** The message as it is; a pointer, unless it was not ours. */
  readonly body: string;
  /** The reason code that `bury` gave; absent when the queue itself moved the message there. */
  readonly reason?: string;
  /** Milliseconds since 1970, of the first send. */
  readonly sentAt: number;
  /** Good for `remove` while the message is hidden. */
  readonly receipt: string;
}

/** A lane's dead-letter queue, as an operator sees it. */
export interface DeadLetters {
  /** How many messages there are, about, hidden ones included. */
  depth(): Promise<number>;
  /** Up to ten messages that are not hidden, hidden from now for so long. Empty when none was found. */
  receive(options: { hiddenSeconds: number }): Promise<readonly DeadLetter[]>;
  remove(receipt: string): Promise<void>;
  /** Ends the hiding of a message that was only looked at. */
  release(receipt: string): Promise<void>;
}
