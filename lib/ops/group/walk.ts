/** How far the worker is with a group: the walk over its members that is under way. */
import type { Head } from "../../provisioning/head.ts";
import type { NetDelta } from "../../provisioning/member-delta.ts";
import type { PendingMembers } from "./pending.ts";

export interface Walk {
  /** The version that the directory has when it is over. */
  readonly to: number;
  /** `names`: the group's new name is made known to its members' roles first. */
  readonly doing: "names" | "members";
  /** 0 to 1: as far as can be told by where it is among the ids, which are random. */
  readonly part: number;
  /** Of the members that are named; absent where all others leave, who are not counted. */
  readonly done?: number;
  readonly total?: number;
  /** When its last step was taken. Milliseconds since 1970. */
  readonly at: number;
}

/** Undefined: none is under way. */
export function walkOf(head: Head, { walked }: Pick<PendingMembers, "walked">): Walk | undefined {
  const { to, cursor, nameCursor, stepAt: at } = head;
  if (to === undefined) return undefined;
  if (cursor === undefined && nameCursor !== undefined) return { to, doing: "names", part: placeOf(nameCursor), at };
  const base = { to, doing: "members", at } as const;
  if (walked === undefined || walked.replacesAll) return { ...base, part: placeOf(cursor ?? "") };
  const [done, total] = [doneOf(walked, cursor ?? ""), walked.named.size];
  return { ...base, part: total === 0 ? 1 : done / total, done, total };
}

function doneOf({ named }: NetDelta, cursor: string): number {
  let done = 0;
  for (const id of named.keys()) if (id <= cursor) done += 1;
  return done;
}

/** Where an id stands among all that there may be. */
function placeOf(id: string): number {
  if (id === "") return 0;
  const place = Number.parseInt(id.slice(0, 8), 16) / 2 ** 32;
  // `~` stands behind every id.
  return Number.isNaN(place) ? 1 : place;
}
