/**
 * The memberships of a deleted resource: the removal from each group is accepted like any other change, so that readers,
 * the log and the application see it in order.
 */
import { ScimError } from "../scim/error.ts";
import { groupType } from "../scim/resource-type.ts";
import { accept } from "./accept.ts";
import { asRead } from "./as-read.ts";
import { expiresAfter } from "./expiry.ts";
import { deadlineOf, type Outcome, type Worker } from "./apply.ts";
import { sendLater } from "./failure.ts";
import { membersAmong } from "./group-members.ts";
import { dueKey, type Head } from "./head.ts";
import { entryPartition, goneKey, headKey, reversePrefix } from "./keys.ts";
import { type LaneName, TableError, type Update } from "./ports.ts";
import { queryAll } from "./query-all.ts";
import type { Provisioning } from "./state.ts";
import { lookAgainMs } from "./stamp-applied.ts";
import { succeeds } from "./succeeds.ts";
import { waitingAttributes } from "./waiting-attributes.ts";

/** How long the head of a deleted resource stays, so that no slow worker or writer takes it for one that never was. */
const tombstoneDays = 30;

/** The token of changes that Rollcall makes itself. */
const ownTokenId = "rollcall";

/**
 * How many groups it was a member of until now; "unfinished" when the time was over before all of them had been asked.
 *
 * Errors: TableError; ScimError 503 when a group is too busy.
 */
export async function removeMemberships(w: Worker, head: Head): Promise<number | "unfinished"> {
  const pk = entryPartition(head.type, head.id);
  const end = deadlineOf(w);
  let removed = 0;
  for await (const item of queryAll(w.table, {
    table: "directory",
    pk,
    from: reversePrefix,
    to: `${reversePrefix}~`,
  })) {
    if (await removeMembers(w, item.sk.slice(reversePrefix.length), [head.id])) removed += 1;
    if (w.clock.now() > end) return "unfinished";
  }
  return removed;
}

/** Accepts "these are no members". False when none of them was one, or the group is not there any more. */
export async function removeMembers(
  p: Provisioning,
  groupId: string,
  ids: readonly string[],
  unknown = false,
): Promise<boolean> {
  try {
    const { changed } = await accept(p, {
      type: p.tenant.types.find((type) => type.id === "Group") ?? groupType,
      id: groupId,
      caller: { requestId: p.chance.uuid(), tokenId: ownTokenId },
      decide: async (group) => {
        const { head, members } = await membersAmong(p, group, ids);
        if (head.version !== group.version) throw new TableError("conflict", `Group ${groupId} has changed meanwhile`);
        if (members.length === 0) return { kind: "unchanged", ignored: [] };
        const remove = members.map((member) => member.id);
        const ignored = unknown
          ? remove.map((id) => ({ path: `members[value eq "${id}"]`, reason: "unknownMember" as const }))
          : [];
        return {
          kind: "removeMembers",
          state: "live",
          resource: group.resource,
          delta: { add: [], remove },
          ignored,
          lane: "leavers",
        };
      },
    });
    return changed;
  } catch (error) {
    if (error instanceof ScimError && error.status === 404) return false;
    throw error;
  }
}

/**
 * A minute after a deletion was applied: a membership whose transaction was not yet visible then is visible now
 * (trap 4). When nothing is left, readers need not leave the id out any more.
 */
export async function secondLook(w: Worker, head: Head, lane: LaneName): Promise<Outcome> {
  const now = w.clock.now();
  if (head.lookAt === undefined) return await notWaiting(w, head);
  if (now < head.lookAt) return { kind: "nothing" };
  if ((await removeMemberships(w, head)) !== 0) {
    const lookAt = now + lookAgainMs;
    await stampLook(w, head, { set: { lookAt, waitKey: dueKey(head), waitAt: lookAt } });
    await sendLater(w, lane, head, lookAgainMs / 1000);
    return { kind: "continues" };
  }
  await w.table.write({ kind: "delete", key: goneKey(head.id) });
  // Its days begin now: a head that went before would take the second look with it.
  const expires = expiresAfter(w.clock.now(), tombstoneDays);
  await stampLook(w, head, { set: { expires }, remove: [...waitingAttributes, "lookAt"] });
  return { kind: "nothing" };
}

/** Nothing is to be done, so nothing waits: takes away a mark that a slow worker left. */
async function notWaiting(w: Worker, head: Head): Promise<Outcome> {
  if (head.waitKey !== undefined) await stampLook(w, head, { remove: waitingAttributes });
  return { kind: "nothing" };
}

/** Unless another worker was quicker, or a change came: then it is theirs to say. */
async function stampLook(w: Worker, head: Head, change: Pick<Update, "set" | "remove">): Promise<void> {
  const key = headKey(head.type, head.id);
  await succeeds(
    w.table.write({
      kind: "update",
      key,
      if: [
        asRead("version", head.version),
        asRead("lookAt", head.lookAt),
        // Somebody may have asked for it again since, or for the roles: then that is waited for.
        asRead("reapply", head.reapply),
        asRead("rolesAsked", head.rolesAsked),
      ],
      ...change,
    }),
  );
}
