/**
 * The mark on a user's head that says "the roles may have changed". It is written in the transaction that changes a
 * membership, or makes a group's name known, so no crash between that and the computation can lose it.
 *
 * It is a count, never set back: whoever computed answers exactly the marks that were there when it began. And it is only
 * answered once it was seen five seconds ago: a transaction becomes visible item by item, so the mark may be there before the
 * membership is (trap 2). Until then the roles are computed all the same, for the sake of speed.
 */
import { asRead } from "./as-read.ts";
import type { Head } from "./head.ts";
import { headKey } from "./keys.ts";
import { type Condition, LaneError, type LaneName, type Pointer, type Update } from "./ports.ts";
import type { Provisioning } from "./state.ts";
import { succeeds } from "./succeeds.ts";
import { dueSince, waitingAttributes } from "./waiting-attributes.ts";

/** As long as a young step of a group's walk is left alone. */
const visibleSeconds = 5;

export function rolesAreDue({ state, rolesAsked = 0, rolesMade = 0 }: Head): boolean {
  return state === "live" && rolesAsked > rolesMade;
}

/** A parked user stays parked: only what is missing of the waiting attributes is set. */
export function askForRoles(userId: string, now: number, condition: Condition): Update {
  return {
    kind: "update",
    key: headKey("User", userId),
    if: [condition],
    add: { rolesAsked: 1 },
    setIfMissing: dueSince(userId, now),
  };
}

/** Tells the worker about users that were marked. The sweep sends what this does not. */
export async function sendForRoles(p: Provisioning, lane: LaneName, users: readonly Head[]): Promise<void> {
  if (users.length === 0) return;
  const pointers = users.map(({ id, version }): Pointer => ({ type: "User", id, version, roles: 0 }));
  try {
    await p.lanes[lane].sendAll(pointers);
  } catch (error) {
    if (!(error instanceof LaneError)) throw error;
  }
}

/** Comes back when the transactions of all marks that were read are surely visible. */
export async function lookAgainForRoles(p: Provisioning, lane: LaneName, head: Head): Promise<void> {
  const { type, id, version, rolesAsked = 0 } = head;
  try {
    await p.lanes[lane].send({ type, id, version, roles: rolesAsked }, { delaySeconds: visibleSeconds });
  } catch (error) {
    if (!(error instanceof LaneError)) throw error;
  }
}

/** Answers the marks that `head` had. One that came meanwhile stays, and so does a change that waits for another reason. */
export async function stampRoles(p: Provisioning, head: Head): Promise<void> {
  const { version, applied, reapply, rolesAsked = 0 } = head;
  const isAll = applied === version && reapply === undefined;
  await succeeds(
    p.table.write({
      kind: "update",
      key: headKey(head.type, head.id),
      if: [
        asRead("rolesAsked", rolesAsked),
        asRead("version", version),
        asRead("applied", applied),
        asRead("reapply", reapply),
      ],
      set: { rolesMade: rolesAsked },
      ...(isAll ? { remove: waitingAttributes } : {}),
    }),
  );
}
