/** The package's entry point `rollcall/directory`: what the tenant's application imports. docs/directory-schema.md */
export { directory, type Directory } from "./directory.ts";
export { DirectoryError, type DirectoryErrorCode } from "./error.ts";
export { feedEnd, readEvents, type FeedAddress, type FeedOptions } from "./read-events.ts";
export type {
  ActiveEntry,
  DirectoryEvent,
  DirectoryTypes,
  Entry,
  LiveEntry,
  Member,
  RemovedEntry,
  SuspendedEntry,
  TestEvent,
  UntypedDirectory,
  WebhookEvent,
} from "./types.ts";
export { onEvent, type Verify, type WebhookHeaders } from "./webhook.ts";
