/** What the reader refuses. What DynamoDB or the network say comes as it is, but for the feed, which goes on by itself. */

export type DirectoryErrorCode =
  /** The entry is of a later release's format: install the reader of that release. */
  | "newer-format"
  /** An item that Rollcall did not write, or an answer that is none of the feed's. */
  | "unreadable"
  /** Several active entries have the value: which of them is meant cannot be known. */
  | "ambiguous"
  /** The call itself: no attribute, several of them, or no value; no secret. */
  | "usage"
  /** DynamoDB went on answering a part of what was asked. */
  | "throttled"
  /** Of a webhook. */
  | "headers-missing"
  | "signature"
  | "too-old"
  | "too-new"
  | "not-json"
  | "not-an-event"
  /** Of the feed: the token, the address, the cursor, and events that are no longer there. */
  | "token"
  | "no-feed"
  | "cursor"
  | "too-far-back";

export class DirectoryError extends Error {
  readonly code: DirectoryErrorCode;

  constructor(code: DirectoryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DirectoryError";
    this.code = code;
  }
}
