/**
 * All that an explanation is made of, read at once: some twenty reads, each by key or of one short partition, however many
 * resources there are. What follows from it is pure.
 */
import { type ChangeAlone, readChangesAlone } from "../../provisioning/change.ts";
import { type Entry, readEntry } from "../../provisioning/entry.ts";
import { defined, type Head, isGivenUp, isParked } from "../../provisioning/head.ts";
import { type GivenUpNote, readGivenUp } from "../../provisioning/given-up.ts";
import type { Mapped } from "../../provisioning/mapping.ts";
import type { Sighting } from "../../provisioning/sighting.ts";
import { readSweep, type SweepNote } from "../../provisioning/sweep.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import type { JsonObject } from "../../scim/json.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { groupType } from "../../scim/resource-type.ts";
import { commandFor } from "../command.ts";
import type { Found } from "../find-resource.ts";
import { OperationError, type Operations } from "../operations.ts";
import { type Ahead, readAhead } from "./ahead.ts";
import { type AskedAttribute, askedAttribute } from "./asked-attribute.ts";
import { dueOf } from "./due-profile.ts";
import { type Heard, readHeard } from "./heard.ts";
import { type Members, readMembers } from "./members.ts";
import { type NotKept, notKeptOf } from "./not-kept.ts";
import { sightingsAbout } from "./sightings-about.ts";
import { findMeant } from "./subject.ts";
import { readTelling, type Telling } from "./telling.ts";

export interface Asked {
  /** Which of several that the word leads to; its first letters are enough. */
  readonly id?: string;
  /** What the operator thinks that it should be. */
  readonly expect?: "inactive";
  /** Of the profile, or a SCIM path that the mapping reads. */
  readonly attribute?: string;
}

export interface Facts {
  readonly word: string;
  readonly asked: Asked;
  /** Of the resource type that is asked about; absent: any. */
  readonly type?: string;
  readonly now: number;
  readonly tenant: Tenant;
  /** A command line for this tenant, from the words behind `rollcall`. */
  readonly command: (words: string) => string;
  readonly heard: Heard;
  /** Under all the names that are known of the subject, newest first. */
  readonly sightings: readonly Sighting[];
  /** Absent: nothing of that name is stored. */
  readonly stored?: Stored;
  readonly others: readonly Found[];
}

/** The subject, when it is stored. */
export interface Stored {
  readonly head: Head;
  readonly foundBy: string;
  /** The latest, newest first. */
  readonly changes: readonly ChangeAlone[];
  /** What was sent and left out, newest first. */
  readonly notKept: readonly NotKept[];
  /** What operators gave up of it. */
  readonly givenUp: readonly GivenUpNote[];
  /** What the application reads; absent: nothing yet. */
  readonly entry?: Entry;
  /** What the present mapping makes of it. Absent: it is deleted, or its type is not mapped. */
  readonly mapped?: Mapped;
  /** The profile that its entry should have; absent when it is deleted. */
  readonly profile?: JsonObject;
  readonly attribute?: AskedAttribute;
  /** Attributes that the present mapping cannot make of it. */
  readonly failing: readonly AskedAttribute[];
  /** While it waits. */
  readonly ahead?: Ahead;
  /** The sweep, which sends again what was lost; absent: none was ever noted, or nothing waits. */
  readonly sweep?: SweepNote;
  /** Of a group. */
  readonly members?: Members;
  /** Absent: the tenant has no events. */
  readonly telling?: Telling;
}

const changesMost = 50;

/** Errors: OperationError for an id or an attribute that there is not; TableError. */
export async function readFacts(o: Operations, word: string, asked: Asked, type?: ResourceType["id"]): Promise<Facts> {
  const which = defined({ id: asked.id, type });
  const [heard, meant] = await Promise.all([readHeard(o), findMeant(o, word, which)]);
  const { tenant, clock } = o;
  const command = (words: string) => commandFor(o, words);
  const base = { word, asked, ...defined({ type }), now: clock.now(), tenant, command, heard, others: meant.others };
  const { found } = meant;
  if (found === undefined) return { ...base, sightings: meant.sightings };
  const [sightings, items] = await Promise.all([
    sightingsAbout(o, found.head, { word, sightings: meant.sightings }),
    readItems(o, found.head),
  ]);
  return { ...base, sightings, stored: await storedOf(o, found, asked, { ...items, sightings }) };
}

type Items = Pick<Stored, "changes" | "entry" | "givenUp" | "ahead" | "sweep" | "telling">;

async function readItems(o: Operations, head: Head): Promise<Items> {
  const { table } = o;
  const { type, id, version } = head;
  const waits = isWaiting(head);
  const [entry, changes, givenUp, ahead, sweep, telling] = await Promise.all([
    readEntry(table, type, id),
    readChangesAlone(table, id, Math.max(0, version - changesMost), version),
    readGivenUp(table, id),
    waits ? readAhead(table, head) : undefined,
    waits ? readSweep(table) : undefined,
    readTelling(o, head),
  ]);
  return { changes: changes.toReversed(), givenUp, ...defined({ entry, ahead, sweep, telling }) };
}

async function storedOf(
  o: Operations,
  { head, by }: Found,
  asked: Asked,
  { sightings, ...items }: Items & Pick<Facts, "sightings">,
): Promise<Stored> {
  const { table, tenant } = o;
  const notKept = notKeptOf(items.changes, sightings);
  const base = { head, foundBy: by, notKept, ...items };
  if (head.state === "deleted") return { ...base, failing: [] };
  const members = head.type === groupType.id ? await readMembers(table, head, notKept) : undefined;
  const { mapped, profile } = await dueOf(o, head, items.entry);
  if (mapped === undefined) {
    if (asked.attribute !== undefined) throw unmappedType(head);
    return { ...base, profile, failing: [], ...defined({ members }) };
  }
  const about = (name: string) => askedAttribute(tenant, { ...base, mapped, profile }, name);
  const failing = mapped.problems.length === 0 ? [] : mapped.trace.filter(({ problem }) => problem !== undefined);
  return {
    ...base,
    mapped,
    profile,
    failing: failing.map(({ attribute }) => about(attribute)),
    ...defined({ members, attribute: asked.attribute === undefined ? undefined : about(asked.attribute) }),
  };
}

function unmappedType({ type }: Head): OperationError {
  return new OperationError(
    `The tenant file maps no attributes of a ${type}: mapping.resourceTypes.${type} would; without it there is none to ask about.`,
  );
}

/** The worker leaves it alone until somebody does something. */
export function isStuck(head: Head): boolean {
  return isParked(head) || isGivenUp(head);
}

export function isWaiting(head: Head): boolean {
  return head.applied < head.version && !isStuck(head);
}
