/** What becomes of a leaver whom the brake keeps, once that is noted on the head. */
import type { Worker } from "./apply.ts";
import { asRead } from "./as-read.ts";
import { readBrake } from "./brake.ts";
import { sendLater } from "./failure.ts";
import { dueKey, type Head } from "./head.ts";
import { headKey, waitKey } from "./keys.ts";
import type { BrakeError } from "./may-leave.ts";
import type { LaneName, Write } from "./ports.ts";
import { succeeds } from "./succeeds.ts";

/**
 * An operator who decides lists whoever is parked by then. One who was judged before that and parked after it would be on
 * nobody's list, so the brake is looked at once more.
 *
 * Errors: TableError; then the message comes again.
 */
export async function kept(w: Worker, lane: LaneName, head: Head, { code }: BrakeError): Promise<void> {
  if (code === "brake-held" && (await readBrake(w.table)).state !== "held") {
    await comeBack(w, head, lane);
    await sendLater(w, lane, head, 0);
  }
}

/** Due at once: the sweep sends it if this worker's message is lost. */
async function comeBack({ table, clock }: Worker, head: Head, lane: LaneName): Promise<void> {
  const { type, id, version } = head;
  const write: Write = {
    kind: "update",
    key: headKey(type, id),
    if: [asRead("version", version), asRead("waitKey", waitKey("parked", id))],
    set: { waitKey: dueKey(head, lane), waitAt: clock.now() },
  };
  await succeeds(table.write(write));
}
