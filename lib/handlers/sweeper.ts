/** The sweeper function: once a minute, and the one that tells how long the oldest change waits. */
import type { Provisioning } from "../provisioning/state.ts";
import { noteSweep, sweep, sweepNoteEveryMs, type SweepReport } from "../provisioning/sweep.ts";
import type { Telemetry } from "./telemetry.ts";
import { withoutValues } from "./without-values.ts";

export interface SweeperOptions {
  readonly provisioning: Provisioning;
  readonly telemetry: Telemetry;
}

export function createSweeperHandler({ provisioning, telemetry }: SweeperOptions): () => Promise<SweepReport> {
  let notedAt = Number.NEGATIVE_INFINITY;
  return withoutValues(telemetry, "not swept; the next minute tries again", async () => {
    try {
      const report = await sweep(provisioning);
      telemetry.count("OldestPendingSeconds", report.oldestPendingSeconds);
      // Each name that is reported costs by the hour, and silence is no alarm.
      if (report.leaversWaiting > 0) telemetry.count("LeaversWaiting", report.leaversWaiting);
      if (report.laneError === undefined) telemetry.logger.info("swept", { ...report });
      else telemetry.logger.warn("swept, but a lane did not take everything", { ...report });
      const now = provisioning.clock.now();
      if (now - notedAt >= sweepNoteEveryMs) {
        notedAt = now;
        await noteSweep(provisioning, report);
      }
      return report;
    } finally {
      telemetry.flush();
    }
  });
}
