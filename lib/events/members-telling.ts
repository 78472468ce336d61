/** What a step of a group's walk tells: who came and who left, one event a member, all with the step's sequence. */
import type { LastStep } from "../provisioning/last-step.ts";
import { defined } from "../provisioning/head.ts";
import type { Member } from "../provisioning/state.ts";
import type { Tenant } from "../provisioning/tenant.ts";
import { eventId, type MembershipEvent, type MembershipEventKind, membersSubject } from "./event.ts";
import { markExpires, type Mark, type Origin, sequenceAfter, type Telling } from "./telling.ts";
import { toldUpTo } from "./told.ts";

/** A step, and its TTL where it has one, in seconds since 1970. */
export type StoredStep = LastStep & { readonly expires?: number };

/** `before`: the step before it. Where another one was told last, some are missing: these are told all the same, and all members later. */
export function stepTelling(
  tenant: Tenant,
  groupId: string,
  before: StoredStep | undefined,
  after: StoredStep,
): Telling {
  const { version, at, changes } = after;
  return {
    subject: membersSubject(groupId),
    of: { id: groupId, version },
    at,
    say: (told, origin) => {
      if (told !== undefined && at <= toldUpTo(told)) return undefined;
      const follows = told !== undefined && toldUpTo(told) === (before?.at ?? 0);
      const isPartial = !follows || told.partial === true;
      const { sequence, of } = sequenceAfter(told, at);
      const mark: Mark = { sequence, version, ...defined({ of }), ...markExpires(after.expires) };
      const said = { tenant, groupId, version, sequence, at, origin };
      const events = changes.map(({ leaves, ...member }) =>
        membershipEvent(said, leaves ? "removed" : "added", member),
      );
      if (!isPartial) return { events, mark };
      return { events, mark: { ...mark, partial: true }, ...(told?.partial !== true && { behind: "begins" }) };
    },
  };
}

/** A group that came into the directory before our eyes has no members that nobody told. */
export function membersBegin(groupId: string, { version, at }: { version: number; at: number }): Telling {
  return {
    subject: membersSubject(groupId),
    of: { id: groupId, version },
    at,
    say: (told) => (told === undefined ? { events: [], mark: { sequence: 0, version } } : undefined),
  };
}

interface OfMembers {
  readonly tenant: Tenant;
  readonly groupId: string;
  readonly version: number;
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly origin: Origin;
  readonly caughtUp?: true;
}

export function membershipEvent(
  { tenant, groupId, version, sequence, at, origin, caughtUp }: OfMembers,
  kind: MembershipEventKind,
  member?: Member,
): MembershipEvent {
  const subject = membersSubject(groupId);
  return {
    id: eventId(subject, sequence, member?.id ?? kind),
    type: `membership.${kind}`,
    timestamp: new Date(at).toISOString(),
    data: {
      tenant: tenant.name,
      subject,
      sequence,
      version,
      ...origin,
      group: { id: groupId },
      ...defined({ member, caughtUp }),
    },
  };
}
