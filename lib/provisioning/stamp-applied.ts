/** The worker's last word on a change: the head says that the directory has it. */
import { asRead } from "./as-read.ts";
import { dueKey, type Head } from "./head.ts";
import { headKey } from "./keys.ts";
import type { Update } from "./ports.ts";
import type { Provisioning } from "./state.ts";
import { succeeds } from "./succeeds.ts";
import { waitingAttributes } from "./waiting-attributes.ts";

/** A deletion is looked at once more after so long (trap 4). */
export const lookAgainMs = 60_000;

/** What a head gets when its last change was applied; for a deletion that is one more thing to do. */
export function settled(head: Head, now: number): { set: NonNullable<Update["set"]>; remove: readonly string[] } {
  if (head.state === "live") return { set: {}, remove: waitingAttributes };
  const lookAt = now + lookAgainMs;
  return {
    // Due, also when it was parked: the sweep brings the second look whose message is lost.
    set: { lookAt, waitKey: dueKey(head), waitAt: lookAt },
    remove: ["failure", "reason", "givenUp", "reapply"],
  };
}

/** What became of the roles: nobody asked for them, they are made, or they are to be looked at once more. */
export type RolesDone = "none" | "made" | "due";

/** Stamps `applied`; the pending mark goes only when no change came meanwhile, and nobody asked for the roles. */
export async function stampApplied(p: Provisioning, head: Head, roles: RolesDone): Promise<void> {
  const key = headKey(head.type, head.id);
  const { version, rolesAsked } = head;
  const behind = { is: "below", attribute: "applied", value: version } as const;
  const { set, remove } = roles === "due" ? stillDue(head, p.clock.now()) : settled(head, p.clock.now());
  // Whoever is deleted has no roles, whoever asks for them.
  const noneCame = roles === "due" || head.state === "deleted" ? [] : [asRead("rolesAsked", rolesAsked)];
  const last = [asRead("version", version), ...noneCame];
  const made = roles === "made" && rolesAsked !== undefined ? { rolesMade: rolesAsked } : {};
  const whole = { ...set, ...made, applied: version };
  if (await succeeds(p.table.write({ kind: "update", key, if: [behind, ...last], set: whole, remove }))) return;
  await succeeds(p.table.write({ kind: "update", key, if: [behind], set: { applied: head.version } }));
}

/** Due, also when it was parked: what failed is mended, and the roles are left to do. */
function stillDue(head: Head, now: number): ReturnType<typeof settled> {
  return {
    set: { waitKey: dueKey(head), waitAt: now + lookAgainMs },
    remove: ["failure", "reason", "givenUp", "reapply"],
  };
}
