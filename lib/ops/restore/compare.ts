/** One resource after a restore: do its head and its entry belong to one moment, and if not, which of them is the older one? */
import type { Entry } from "../../provisioning/entry.ts";
import { type Head, isGivenUp, isParked, number } from "../../provisioning/head.ts";
import { logPartition, logSortKey } from "../../provisioning/keys.ts";
import { isAhead } from "../../provisioning/other-time.ts";
import { queryAll } from "../../provisioning/query-all.ts";
import { isDecided } from "../dlq/cure.ts";
import type { Operations } from "../operations.ts";

export type Standing =
  /** Head and entry fit, or the worker is about to see to it. */
  | { readonly kind: "fits" }
  /** The directory lacks what came after `applied`; `notKept`: and some changes of a group that are not kept any more. */
  | { readonly kind: "behind"; readonly applied: number; readonly notKept?: true }
  /** The directory has `version`, which was never accepted here; `left`: whoever is active here has left there. */
  | { readonly kind: "ahead"; readonly version: number; readonly left?: "suspended" | "removed" }
  /** The directory is ahead of a change that waits: the worker first, then this once more. */
  | { readonly kind: "pending" }
  /** The same of a change that is parked: its replay, or a later change, is applied all the same. */
  | { readonly kind: "parked" }
  /** An operator decided that it stays as it is. */
  | { readonly kind: "decided" }
  /** A group's changes are not kept for so long: only the identity provider knows the members. */
  | { readonly kind: "notKept" };

type Store = Pick<Operations, "table" | "tenant" | "clock">;

const day = 86_400_000;
/** A table is restored to the second, and clocks differ. */
const clocksMs = 60_000;

/** `since`: the moment to which the older table was restored, with some room before it. Errors: TableError. */
export async function compare(o: Store, head: Head, entry: Entry | undefined, since: number): Promise<Standing> {
  const ahead = entry !== undefined && (await isAhead(o.table, head, entry)) ? entry : undefined;
  if (ahead === undefined && isGivenUp(head)) return { kind: "decided" };
  if (head.failure !== undefined && isDecided(head.failure.code)) return { kind: "decided" };
  if (ahead !== undefined) return aheadOf(head, ahead);
  return head.type === "Group" ? await ofGroup(o, head, entry, since) : ofOthers(head, entry);
}

function aheadOf(head: Head, { version, state }: Entry): Standing {
  if (isParked(head)) return { kind: "parked" };
  if (head.applied !== head.version || head.reapply !== undefined || head.to !== undefined) return { kind: "pending" };
  const isActive = head.state === "live" && head.resource["active"] !== false;
  const left =
    head.state === "live" && state === "removed" ? state : isActive && state === "suspended" ? state : undefined;
  return { kind: "ahead", version, ...(left !== undefined && { left }) };
}

function ofOthers(head: Head, entry: Entry | undefined): Standing {
  const { applied, state } = head;
  // A tombstone goes when its time is over, there as here.
  if (entry === undefined) return applied > 0 && state === "live" ? { kind: "behind", applied: 0 } : { kind: "fits" };
  if (entry.version < applied) return { kind: "behind", applied: entry.version };
  return applied > 0 && isOlderThanItsChange(head, entry) ? { kind: "behind", applied: applied - 1 } : { kind: "fits" };
}

/** It has the version of another change, which was lost with the restore. */
function isOlderThanItsChange(head: Head, entry: Entry): boolean {
  return (
    entry.version === head.applied && entry.version === head.version && entry.appliedAt < head.lastModified - clocksMs
  );
}

/** A group's entry has the version of its attributes, so its log alone tells which members may be missing. */
async function ofGroup(o: Store, head: Head, entry: Entry | undefined, since: number): Promise<Standing> {
  const { id, applied, state } = head;
  const lacksAll = entry === undefined && state === "live";
  const lacksLast = entry !== undefined && (isOlderThanItsChange(head, entry) || isStillThere(head, entry));
  let from = applied + 1;
  let end: "kept" | "cut" = applied === 0 ? "kept" : "cut";
  for await (const { version, at } of backwards(o, id, applied)) {
    if (lacksAll || at >= since || (lacksLast && version === applied)) from = version;
    if (from !== version || version === 1) {
      end = "kept";
      break;
    }
  }
  // Whoever deletes a group says all about its members.
  const mayMiss =
    end === "cut" && state === "live" && (lacksAll || since < o.clock.now() - o.tenant.evidenceDays * day);
  if (from > applied) return mayMiss || lacksLast ? { kind: "notKept" } : { kind: "fits" };
  return { kind: "behind", applied: from - 1, ...(mayMiss && { notKept: true }) };
}

function isStillThere(head: Head, entry: Entry): boolean {
  return head.state === "deleted" && head.applied === head.version && entry.state !== "removed";
}

/** The changes that the directory had by then, newest first, as far as they are kept; `at`: when they were applied, about. */
async function* backwards({ table, tenant }: Store, id: string, applied: number) {
  const range = { table: "scim" as const, pk: logPartition(id), to: logSortKey(applied), descending: true };
  let version = applied;
  for await (const { sk, attributes } of queryAll(table, range)) {
    if (sk !== logSortKey(version)) return;
    // The worker gives a group's change its end when it has applied it; one that has none yet was applied just now.
    const expires = number(attributes, "expires") ?? Number.POSITIVE_INFINITY;
    yield { version, at: Math.max(number(attributes, "at") ?? 0, expires * 1000 - tenant.evidenceDays * day) };
    version -= 1;
  }
}
