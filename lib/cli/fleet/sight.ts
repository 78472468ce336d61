/** Looks at the stacks of all tenants, with progress, and ends the connections whatever happens. */
import type { FleetFile, FleetSight } from "../../ops/fleet/rows.ts";
import type { Io } from "../io.ts";
import { progress } from "../progress.ts";
import { sentence } from "../sentence.ts";
import { cloudFormationStacks } from "./stacks.ts";

/** Where nothing else says where: no file can be read then, so nothing is asked. */
const anyRegion = "us-east-1";

export async function withFleet<T>(
  io: Io,
  files: readonly FleetFile[],
  use: (sight: FleetSight) => Promise<T>,
): Promise<T> {
  const home = files.find((file) => "region" in file);
  const stacks = cloudFormationStacks(home?.region ?? anyRegion);
  const { onProgress, stop } = progress(io, "looking at stacks");
  try {
    return await use({ stacks, release: io.settings.version ?? "unknown", sentence, onProgress });
  } finally {
    stop();
    stacks.close();
  }
}
