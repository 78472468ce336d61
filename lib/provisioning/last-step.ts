/**
 * What the last step of a group's walk changed: one item, written in the step's own transaction, whose stream tells each step.
 * A membership that goes leaves nothing behind that says when and by which change.
 */
import { expiresAfter } from "./expiry.ts";
import { number } from "./head.ts";
import { stepKey } from "./keys.ts";
import type { Attributes, Put } from "./ports.ts";

export interface MemberChange {
  readonly id: string;
  readonly type: "User" | "Group";
  readonly leaves: boolean;
}

export interface LastStep {
  /** Of the group: the change up to which the walk goes. */
  readonly version: number;
  /** Milliseconds since 1970; later than that of any step before. */
  readonly at: number;
  readonly changes: readonly MemberChange[];
}

/** As long as the tombstone of the group's entry. */
const keptDays = 30;

/**
 * It stays as long as the group: by the one before it a stream shows whether it lost one. `ends`: the group is deleted.
 */
export function stepPut(groupId: string, { version, at, changes }: LastStep, { ends }: { ends: boolean }): Put {
  const listed = (leaves: boolean) =>
    changes.flatMap((change) => (change.leaves === leaves ? [`${change.type}#${change.id}`] : []));
  return {
    kind: "put",
    key: stepKey(groupId),
    attributes: {
      version,
      at,
      added: listed(false),
      removed: listed(true),
      ...(ends && { expires: expiresAfter(at, keptDays) }),
    },
  };
}

export function lastStepOf(a: Attributes): LastStep {
  const changes = (name: string, leaves: boolean) =>
    ((a[name] ?? []) as readonly string[]).map((member): MemberChange => {
      const [type = "", id = ""] = member.split("#");
      return { id, type: type === "Group" ? "Group" : "User", leaves };
    });
  return {
    version: number(a, "version") ?? 0,
    at: number(a, "at") ?? 0,
    changes: [...changes("removed", true), ...changes("added", false)],
  };
}
