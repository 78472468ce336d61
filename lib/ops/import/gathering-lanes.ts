/** Lanes that keep the pointers of a batch and send them together: a tenth of the calls, and the sweeper sends what a crash kept. */
import { LaneError, type Lane, type LaneName, type Lanes, type Pointer } from "../../provisioning/ports.ts";

export interface GatheringLanes {
  readonly lanes: Lanes;
  /** Sends what was kept. A lane that takes nothing now is no error: what was accepted is marked as pending. */
  readonly flush: () => Promise<void>;
}

export function gatheringLanes(lanes: Lanes): GatheringLanes {
  const kept: Record<LaneName, Pointer[]> = { leavers: [], changes: [] };
  const gathering = (name: LaneName): Lane => ({
    ...lanes[name],
    send: async (pointer) => void kept[name].push(pointer),
  });
  return {
    lanes: { leavers: gathering("leavers"), changes: gathering("changes") },
    flush: async () => {
      for (const name of ["leavers", "changes"] as const) {
        const pointers = kept[name].splice(0);
        if (pointers.length > 0) await lanes[name].sendAll(pointers).catch(swallowLaneError);
      }
    },
  };
}

function swallowLaneError(error: unknown): void {
  if (!(error instanceof LaneError)) throw error;
}
