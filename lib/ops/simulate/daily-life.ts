/** What goes on at an identity provider after its first cycle: somebody joins, gets another title, changes teams, leaves. */
import type { Clock } from "../../provisioning/ports.ts";
import { departments, type Person, person, type Team, titles } from "./company.ts";
import { entra } from "./entra.ts";
import type { Sent } from "./first-cycle.ts";
import type { ScimClient } from "./scim-client.ts";
import { searchOrCreate } from "./search-or-create.ts";
import { type Seeded, seeded } from "./seeded.ts";
import { enterpriseUrn, patchBody } from "./user-resource.ts";

export interface DailyLifeOptions {
  readonly client: ScimClient;
  /** What the first cycle has brought. */
  readonly sent: Sent;
  readonly seed: number;
  readonly clock: Pick<Clock, "now">;
}

export interface DailyLife {
  /** Plays one event more, in Entra's words. */
  next(): Promise<void>;
}

interface Employee {
  readonly person: Person;
  readonly id: string;
}

interface Life extends DailyLifeOptions {
  readonly random: Seeded;
  readonly staff: Employee[];
  readonly teams: readonly { readonly team: Team; readonly id: string; readonly members: Set<string> }[];
  /** Of whoever joins next. */
  n: number;
}

type Event = (life: Life) => Promise<void>;

const week: readonly [Event, ...Event[]] = [joins, getsTitle, changesTeam, getsTitle, changesTeam, changesDepartment];
/** Oftener, and a small company would have its brake trip. */
const leaverEveryMs = 7 * 60_000;

export function dailyLife(options: DailyLifeOptions): DailyLife {
  const { sent, seed, clock } = options;
  const staff = [...sent.users].flatMap(([one, { id, active }]) => (active ? [{ person: one, id }] : []));
  const teams = [...sent.groups].map(([team, { id, members }]) => ({ team, id, members: new Set(members) }));
  const life: Life = { ...options, random: seeded(seed, "daily life"), staff, teams, n: sent.users.size };
  let [turn, leftAt] = [0, Number.NEGATIVE_INFINITY];
  return {
    next: async () => {
      const event = week[turn % week.length] ?? joins;
      turn += 1;
      if (clock.now() - leftAt < leaverEveryMs || turn % week.length !== 3) return await event(life);
      leftAt = clock.now();
      await leaves(life);
    },
  };
}

async function joins(life: Life): Promise<void> {
  const one = person(life.seed, life.n);
  life.n += 1;
  const met = await searchOrCreate(life.client, entra.searchUser(one), entra.createUser(one));
  if (met === undefined) return;
  life.staff.push({ person: one, id: met.id });
  await changesTeam(life, { person: one, id: met.id });
}

async function getsTitle(life: Life): Promise<void> {
  const one = anybody(life);
  if (one !== undefined) await replaces(life, one, "title", `Senior ${life.random.pick(titles)}`);
}

async function changesDepartment(life: Life): Promise<void> {
  const one = anybody(life);
  if (one !== undefined) await replaces(life, one, `${enterpriseUrn}:department`, life.random.pick(departments));
}

async function replaces({ client }: Life, { person: one, id }: Employee, path: string, value: string): Promise<void> {
  await client.send(entra.searchUser(one));
  const body = patchBody([{ op: "Replace", path, value }]);
  await client.send({ kind: "update user", about: one.userName, method: "PATCH", path: `/Users/${id}`, body });
}

/** In, or out when they are in it. */
async function changesTeam(life: Life, who = anybody(life)): Promise<void> {
  const group = life.teams[life.random.int(life.teams.length)];
  if (group === undefined || who === undefined) return;
  const known = [{ id: who.id, userName: who.person.userName }];
  const isIn = group.members.has(who.id);
  const change = isIn ? { joins: [], quits: known } : { joins: known, quits: [] };
  for (const requests of entra.memberRequests({ id: group.id, team: group.team, matched: true, ...change }))
    for (const { request } of requests) await life.client.send(request);
  if (isIn) group.members.delete(who.id);
  else group.members.add(who.id);
}

async function leaves(life: Life): Promise<void> {
  const [one] = life.staff.splice(life.random.int(life.staff.length), 1);
  if (one !== undefined) await life.client.send(entra.deactivate(one.id, one.person));
}

function anybody({ staff, random }: Life): Employee | undefined {
  return staff[random.int(staff.length)];
}
