/** The worker function: applies what the lanes bring. */
import { nameOfQueue } from "../lib/handlers/name-of-queue.ts";
import { createWorkerHandler } from "../lib/handlers/worker.ts";
import { config, provisioning, telemetry } from "./deployed.ts";

const { leavers, changes } = config.lanes;

export const handler = createWorkerHandler({
  // A Lambda environment takes one batch at a time.
  worker: { ...provisioning, workerId: provisioning.chance.uuid() },
  laneOf: nameOfQueue({ leavers: leavers.queueUrl, changes: changes.queueUrl }),
  telemetry,
});
