/** The sweeper function: once a minute, and the one that tells how long the oldest change waits. */
import type { Provisioning } from "../provisioning/state.ts";
import { sweep, type SweepReport } from "../provisioning/sweep.ts";
import { errorForLog, type Telemetry } from "./telemetry.ts";

export interface SweeperOptions {
  readonly provisioning: Provisioning;
  readonly telemetry: Telemetry;
}

export function createSweeperHandler({ provisioning, telemetry }: SweeperOptions): () => Promise<SweepReport> {
  return async () => {
    try {
      const report = await sweep(provisioning);
      telemetry.count("OldestPendingSeconds", report.oldestPendingSeconds);
      telemetry.logger.info("swept", { ...report });
      return report;
    } catch (error) {
      telemetry.logger.error("not swept; the next minute tries again", errorForLog(error));
      throw error;
    } finally {
      telemetry.flush();
    }
  };
}
