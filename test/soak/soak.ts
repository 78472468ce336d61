/** The soak from its first request to its last comparison. */
import { setTimeout as after } from "node:timers/promises";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../lib/local/database.ts";
import { sqliteDeadLetters, sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { replay } from "../../lib/ops/dlq/replay.ts";
import { planReplay } from "../../lib/ops/dlq/replay-plan.ts";
import { withFailedChanges } from "../../lib/ops/dlq/select.ts";
import type { Operations } from "../../lib/ops/operations.ts";
import { gonePartition, type WaitKind } from "../../lib/provisioning/keys.ts";
import type { LaneName } from "../../lib/provisioning/ports.ts";
import { putToken } from "../../lib/provisioning/token.ts";
import { waitingRows } from "../../lib/provisioning/waiting-rows.ts";
import { systemChance } from "../../lib/system.ts";
import { hashToken, newToken } from "../../lib/token.ts";
import { randomFrom } from "../simulation/random.ts";
import { act, type Actor, patch } from "./actor.ts";
import { type Client, soakClient } from "./client.ts";
import { compareWithKnown } from "./directory.ts";
import { badDay, type Chances } from "./faults.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { Known, type SoakGroup } from "./known.ts";
import { ahead, type Pace, quickClock } from "./quick-clock.ts";
import { soakTenant } from "./tenant.ts";

export interface SoakOptions {
  readonly folder: string;
  readonly minutes: number;
  readonly seed: number;
  /** Ends the traffic early; what was accepted is compared all the same. */
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

export interface Soaked {
  readonly violations: readonly string[];
  readonly summary: string;
}

const actors = 8;
const sharedGroups = 3;
/** Between two acts of one actor; a soak is long, not loud. Units: milliseconds. */
const pauseMs = 25;
const tellEveryMs = 15_000;
const speed = 10;
/** Beyond the longest pause of a retry. */
const aheadMs = 7 * 3_600_000;
const drainMsMost = 180_000;
const never: Chances = { die: 0, throttle: 0, conflict: 0, lostBefore: 0, lostAfter: 0, lostSend: 0, duplicate: 0 };

export async function soak({ folder, minutes, seed, signal, tell }: SoakOptions): Promise<Soaked> {
  const known = new Known();
  const pace: Pace = { realAt: Date.now(), at: Date.now(), speed };
  const db = openDatabase({ folder, tenant: soakTenant.name });
  const token = newToken("soak");
  const stored = { id: token.id, hash: hashToken(token.text), label: "soak", createdAt: pace.at };
  await putToken(sqliteTable(db), stored);
  const bad = await startFleet({ folder, seed, chances: badDay, pace });
  try {
    await traffic(soakClient(bad.baseUrl, token.text, known), { known, minutes, seed, signal, tell, fleet: bad });
  } finally {
    await bad.stop();
  }
  const later = ahead(pace, aheadMs);
  const calm = await startFleet({ folder, seed: seed + 1, chances: never, pace: later });
  try {
    tell("no more faults: waiting until everything is applied");
    const parked = await giveTitles(soakClient(calm.baseUrl, token.text, known), known);
    const replayed = await drain(operationsOn(db, later), known);
    for (const problem of [...bad.problems, ...calm.problems]) known.fail(problem);
    for (const difference of compareWithKnown(db, known)) known.fail(difference);
    return { violations: known.violations, summary: summaryOf(known, bad, { parked, replayed }) };
  } finally {
    await calm.stop();
    db.close();
  }
}

async function traffic(
  client: Client,
  { known, minutes, seed, signal, tell, fleet }: Omit<SoakOptions, "folder"> & { known: Known; fleet: Fleet },
): Promise<void> {
  const shared = await sharedBy(client, known);
  const end = Date.now() + minutes * 60_000;
  const isOver = () => Date.now() >= end || signal.aborted || known.violations.length > 0;
  const all = Array.from({ length: actors }, (_, n): Actor => {
    const random = randomFrom(seed * 100 + n);
    return { name: `a${n}`, client, known, random, shared, users: new Set(), groups: new Set() };
  });
  let before = 0;
  const progress = setInterval(() => {
    const { requests } = known.counts;
    const rate = Math.round(((requests - before) * 1000) / tellEveryMs);
    before = requests;
    const { deaths, faults } = fleet.counts();
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    tell(
      `${requests} requests, ${rate}/s, ${known.users.size} users, ${faults} faults, ${deaths} restarts, ${left} s left`,
    );
  }, tellEveryMs);
  try {
    await Promise.all(
      all.map(async (actor) => {
        for (; !isOver(); await after(actor.random.int(2 * pauseMs))) await act(actor);
      }),
    );
  } finally {
    clearInterval(progress);
  }
}

/** Groups that all actors write. A creation whose answer is lost is asked for again: then it is there, or is not. */
async function sharedBy(client: Client, known: Known): Promise<SoakGroup[]> {
  const groups: SoakGroup[] = [];
  while (groups.length < sharedGroups) {
    const displayName = `shared ${groups.length}`;
    await client.ask("POST", "/Groups", { displayName });
    const { body } = await client.read(`/Groups?filter=${encodeURIComponent(`displayName eq "${displayName}"`)}`);
    const [found] = (body["Resources"] ?? []) as { id: string }[];
    if (found === undefined) continue;
    groups.push({ id: found.id, displayName });
    known.groups.set(found.id, { id: found.id, displayName });
  }
  return groups;
}

/** Mends what was parked for want of a title, as the identity provider's administrator would. How many lacked one. */
async function giveTitles(client: Client, known: Known): Promise<number> {
  const untitled = [...known.users.values()].filter(({ title }) => title === undefined);
  for (const user of untitled) {
    const title = "found";
    const answer = await client.ask("PATCH", `/Users/${user.id}`, patch({ op: "add", path: "title", value: title }));
    if (answer?.status !== 200) known.fail(`${user.id} was not given a title: ${answer?.status}`);
    known.users.set(user.id, { ...user, title });
  }
  return untitled.length;
}

function operationsOn(db: DatabaseSync, pace: Pace): Operations {
  const clock = quickClock(pace);
  const of = (name: LaneName) => ({ db, name, clock });
  return {
    table: sqliteTable(db),
    lanes: { leavers: sqliteLane(of("leavers")), changes: sqliteLane(of("changes")) },
    deadLetters: { leavers: sqliteDeadLetters(of("leavers")), changes: sqliteDeadLetters(of("changes")) },
    clock,
    chance: systemChance,
    tenant: soakTenant,
  };
}

/** Until nothing waits; what was parked is replayed, as an operator would, and no dead letter is left. How many were replayed. */
async function drain(o: Operations, known: Known): Promise<number> {
  const end = Date.now() + drainMsMost;
  let replayed = 0;
  for (;;) {
    const [due, parked] = [await waiting(o, ["leaver", "due"]), await waiting(o, ["parked"])];
    const gone = (await o.table.query({ table: "scim", pk: gonePartition })).items.length;
    if (due + parked + gone === 0) {
      await replayAll(o);
      const letters = (await o.deadLetters.leavers.depth()) + (await o.deadLetters.changes.depth());
      if (letters > 0) known.fail(`${letters} dead letters are left`);
      return replayed;
    }
    if (Date.now() > end) {
      known.fail(`${due} changes still wait, ${parked} are parked, and ${gone} deleted ones are left out of groups`);
      return replayed;
    }
    if (due === 0 && parked > 0) replayed += await replayAll(o);
    await after(500);
  }
}

async function replayAll(o: Operations): Promise<number> {
  return await withFailedChanges(o, {}, { hiddenSeconds: 600 }, async ({ changes, removed }) => {
    return (await replay(o, planReplay(changes), removed)).sent;
  });
}

async function waiting(o: Operations, kinds: readonly WaitKind[]): Promise<number> {
  return (await waitingRows(o, kinds, 1000)).rows.length;
}

function summaryOf(
  { counts, users, deleted }: Known,
  fleet: Fleet,
  { parked, replayed }: { parked: number; replayed: number },
): string {
  const { deaths, faults } = fleet.counts();
  return (
    `${counts.requests} requests, ${counts.accepted} changes accepted, ${counts.unanswered} requests without an answer, ` +
    `${faults} faults, ${deaths} processes killed and started again, ${parked} people parked in the end, ${replayed} changes replayed; ` +
    `in the end ${users.size} users, ${deleted.length} deleted resources`
  );
}
