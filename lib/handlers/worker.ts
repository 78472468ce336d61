/** The worker function: a batch of pointers from one lane, applied one after the other; what fails comes again by itself. */
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { apply, type LeaverApplied, type Outcome, type Worker } from "../provisioning/apply.ts";
import type { LaneName, Pointer } from "../provisioning/ports.ts";
import { unreadableMessage } from "../provisioning/sync-error.ts";
import { readPointer } from "./pointer.ts";
import { errorForLog, type Telemetry } from "./telemetry.ts";
import { withoutValues } from "./without-values.ts";

export interface WorkerOptions {
  readonly worker: Worker;
  /** Which lane a queue is. Errors: any, for a queue that is none: the batch then fails. */
  readonly laneOf: (queueArn: string) => LaneName;
  readonly telemetry: Telemetry;
}

/** So long before its time-out the function takes no further step of a walk: a step and its retries take seconds. */
const handOverMsBeforeEnd = 15_000;

export type WorkerHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

export function createWorkerHandler({ worker, laneOf, telemetry }: WorkerOptions): WorkerHandler {
  const handleRecord = async (lane: LaneName, { body, messageId }: SQSRecord, deadline: number): Promise<void> => {
    const pointer = readPointer(body);
    if (pointer === "newer") {
      // Not handled, so it stays in its lane: a function of the newer release takes it, or an operator replays it.
      telemetry.logger.error("a message of a newer release, it comes again", { lane, messageId });
      throw new Error("only a newer release of Rollcall understands this message: deploy it again");
    }
    try {
      if (pointer !== undefined) {
        tell(telemetry, lane, pointer, await apply({ ...worker, deadline }, lane, pointer));
        return;
      }
      // Received five times it would end there too, but without a reason and after minutes.
      await worker.lanes[lane].bury(body, unreadableMessage);
      telemetry.logger.error("a message that is no pointer: moved to the dead-letter queue", { lane, messageId });
    } catch (error) {
      const facts = { lane, messageId, ...pointer, ...errorForLog(error) };
      telemetry.logger.error("not applied, the message comes again", facts);
      throw error;
    }
  };
  return withoutValues(telemetry, "a batch failed; its messages come again", async (event, context) => {
    // One after the other: a worker id stands for applies that never overlap.
    const options = { context, processInParallel: false, throwOnFullBatchFailure: false };
    const deadline = worker.clock.now() + context.getRemainingTimeInMillis() - handOverMsBeforeEnd;
    try {
      // A batch is of one queue. Of one that is no lane it fails as a whole, so that the function's alarm rings.
      const lane = laneOf(event.Records[0]?.eventSourceARN ?? "");
      const handle = async (record: SQSRecord) => await handleRecord(lane, record, deadline);
      return await processPartialResponse(event, handle, new BatchProcessor(EventType.SQS), options);
    } finally {
      telemetry.flush();
    }
  });
}

function tell({ logger, count }: Telemetry, lane: LaneName, pointer: Pointer, outcome: Outcome): void {
  const facts = { lane, ...pointer, outcome: outcome.kind };
  if (outcome.tripped === true) {
    count("BrakeTripped");
    logger.error("the brake tripped: too many people left at once", { lane, ...pointer });
  }
  switch (outcome.kind) {
    case "applied":
      count("Applied");
      count("ApplyLatencyMs", outcome.latencyMs);
      tellLeaver(count, outcome.leaver);
      logger.info("worked", {
        ...facts,
        latencyMs: outcome.latencyMs,
        ...(outcome.leaver && { leaverMs: outcome.leaver.ms }),
      });
      break;
    case "nothing":
    case "again":
    case "continues":
    case "roles":
      logger.info("worked", facts);
      break;
    case "later":
      logger.warn("not applied yet, tried again later", {
        ...facts,
        code: outcome.code,
        ...errorForLog(outcome.error),
      });
      break;
    case "parked":
      count("Parked");
      logger.warn("parked", { ...facts, code: outcome.code });
      break;
  }
}

function tellLeaver(count: Telemetry["count"], leaver: LeaverApplied | undefined): void {
  if (leaver === undefined) return;
  count("LeaverLatencyMs", leaver.ms);
  if (leaver.late) count("LeaversLate");
}
