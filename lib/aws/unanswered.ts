/**
 * Requests whose outcome nobody knows: sent, perhaps, and never answered.
 *
 * The SDK sends such a request again. For a transaction that is safe, because its ClientRequestToken makes the second
 * one an echo of the first. A single write has no such token: an `add` would count twice, and a condition would fail
 * on our own first write, which the caller would take for somebody else's. So those are not sent again.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

const lostNames = new Set(["TimeoutError", "RequestTimeout", "RequestTimeoutException"]);
const lostCodes = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

type ClientError = Error & { readonly code?: unknown; readonly $metadata?: { readonly httpStatusCode?: number } };

/** No answer, or one that says nothing about the outcome: a network error, a time-out, a 5xx. */
export function isUnanswered(error: ClientError): boolean {
  if (lostNames.has(error.name)) return true;
  if (typeof error.code === "string" && lostCodes.has(error.code)) return true;
  return (error.$metadata?.httpStatusCode ?? 0) >= 500;
}

/** Carries an error past the SDK's retries, which look through `cause`; hence a field of its own. */
export class Unanswered extends Error {
  readonly original: Error;

  constructor(original: Error) {
    super(original.message);
    this.name = "Unanswered";
    this.original = original;
  }
}

const singleWrites = new Set(["PutItemCommand", "UpdateItemCommand", "DeleteItemCommand"]);

/** Makes the client give up on a single write at the first one that is not answered. */
export function sendSingleWritesOnce(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        const isSingleWrite = singleWrites.has(context.commandName ?? "");
        if (isSingleWrite && error instanceof Error && isUnanswered(error)) throw new Unanswered(error);
        throw error;
      }
    },
    // The retries are in the same step with a high priority: this is inside of them.
    { name: "sendSingleWritesOnce", step: "finalizeRequest", priority: "low" },
  );
}
