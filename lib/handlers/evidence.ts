/**
 * Evidence: what remains of a request for whoever asks later why somebody is not there. Contact on the token's item, sightings
 * of whoever was missed or refused, counts by the hour.
 *
 * A request that succeeds writes nothing here but, once a minute, the contact and the counts; those also once in 25 requests.
 * Only callers with a token of ours leave sightings, and no more than a cap of them a minute. No note is a reason to refuse a
 * request.
 */
import { noteContact, noteRejected, noteStranger, type ContactKind, type First } from "../provisioning/contact.ts";
import { noteRefusedAddress } from "../provisioning/refused-address.ts";
import { refusalPut, type Sighting, sightingPut } from "../provisioning/sighting.ts";
import { type Put, TableError } from "../provisioning/ports.ts";
import type { Provisioning } from "../provisioning/state.ts";
import type { StoredToken } from "../provisioning/token.ts";
import { noTraffic, type Traffic, trafficUpdate } from "../provisioning/traffic.ts";
import { ScimError } from "../scim/error.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { NotLetIn } from "./authenticate.ts";
import type { AddressRefused } from "./may-ask.ts";
import type { Named } from "./named.ts";
import type { Change, NotKept } from "./router.ts";

/** One request, or one operation of a bulk request. */
export interface Seen {
  readonly requestId: string;
  readonly method: string;
  /** `/Users/{id}`; absent when the request met no route. */
  readonly template?: string;
  readonly type?: ResourceType;
  readonly change?: Change;
  /** It changed nothing, perhaps because of what could not be kept. */
  readonly notKept?: NotKept;
  /** Searched for, and not found. */
  readonly missed?: readonly Named[];
  readonly error?: ScimError;
  /** Whom a request that failed was about. */
  readonly named?: readonly Named[];
}

export interface Evidence {
  readonly answered: (token: StoredToken, seen: readonly Seen[], idp: string | undefined) => Promise<void>;
  readonly addressRefused: (error: AddressRefused, requestId: string) => Promise<void>;
  readonly notLetIn: (error: Pick<NotLetIn, "why" | "token" | "tokenId">, requestId: string) => Promise<void>;
}

const minute = 60_000;
/** Eight times what an identity provider looks up in its first cycle (25 people a second); each is a small item. */
const sightingsPerMinute = 12_000;
/** A function environment may end any time: more than so many requests are not left uncounted. A write in so many is little. */
const requestsUncountedMost = 25;
/** After a fault the table may not answer, and the identity provider waits. */
const faultMs = 300;

const writeMethods = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** One for each function environment: it counts. */
export function evidence({ table, clock, tenant }: Pick<Provisioning, "table" | "clock" | "tenant">): Evidence {
  let counts: Traffic = noTraffic;
  let countsWrittenAt = 0;
  let uncounted = 0;
  let strangerAt = 0;
  let addressAt = 0;
  let window = { begun: 0, left: sightingsPerMinute };

  function mayWrite(now: number): boolean {
    if (now - window.begun >= minute) window = { begun: now, left: sightingsPerMinute };
    window = { ...window, left: window.left - 1 };
    return window.left >= 0;
  }

  function sightingsOf({ id: tokenId }: StoredToken, seen: Seen, idp: string | undefined, now: number): Put[] {
    const { requestId, method, template, type, error, missed = [], named = [], notKept } = seen;
    const made = {
      at: now,
      requestId,
      tokenId,
      operation: `${method} ${template ?? "?"}`,
      ...(idp !== undefined && { dialect: idp }),
    };
    if (notKept !== undefined) {
      const { id, paths } = notKept;
      const whom = { type: type?.id ?? "", attribute: "id", id, detail: paths.join(", ") };
      const put = sightingPut(id, { ...made, ...whom, kind: "ignored" }, tenant.evidenceDays);
      return put === undefined ? [] : [put];
    }
    if (error === undefined)
      return missed.flatMap(
        ({ value, ...name }) =>
          sightingPut(value, { ...made, ...name, kind: "lookedUp", status: 200 }, tenant.evidenceDays) ?? [],
      );
    const id = named.find(({ attribute }) => attribute === "id")?.value;
    const told = {
      ...made,
      kind: error.status >= 500 ? "fault" : "refused",
      status: error.status,
      detail: error.message,
      ...(error.scimType !== undefined && { scimType: error.scimType }),
      ...(id !== undefined && { id: id.slice(0, 64) }),
    } as const;
    const whom: Sighting = { ...told, type: type?.id ?? "", attribute: named[0]?.attribute ?? "" };
    return [
      ...named.flatMap(({ value, ...name }) => sightingPut(value, { ...told, ...name }, tenant.evidenceDays) ?? []),
      refusalPut(named.find(({ attribute }) => attribute !== "id")?.value ?? id ?? "", whom, tenant.evidenceDays),
    ];
  }

  function count(seen: Seen, dropped: number): void {
    const { error, change, missed = [] } = seen;
    const one = (is: boolean) => (is ? 1 : 0);
    const failed = error !== undefined;
    const write = isWrite(seen);
    counts = {
      reads: counts.reads + one(!write && !failed),
      misses: counts.misses + one(missed.length > 0),
      writes: counts.writes + one(change?.accepted === true),
      unchanged: counts.unchanged + one(change?.accepted === false),
      refused: counts.refused + one(failed && error.status < 500),
      faults: counts.faults + one(failed && error.status >= 500),
      dropped: counts.dropped + dropped,
    };
  }

  async function flush(now: number): Promise<void> {
    const [written, before] = [counts, countsWrittenAt];
    counts = noTraffic;
    countsWrittenAt = now;
    uncounted = 0;
    try {
      await table.write(trafficUpdate(written, now, tenant.evidenceDays));
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      // Unless it is unknown whether they were written: rather too few than counted twice.
      if (error.kind === "lost") return;
      countsWrittenAt = before;
      counts = Object.fromEntries(
        Object.entries(counts).map(([name, count]) => [name, count + written[name as keyof Traffic]]),
      ) as unknown as Traffic;
    }
  }

  async function keep(put: Put): Promise<void> {
    try {
      await table.write(put);
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      counts = { ...counts, dropped: counts.dropped + 1 };
    }
  }

  async function answered(token: StoredToken, all: readonly Seen[], idp: string | undefined): Promise<void> {
    const now = clock.now();
    const puts: Put[] = [];
    for (const seen of all) {
      const sightings = sightingsOf(token, seen, token.idp ?? idp, now);
      const kept = sightings.filter(() => mayWrite(now));
      count(seen, sightings.length - kept.length);
      puts.push(...kept);
    }
    const notes: Promise<unknown>[] = [
      ...puts.map(keep),
      ...kindsOf(all).map(
        async (seen) => await noteContact(table, token, { ...seen, ...(idp !== undefined && { idp }) }, now),
      ),
    ];
    const errors = all.flatMap(({ error }) => error ?? []);
    // Beyond the cap a refusal costs nothing.
    const refusalIsKept = errors.length > 0 && puts.length > 0;
    uncounted += all.length;
    const isTime = now - countsWrittenAt >= minute || uncounted >= requestsUncountedMost;
    if (refusalIsKept || isTime) notes.push(flush(now));
    const faulty = errors.some(({ status }) => status >= 500);
    await (faulty ? Promise.race([Promise.all(notes), clock.sleep(faultMs)]) : Promise.all(notes));
  }

  async function addressRefused({ address, tokenId }: AddressRefused, requestId: string): Promise<void> {
    const at = clock.now();
    if (tokenId === undefined || at - addressAt < minute) return;
    addressAt = at;
    await noteRefusedAddress(table, { at, address, tokenId, requestId });
  }

  async function notLetIn(
    { why, token, tokenId }: Pick<NotLetIn, "why" | "token" | "tokenId">,
    requestId: string,
  ): Promise<void> {
    const now = clock.now();
    if (token !== undefined && isRejection(why)) return await noteRejected(table, token, { why, requestId }, now);
    if (now - strangerAt < minute || isRejection(why)) return;
    strangerAt = now;
    await noteStranger(table, { at: now, why, requestId, ...(tokenId !== undefined && { tokenId }) });
  }

  return { answered, addressRefused, notLetIn };
}

function isRejection(why: NotLetIn["why"]): why is Exclude<NotLetIn["why"], "missing" | "malformed" | "unknown"> {
  return why === "expired" || why === "revoked" || why === "wrongSecret";
}

function isWrite({ method, template = "" }: Seen): boolean {
  return writeMethods.has(method) && !template.endsWith("/.search");
}

/** Each kind once, with the firsts that it brings. */
function kindsOf(all: readonly Seen[]): { kind: ContactKind; requestId: string; first?: First }[] {
  const kinds = new Map<string, { kind: ContactKind; requestId: string; first?: First }>();
  for (const seen of all) {
    const kind = seen.error !== undefined && seen.error.status < 500 ? "refused" : isWrite(seen) ? "write" : "read";
    const first = firstOf(seen);
    // Two firsts of one kind in one bulk request: the second is noted with the next of its sort.
    const { requestId } = seen;
    if (first !== undefined || !kinds.has(kind))
      kinds.set(kind, { kind, requestId, ...(first !== undefined && { first }) });
  }
  return [...kinds.values()];
}

function firstOf(seen: Seen): First | undefined {
  const { error, change, type, method } = seen;
  if (error !== undefined) return undefined;
  if (!isWrite(seen)) return "read";
  if (change?.left === true) return "deactivation";
  if (type?.id === "Group") return "group";
  if (type?.id !== "User" || change?.accepted !== true) return undefined;
  return method === "POST" ? "user" : "update";
}
