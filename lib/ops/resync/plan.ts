/** What a resync is about to apply again, and what that would change; read, and nothing is written. */
import { nextGroupEntry } from "../../provisioning/apply-group.ts";
import { nextEntry } from "../../provisioning/apply-user.ts";
import { type Entry, isSame, profileText, readEntries } from "../../provisioning/entry.ts";
import { type Head, isGivenUp, isParked } from "../../provisioning/head.ts";
import { inParallel } from "../../provisioning/in-parallel.ts";
import { hashFor } from "../../provisioning/mapping-hash.ts";
import { withRoles } from "../../provisioning/roles.ts";
import { SyncError } from "../../provisioning/sync-error.ts";
import { userType } from "../../scim/resource-type.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { Forecast } from "../dlq/forecast.ts";
import { type AttributeDifference, newDifferences } from "../mapping/differences.ts";
import { type Person, personOf } from "../mapping/person.ts";
import type { Operations } from "../operations.ts";
import { typesFrom, walkHeads, type WalkOptions } from "../walk-heads.ts";

export type Scope = "all" | "mappingChanged";

/** A resource that is to be applied again. */
export interface Target {
  readonly type: string;
  readonly id: string;
}

export interface ResyncPlan {
  readonly seen: number;
  readonly stopped: boolean;
  /** Where a plan that was stopped goes on: `User/<id>`. */
  readonly position?: string;
  readonly targets: readonly Target[];
  /** Of the targets: those whose entry would be another one, and those that have none. */
  readonly changed: number;
  readonly appears: number;
  /** The mapping of today cannot carry these: they keep the entry that they have. No targets, unless that is asked for. */
  readonly failing: readonly FailingReason[];
  /** Of the targets that would change. */
  readonly attributes: readonly AttributeDifference[];
  /** Of the targets: those whose profile stays; only the name of the mapping on their entry is renewed. */
  readonly same: number;
  /** Not asked again: the mapping of today has made them … */
  readonly current: number;
  /** … the worker is at them … */
  readonly pending: number;
  /** … or they wait for an operator, or for the identity provider. */
  readonly parked: number;
  readonly givenUp: number;
}

export interface FailingReason extends Forecast {
  readonly count: number;
  readonly examples: readonly Person[];
}

export interface ResyncOptions extends WalkOptions {
  /** So many of each difference. */
  readonly examples: number;
  /** Those too that would fail: they are parked with the reason. */
  readonly evenFailing?: boolean;
}

/** Reads of memberships under way. */
const atOnce = 16;

type Store = Pick<Operations, "table" | "clock" | "tenant">;
type Made = { readonly entry: Entry } | { readonly forecast: Forecast };

/** Errors: TableError. */
export async function planResync(o: Store, scope: Scope, options: ResyncOptions): Promise<ResyncPlan> {
  const count = { seen: 0, changed: 0, same: 0, appears: 0, current: 0, pending: 0, parked: 0, givenUp: 0 };
  const targets: Target[] = [];
  const differences = newDifferences(options);
  const failing = new Map<string, FailingReason>();
  const isCurrent = (head: Head, before: Entry | undefined) =>
    scope === "mappingChanged" && before?.mappingHash === hashFor(o.tenant.mapping, head.type);
  const isAsked = (head: Head, before: Entry | undefined) => standing(head) === "settled" && !isCurrent(head, before);
  const add = (head: Head, before: Entry | undefined, made: Made | undefined) => {
    const kind = standing(head);
    if (kind !== "settled") return void (count[kind] += 1);
    if (made === undefined) return void (count.current += 1);
    if (!("forecast" in made) || options.evenFailing === true) targets.push({ type: head.type, id: head.id });
    if ("forecast" in made) return addFailing(failing, made.forecast, head, options);
    if (before === undefined) count.appears += 1;
    else if (makesTheSame(before, made)) count.same += 1;
    else count.changed += 1;
    if (before !== undefined) differences.add(head, before.profile, made.entry.profile);
  };
  const ended = (stop: { position?: string }, stopped: boolean): ResyncPlan => {
    const attributes = differences.all();
    const reasons = [...failing.values()].toSorted((a, b) => b.count - a.count);
    return { ...count, ...stop, stopped, targets, failing: reasons, attributes };
  };
  for (const { type, after } of typesFrom(typesOf(o, scope), options.after)) {
    const { after: _, ...rest } = options;
    const seenBefore = count.seen;
    const walk = { ...rest, ...(after === undefined ? {} : { after }), ...progressOf(type, options) };
    const { seen, stopped, position } = await walkHeads(o, type, walk, async (heads) => {
      const ids = heads.map(({ id }) => id);
      const entries = await readEntries(o.table, type.id, ids);
      const made = await inParallel([...heads.entries()], atOnce, async ([n, head]) => {
        return isAsked(head, entries[n]) ? await makeNext(o, head, entries[n]) : undefined;
      });
      // In the order of the walk, whichever came first: whoever goes on behind a target must find the rest there.
      for (const [n, head] of heads.entries()) add(head, entries[n], made[n]);
    });
    count.seen = seenBefore + seen;
    if (stopped) return ended(position === undefined ? {} : { position: `${type.id}/${position}` }, true);
  }
  return ended({}, false);
}

/** What the worker would make of a resource that is applied already. Errors: none of the mapping's; TableError. */
export async function makeNext(o: Store, head: Head, before: Entry | undefined): Promise<Made> {
  const mapped = makeMapped(o, head, before);
  return "forecast" in mapped ? mapped : orForecast(await withRoles(o, mapped.entry));
}

/** The same with the roles that the entry has now, without a look at the groups. */
export function makeMapped(o: Pick<Store, "tenant" | "clock">, head: Head, before: Entry | undefined): Made {
  return orForecast(() =>
    head.type === "Group" ? nextGroupEntry(o, head, before?.version) : nextEntry(o, head, before),
  );
}

function orForecast(made: Entry | (() => Entry)): Made {
  try {
    const entry = typeof made === "function" ? made() : made;
    profileText(entry);
    return { entry };
  } catch (error) {
    if (error instanceof SyncError) return { forecast: { code: error.code, message: error.message } };
    throw error;
  }
}

/** Whatever mapping it was made by. */
function makesTheSame(before: Entry, made: Made): boolean {
  return "entry" in made && isSame(before, { ...made.entry, mappingHash: before.mappingHash });
}

export function standing(head: Head): "settled" | "pending" | "parked" | "givenUp" {
  if (isParked(head)) return "parked";
  if (isGivenUp(head)) return "givenUp";
  return head.applied === head.version ? "settled" : "pending";
}

/** The others are as they were sent, whatever the mapping. */
function typesOf({ tenant }: Store, scope: Scope): readonly ResourceType[] {
  const isMapped = ({ id }: ResourceType) => id === userType.id || tenant.mapping.resourceTypes.has(id);
  return scope === "all" ? tenant.types : tenant.types.filter(isMapped);
}

function progressOf({ name }: ResourceType, { onProgress }: ResyncOptions): Pick<ResyncOptions, "onProgress"> {
  return onProgress === undefined ? {} : { onProgress: (done, total) => onProgress(done, total, `comparing ${name}s`) };
}

function addFailing(
  all: Map<string, FailingReason>,
  forecast: Forecast,
  head: Head,
  { examples: most }: ResyncOptions,
): void {
  const key = `${forecast.code} ${forecast.message}`;
  const { count, examples } = all.get(key) ?? { count: 0, examples: [] };
  const shown = examples.length < most ? [...examples, personOf(head, { examples: most })] : examples;
  all.set(key, { ...forecast, count: count + 1, examples: shown });
}
