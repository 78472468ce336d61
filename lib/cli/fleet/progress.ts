/** How far the deployments of many are: a line for each that begins or ends, and one now and then while nothing does. */
import type { RunChange } from "../../ops/fleet/run.ts";
import { type Io, note } from "../io.ts";
import { age } from "../words.ts";

const quietMs = 30_000;

export interface FleetProgress {
  readonly onChange: (change: RunChange) => void;
  readonly stop: () => void;
}

export function fleetProgress(io: Io): FleetProgress {
  let latest: RunChange | undefined;
  const timer = setInterval(() => {
    if (latest !== undefined) note(io, `${latest.running.join(", ")}: ${farText(latest)}`);
  }, quietMs);
  return {
    onChange: (change) => {
      latest = change;
      timer.refresh();
      note(io, `${change.tenant}: ${happened(change)}; ${farText(change)}`);
    },
    stop: () => clearInterval(timer),
  };
}

function happened({ ended }: RunChange): string {
  if (ended === undefined) return "begun";
  return `${ended.failure === undefined ? "deployed" : `failed (${ended.failure})`} in ${age(ended.tookMs)}`;
}

/** `2 done, 3 running, 4 left, about 6 min` */
function farText({ done, running, left, leftMs }: RunChange): string {
  const about = leftMs === undefined || running.length + left === 0 ? "" : `, about ${age(leftMs)}`;
  return `${done} done, ${running.length} running, ${left} left${about}`;
}
