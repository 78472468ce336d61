/**
 * Which members a walk has to touch, in ascending id, in steps. A replace-all is a merge of the sorted new list with the
 * sorted members, read page by page: nothing is held that grows with the group except the list that was sent.
 */
import type { Worker } from "./apply.ts";
import type { Head } from "./head.ts";
import { entryPartition, memberPrefix } from "./keys.ts";
import { memberOf } from "./group-members.ts";
import type { NetDelta } from "./member-delta.ts";
import { queryAll } from "./query-all.ts";
import type { Member, Provisioning } from "./state.ts";

/** A member to write, or an id to take away. */
export interface Touch {
  readonly id: string;
  readonly member: Member | "leaves";
}

export interface Step {
  readonly touches: readonly Touch[];
  /** The walk ends with this step. */
  readonly last: boolean;
}

/** Member, reverse and a check each, and the head: below the 100 items of a transaction (trap 11). */
const stepMembers = 30;

/** At least one step, the last one marked. */
export async function* stepsOf(p: Worker, head: Head, net: NetDelta): AsyncGenerator<Step> {
  const most = p.stepMembers ?? stepMembers;
  let touches: Touch[] = [];
  for await (const touch of net.replacesAll ? merge(p, head, net) : named(head, net)) {
    if (touches.length === most) {
      yield { touches, last: false };
      touches = [];
    }
    touches.push(touch);
  }
  yield { touches, last: true };
}

function* named({ cursor = "" }: Head, net: NetDelta): Generator<Touch> {
  const ids = [...net.named.keys()].filter((id) => id > cursor).sort();
  for (const id of ids) yield { id, member: net.named.get(id) ?? "leaves" };
}

async function* merge(p: Provisioning, head: Head, net: NetDelta): AsyncGenerator<Touch> {
  const wanted = [...named(head, net)].filter((touch) => touch.member !== "leaves");
  let next = 0;
  for await (const stored of membersAfter(p, head)) {
    for (let touch = wanted[next]; touch !== undefined && touch.id < stored.id; touch = wanted[next]) {
      yield touch;
      next += 1;
    }
    if (wanted[next]?.id === stored.id) next += 1;
    else yield { id: stored.id, member: "leaves" };
  }
  yield* wanted.slice(next);
}

async function* membersAfter(p: Provisioning, { id, cursor = "" }: Head): AsyncGenerator<Member> {
  const pk = entryPartition("Group", id);
  const range = { table: "directory" as const, pk, from: `${memberPrefix}${cursor}`, to: `${memberPrefix}~` };
  for await (const item of queryAll(p.table, range)) {
    const memberId = item.sk.slice(memberPrefix.length);
    if (memberId > cursor) yield memberOf(memberId, item.attributes);
  }
}
