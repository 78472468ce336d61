/**
 * What the handlers tell about themselves: log lines, and metrics as CloudWatch reads them out of the log (EMF).
 *
 * Ids, operations, statuses and attribute names; never values, filters, bodies or tokens.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

export type MetricName =
  | "Accepted" // a change is durable
  | "Unchanged" // a write that asked for what was already so
  | "Refused" // a write that was answered with an error of the client's
  | "Applied"
  | "Parked"
  | "ApplyLatencyMs" // from accepted to applied
  | "LeaverLatencyMs" // from a deactivation or deletion until the directory has it
  | "LeaversLate" // of them, those that took longer than the tenant's limit
  | "LeaversWaiting" // accepted, over the limit, and not in the directory
  | "BrakeTripped" // too many people left at once; once for each time
  | "OldestPendingSeconds"
  | "Published" // an event is in the feed
  | "PublishLatencyMs" // from applied until then
  | "Unpublished" // a change that could not be made into an event
  | "Delivered" // a sink took an event
  | "DeliveryLatencyMs" // from applied until then
  | "Undelivered" // parked in a sink's dead letters
  | "FeedGaps"; // a position of the feed that has no event, met by a reader

export interface Telemetry {
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  readonly count: (name: MetricName, value?: number) => void;
  /** At the end of an invocation. */
  readonly flush: () => void;
}

/** `namespace` and the dimension `service` are what the alarms look for. */
export function lambdaTelemetry({ tenant, namespace }: { tenant: string; namespace: string }): Telemetry {
  const metrics = new Metrics({ namespace, serviceName: tenant });
  return {
    logger: new Logger({ serviceName: tenant }),
    count: (name, value = 1) => metrics.addMetric(name, unitOf(name), value),
    // With nothing to publish, Powertools prints a warning.
    flush: () => (metrics.hasStoredMetrics() ? metrics.publishStoredMetrics() : undefined),
  };
}

/** For the embedded mode: what goes wrong is logged, nothing is counted. */
export function quietTelemetry({ tenant }: { tenant: string }): Telemetry {
  const nothing = (): void => {};
  return { logger: new Logger({ serviceName: tenant, logLevel: "WARN" }), count: nothing, flush: nothing };
}

/** An error for the log: its name and where it was thrown. Its message may hold a value that somebody sent. */
export function errorForLog(error: unknown): { error: string; stack?: readonly string[]; cause?: string } {
  if (!(error instanceof Error)) return { error: typeof error };
  const { name } = error;
  const cause = error.cause instanceof Error ? { cause: error.cause.name } : {};
  return { error: name, stack: placesOf(error), ...cause };
}

/** The stack begins with the message, which may have lines that look like a place; a message that was changed later hides where it ends. */
function placesOf({ message, stack = "" }: Error): string[] {
  const [head = "", ...rest] = message === "" ? stack.split("\n") : stack.split(message);
  if (rest.length === 0 || !/^[\w$.:[\] ]*$/.test(head)) return [];
  const places = stack.slice(head.length + message.length).split("\n");
  return places.map((place) => place.trim()).filter((place) => isPlace.test(place));
}

const isPlace = /^at .*:\d+:\d+\)?$/;

function unitOf(name: MetricName): (typeof MetricUnit)[keyof typeof MetricUnit] {
  if (name.endsWith("Ms")) return MetricUnit.Milliseconds;
  return name.endsWith("Seconds") ? MetricUnit.Seconds : MetricUnit.Count;
}
