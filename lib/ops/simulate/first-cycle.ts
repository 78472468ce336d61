/**
 * An identity provider's first cycle: users by search and create, updates, managers, then groups and their members,
 * deactivations at the end. Several requests at once throughout.
 */
import type { OnProgress } from "../operations.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";
import type { Company, Person, Team } from "./company.ts";
import type { Dialect, Known, MemberRequest } from "./dialect.ts";
import type { ScimClient } from "./scim-client.ts";
import { searchOrCreate } from "./search-or-create.ts";
import { atFirst, type Moment } from "./user-resource.ts";

/** What was sent and answered with success: what must be there in the end. */
export interface Sent {
  readonly users: ReadonlyMap<Person, SentUser>;
  readonly groups: ReadonlyMap<Team, SentGroup>;
}

export interface SentUser extends Moment {
  readonly id: string;
}

export interface SentGroup {
  readonly id: string;
  /** It was there before, so it may have more members than these. */
  readonly matched: boolean;
  /** Ids of users. */
  readonly members: Set<string>;
}

export interface CycleOptions {
  readonly company: Company;
  readonly dialect: Dialect;
  readonly client: ScimClient;
  readonly concurrency: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

interface Cycle extends CycleOptions {
  readonly users: Map<Person, SentUser>;
  readonly groups: Map<Team, SentGroup>;
}

/** Ends early, with what was sent by then, when the signal is aborted. */
export async function firstCycle(options: CycleOptions): Promise<Sent> {
  const cycle: Cycle = { ...options, users: new Map(), groups: new Map() };
  const { people, teams } = options.company;
  const updated = people.filter((person) => person.promotedTo !== undefined);
  const managed = people.filter((person) => person.manager !== undefined);
  const leavers = people.filter((person) => person.leaves);
  const total = people.length + updated.length + managed.length + leavers.length + 2 * teams.length;
  let done = 0;
  const phase = async <T>(
    name: string,
    items: readonly T[],
    work: (cycle: Cycle, item: T) => Promise<void>,
    atOnce = options.concurrency,
  ) => {
    const one = async (item: T) => {
      await work(cycle, item);
      done += 1;
      options.onProgress?.(done, total, name);
    };
    await eachOf(items, atOnce, one, () => options.signal?.aborted === true);
  };
  await phase("users", people, bringUser);
  await phase("updates", updated, updateUser);
  await phase("managers", managed, setManager);
  await phase("groups", teams, bringGroup);
  await phase("members", teams, sendMembers, options.dialect.membersAtOnce ? 1 : options.concurrency);
  await phase("deactivations", leavers, deactivate);
  return cycle;
}

async function bringUser({ client, dialect, users }: Cycle, person: Person): Promise<void> {
  const found = await searchOrCreate(client, dialect.searchUser(person), dialect.createUser(person));
  if (found === undefined) return;
  const now = atFirst(person);
  if (found.matched && !(await dialect.updateUser(client, found.id, person, now))) return;
  users.set(person, { id: found.id, ...now });
}

async function updateUser({ client, dialect, users }: Cycle, person: Person): Promise<void> {
  const user = users.get(person);
  if (user === undefined) return;
  const now = { ...user, title: person.promotedTo ?? user.title };
  if (await dialect.updateUser(client, user.id, person, now)) users.set(person, now);
}

async function setManager({ client, dialect, users, company }: Cycle, person: Person): Promise<void> {
  const user = users.get(person);
  const [manager] = known(company, users, [person.manager ?? -1]);
  if (user === undefined || manager === undefined) return;
  const now = { ...user, managerId: manager.id };
  if (await dialect.setManager(client, user.id, person, now)) users.set(person, now);
}

async function bringGroup({ client, dialect, groups }: Cycle, team: Team): Promise<void> {
  const found = await searchOrCreate(client, dialect.searchGroup(team), dialect.createGroup(team));
  if (found !== undefined) groups.set(team, { ...found, members: new Set() });
}

async function sendMembers(cycle: Cycle, team: Team): Promise<void> {
  const { client, dialect, company, users, groups, concurrency, signal } = cycle;
  const group = groups.get(team);
  if (group === undefined) return;
  const [joins, quits] = [known(company, users, team.joins), known(company, users, team.quits)];
  for (const requests of dialect.memberRequests({ ...group, team, joins, quits })) {
    const send = (request: MemberRequest) => sendMember(client, group, request);
    await eachOf(requests, dialect.membersAtOnce ? concurrency : 1, send, () => signal?.aborted === true);
  }
}

async function sendMember(
  client: ScimClient,
  { members }: SentGroup,
  { request, all, add, remove }: MemberRequest,
): Promise<void> {
  if ((await client.send(request)) === undefined) return;
  if (all !== undefined) members.clear();
  for (const id of [...(all ?? []), ...add]) members.add(id);
  for (const id of remove) members.delete(id);
}

async function deactivate({ client, dialect, users }: Cycle, person: Person): Promise<void> {
  const user = users.get(person);
  if (user === undefined) return;
  if ((await client.send(dialect.deactivate(user.id, person))) !== undefined)
    users.set(person, { ...user, active: false });
}

/** Those of the places who were accepted. */
function known({ people }: Company, users: Cycle["users"], places: readonly number[]): Known[] {
  return places.flatMap((place) => {
    const person = people[place];
    const user = person && users.get(person);
    return person === undefined || user === undefined ? [] : [{ id: user.id, userName: person.userName }];
  });
}
