/**
 * Errors of the DynamoDB client as TableError, by what a caller may conclude: was anything written, and is it worth
 * trying again.
 *
 * Source: DynamoDB developer guide, "Error handling with DynamoDB"; API reference, TransactWriteItems,
 * "CancellationReasons".
 */
import type { CancellationReason } from "@aws-sdk/client-dynamodb";
import { TableError, type TableErrorKind } from "../provisioning/ports.ts";
import { isUnanswered, Unanswered } from "./unanswered.ts";

const kindByName: Readonly<Record<string, TableErrorKind>> = {
  ConditionalCheckFailedException: "condition",
  TransactionConflictException: "conflict",
  ProvisionedThroughputExceededException: "throttled",
  ThrottlingException: "throttled",
  RequestLimitExceeded: "throttled",
  // Our own transaction, sent again by the SDK while the first one still runs: it may yet succeed.
  TransactionInProgressException: "lost",
};

/** The port's error where there is one for it, else the error as it is: a bug, or a configuration that cannot work. */
export function tableError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof Unanswered) return tableError(error.original);
  if (error.name === "TransactionCanceledException") return cancelled(error);
  const kind = kindByName[error.name] ?? (isUnanswered(error) ? "lost" : undefined);
  if (kind === undefined) return error;
  return new TableError(kind, `DynamoDB: ${error.name}: ${error.message}`, {
    failed: kind === "condition" ? [0] : [],
    cause: error,
  });
}

/** Reasons stand in the order of the writes; those that are not to blame have the code `None`. */
function cancelled(error: Error & { readonly CancellationReasons?: readonly CancellationReason[] }): Error {
  const reasons = error.CancellationReasons ?? [];
  const codes = reasons.map((reason) => reason.Code ?? "None");
  const failed = codes.flatMap((code, place) => (code === "ConditionalCheckFailed" ? [place] : []));
  const kind = cancellationKind(codes);
  if (kind !== undefined)
    return new TableError(kind, `DynamoDB cancelled a transaction: ${summary(codes)}`, { failed, cause: error });
  const messages = reasons.flatMap((reason) => (reason.Message === undefined ? [] : [reason.Message]));
  return new Error(`DynamoDB cancelled a transaction: ${summary(codes)}: ${messages.join("; ")}`, { cause: error });
}

function cancellationKind(codes: readonly string[]): TableErrorKind | undefined {
  if (codes.includes("ValidationError")) return undefined;
  // A condition that failed is an answer, whatever else was in the way.
  if (codes.includes("ConditionalCheckFailed")) return "condition";
  if (codes.includes("TransactionConflict")) return "conflict";
  if (codes.includes("ThrottlingError") || codes.includes("ProvisionedThroughputExceeded")) return "throttled";
  return undefined;
}

function summary(codes: readonly string[]): string {
  const blamed = codes.flatMap((code, place) => (code === "None" ? [] : [`write ${place} ${code}`]));
  return blamed.length === 0 ? "no reason given" : blamed.join(", ");
}
