/**
 * One connection of the identity provider: one request after the other, about users and groups of its own, and about the
 * memberships of its users in groups that all actors share. So each resource, and each pair of group and member, has one
 * writer, and what it knows is exact, while groups have many writers at once.
 */
import { isList, isObject, type JsonObject } from "../../lib/scim/json.ts";
import type { Random } from "../simulation/random.ts";
import type { Answer, Client } from "./client.ts";
import type { Known, SoakGroup, SoakUser } from "./known.ts";
import { enterprise, isSame, userBody } from "./user-body.ts";

export interface Actor {
  readonly name: string;
  readonly client: Client;
  readonly known: Known;
  readonly random: Random;
  /** Of all actors. */
  readonly shared: readonly SoakGroup[];
  readonly users: Set<string>;
  readonly groups: Set<string>;
}

const usersMost = 60;
const groupsMost = 2;
const patchUrn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const groupUrn = "urn:ietf:params:scim:schemas:core:2.0:Group";

type Act = (actor: Actor) => Promise<void>;

/** How often each is done, of a hundred. */
const acts: readonly (readonly [number, Act])[] = [
  [10, createUser],
  [18, patchUser],
  [5, replaceUser],
  [4, renameUser],
  [8, switchActive],
  [4, deleteUser],
  [22, switchMembership],
  [3, replaceMembers],
  [5, patchMembers],
  [2, renameGroup],
  [1, remakeGroup],
  [2, createTwice],
  [8, readUser],
  [4, readGroup],
  [2, readShared],
  [2, page],
];
const deck = acts.flatMap(([times, act]) => Array.from({ length: times }, () => act));

/** One thing that an identity provider does, and what is known after it. */
export async function act(actor: Actor): Promise<void> {
  if (actor.groups.size < groupsMost) return await createGroup(actor);
  if (actor.users.size < 5) return await createUser(actor);
  await actor.random.pick(deck)(actor);
}

/**
 * Sends a write. True when it was accepted; without an answer `isDone` finds that out.
 * An answer that is neither is a violation.
 */
async function write(
  { client, known }: Actor,
  [method, path, body]: readonly [string, string, object?],
  isDone: () => Promise<boolean>,
): Promise<Answer | undefined | "done"> {
  const answer = await client.ask(method, path, body);
  if (answer === undefined) {
    const done = await isDone();
    if (done) known.counts.accepted += 1;
    return done ? "done" : undefined;
  }
  if (answer.status < 300) {
    known.counts.accepted += 1;
    return answer;
  }
  known.fail(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return undefined;
}

// ---------------------------------------------------------------- users

function newName({ name, random }: Actor): string {
  return `${name}-${random.int(2 ** 30).toString(36)}-${random.int(2 ** 30).toString(36)}`;
}

async function createUser(actor: Actor): Promise<void> {
  if (actor.users.size >= usersMost) return await deleteUser(actor);
  const name = newName(actor);
  const user = { id: "", userName: `${name}@soak.example`, externalId: `x-${name}`, email: `${name}@mail.example` };
  const wanted: SoakUser = { ...user, active: true, title: "new" };
  let found: string | undefined;
  const answer = await write(actor, ["POST", "/Users", userBody(wanted)], async () => {
    found = await search(actor, `userName eq "${wanted.userName}"`);
    return found !== undefined;
  });
  if (answer === undefined) return;
  const id = answer === "done" ? found : answer.body["id"];
  if (typeof id !== "string") return actor.known.fail(`${wanted.userName} was created without an id`);
  actor.users.add(id);
  actor.known.users.set(id, { ...wanted, id });
}

/** Changes a user from what is known to `after`. */
async function change(actor: Actor, request: readonly [string, object], after: SoakUser): Promise<void> {
  const before = actor.known.users.get(after.id);
  const [method, body] = request;
  const done = await write(actor, [method, `/Users/${after.id}`, body], async () => {
    const { status, body: now } = await actor.client.read(`/Users/${after.id}`);
    if (status === 200 && isSame(now, after)) return true;
    if (status !== 200 || before === undefined || !isSame(now, before))
      actor.known.fail(
        `${after.id} is ${status} ${JSON.stringify(now)}, neither before nor after ${JSON.stringify(body)}`,
      );
    return false;
  });
  if (done !== undefined) actor.known.users.set(after.id, after);
}

function aUser({ users, known, random }: Actor): SoakUser {
  const user = known.users.get(random.pick([...users]));
  if (user === undefined) throw new Error("an actor has lost a user");
  return user;
}

export function patch(...Operations: object[]): object {
  return { schemas: [patchUrn], Operations };
}

async function patchUser(actor: Actor): Promise<void> {
  const user = aUser(actor);
  const value = `v${actor.random.int(1_000_000)}`;
  const { title: _title, ...untitled } = user;
  const ways: (() => Promise<void>)[] = [
    () => change(actor, ["PATCH", patch({ op: "Replace", path: "title", value })], { ...user, title: value }),
    () => change(actor, ["PATCH", patch({ op: "replace", value: { title: value } })], { ...user, title: value }),
    () => change(actor, ["PATCH", patch({ op: "remove", path: "title" })], untitled),
    () =>
      change(actor, ["PATCH", patch({ op: "Add", path: `${enterprise}:department`, value })], {
        ...user,
        department: value,
      }),
    () =>
      change(
        actor,
        ["PATCH", patch({ op: "replace", path: 'emails[type eq "work"].value', value: `${value}@mail.example` })],
        {
          ...user,
          email: `${value}@mail.example`,
        },
      ),
  ];
  await actor.random.pick(ways)();
}

async function replaceUser(actor: Actor): Promise<void> {
  const after = { ...aUser(actor), title: `put ${actor.random.int(1000)}`, department: "PUT" };
  await change(actor, ["PUT", userBody(after)], after);
}

async function renameUser(actor: Actor): Promise<void> {
  const after = { ...aUser(actor), userName: `${newName(actor)}@soak.example` };
  await change(actor, ["PATCH", patch({ op: "replace", path: "userName", value: after.userName })], after);
}

async function switchActive(actor: Actor): Promise<void> {
  const user = aUser(actor);
  const value = user.active ? "False" : "True";
  const after = { ...user, active: !user.active };
  await change(actor, ["PATCH", patch({ op: "Replace", path: "active", value })], after);
}

async function deleteUser(actor: Actor): Promise<void> {
  const user = aUser(actor);
  const done = await write(actor, ["DELETE", `/Users/${user.id}`], async () => {
    const { status, body } = await actor.client.read(`/Users/${user.id}`);
    if (status === 200 && !isSame(body, user)) actor.known.fail(`${user.id} changed by a deletion that was lost`);
    return status === 404;
  });
  if (done === undefined) return;
  actor.users.delete(user.id);
  actor.known.deleteUser(user.id);
}

async function createTwice(actor: Actor): Promise<void> {
  const { userName } = aUser(actor);
  const answer = await actor.client.ask("POST", "/Users", { userName });
  if (answer !== undefined && answer.status !== 409)
    actor.known.fail(`a second ${userName} was answered ${answer.status}`);
}

async function readUser(actor: Actor): Promise<void> {
  const user = aUser(actor);
  const { status, body } = await actor.client.read(`/Users/${user.id}`);
  if (status !== 200 || !isSame(body, user))
    actor.known.fail(`${user.id} reads as ${status} ${JSON.stringify(body)}, not ${JSON.stringify(user)}`);
  for (const filter of [`userName eq "${user.userName}"`, `externalId eq "${user.externalId}"`]) {
    const found = await search(actor, filter);
    if (found !== user.id) actor.known.fail(`${filter} finds ${String(found)}, not ${user.id}`);
  }
}

/** The only one that fits; undefined when nobody does. */
async function search({ client, known }: Actor, filter: string, endpoint = "/Users"): Promise<string | undefined> {
  const { body } = await client.read(`${endpoint}?filter=${encodeURIComponent(filter)}`);
  const { totalResults, Resources: found } = body;
  if (typeof totalResults !== "number" || totalResults > 1)
    known.fail(`${filter} has ${JSON.stringify(totalResults)} results`);
  const [first] = isList(found) ? found : [];
  return isObject(first) && typeof first["id"] === "string" ? first["id"] : undefined;
}

async function page({ client, known, random }: Actor): Promise<void> {
  const count = 1 + random.int(50);
  const { status, body } = await client.read(`/Users?startIndex=${1 + random.int(100)}&count=${count}`);
  const { Resources: found = [] } = body;
  if (status !== 200 || !isList(found) || found.length > count) known.fail(`a page was answered ${status}`);
}

// ---------------------------------------------------------------- groups

async function createGroup(actor: Actor): Promise<void> {
  const displayName = `own ${newName(actor)}`;
  const members = some(actor);
  let found: string | undefined;
  const body = { schemas: [groupUrn], displayName, members: references(members) };
  const answer = await write(actor, ["POST", "/Groups", body], async () => {
    found = await search(actor, `displayName eq "${displayName}"`, "/Groups");
    return found !== undefined;
  });
  if (answer === undefined) return;
  const id = answer === "done" ? found : answer.body["id"];
  if (typeof id !== "string") return actor.known.fail(`${displayName} was created without an id`);
  actor.groups.add(id);
  actor.known.groups.set(id, { id, displayName });
  for (const member of members) actor.known.membersOf(id).add(member);
}

function some({ users, random }: Actor): string[] {
  const share = random.next();
  return [...users].filter(() => random.chance(share));
}

function references(ids: readonly string[]): object[] {
  return ids.map((value) => ({ value }));
}

function ownGroup({ groups, known, random }: Actor): SoakGroup {
  const group = known.groups.get(random.pick([...groups]));
  if (group === undefined) throw new Error("an actor has lost a group");
  return group;
}

/** Changes the members of a group that nobody else writes. */
async function changeMembers(
  actor: Actor,
  { id, displayName }: SoakGroup,
  request: readonly [string, object],
  after: ReadonlySet<string>,
): Promise<void> {
  const { known } = actor;
  const before = known.membersOf(id);
  const [method, body] = request;
  const done = await write(actor, [method, `/Groups/${id}`, body], async () => {
    const has = await membersRead(actor, id);
    if (isEqual(has, after)) return true;
    if (!isEqual(has, before))
      known.fail(`${displayName} has members neither of before nor after ${JSON.stringify(body)}`);
    return false;
  });
  if (done !== undefined) known.members.set(id, new Set(after));
}

async function replaceMembers(actor: Actor): Promise<void> {
  const group = ownGroup(actor);
  const all = some(actor);
  const whole = { schemas: [groupUrn], displayName: group.displayName, members: references(all) };
  const operation = { op: "replace", path: "members", value: references(all) };
  const request = actor.random.chance(0.5) ? (["PUT", whole] as const) : (["PATCH", patch(operation)] as const);
  await changeMembers(actor, group, request, new Set(all));
}

async function patchMembers(actor: Actor): Promise<void> {
  const group = ownGroup(actor);
  const [add, remove] = [some(actor), some(actor)];
  if (add.length + remove.length === 0) return;
  const after = new Set([...actor.known.membersOf(group.id), ...add]);
  for (const id of remove) after.delete(id);
  const operations = [
    ...(add.length > 0 ? [{ op: "Add", path: "members", value: references(add) }] : []),
    ...remove.map((id) => ({ op: "Remove", path: `members[value eq "${id}"]` })),
  ];
  await changeMembers(actor, group, ["PATCH", patch(...operations)], after);
}

/** One user into a group that others write at the same moment, or out of it. */
async function switchMembership(actor: Actor): Promise<void> {
  const { known, random, shared, client } = actor;
  const [user, { id }] = [aUser(actor), random.pick(shared)];
  const members = known.membersOf(id);
  const comes = !members.has(user.id);
  const operation = comes
    ? { op: "Add", path: "members", value: references([user.id]) }
    : { op: "Remove", path: "members", value: references([user.id]) };
  const done = await write(actor, ["PATCH", `/Groups/${id}`, patch(operation)], async () => {
    const filter = encodeURIComponent(`id eq "${id}" and members eq "${user.id}"`);
    const { body } = await client.read(`/Groups?filter=${filter}&excludedAttributes=members`);
    return (body["totalResults"] === 1) === comes;
  });
  if (done === undefined) return;
  if (comes) members.add(user.id);
  else members.delete(user.id);
}

async function renameGroup(actor: Actor): Promise<void> {
  const group = ownGroup(actor);
  const displayName = `own ${newName(actor)}`;
  const done = await write(
    actor,
    ["PATCH", `/Groups/${group.id}`, patch({ op: "replace", path: "displayName", value: displayName })],
    async () => {
      const { body } = await actor.client.read(`/Groups/${group.id}?excludedAttributes=members`);
      return body["displayName"] === displayName;
    },
  );
  if (done !== undefined) actor.known.groups.set(group.id, { ...group, displayName });
}

async function remakeGroup(actor: Actor): Promise<void> {
  const { id } = ownGroup(actor);
  const done = await write(actor, ["DELETE", `/Groups/${id}`], async () => {
    return (await actor.client.read(`/Groups/${id}?excludedAttributes=members`)).status === 404;
  });
  if (done === undefined) return;
  actor.groups.delete(id);
  actor.known.deleteGroup(id);
}

async function readGroup(actor: Actor): Promise<void> {
  const { id, displayName } = ownGroup(actor);
  const has = await membersRead(actor, id);
  if (!isEqual(has, actor.known.membersOf(id)))
    actor.known.fail(`${displayName} reads with ${has.size} members, not ${actor.known.membersOf(id).size}`);
}

/** Of a group that others write too, what this actor knows of its own users. */
async function readShared(actor: Actor): Promise<void> {
  const { id, displayName } = actor.random.pick(actor.shared);
  const members = actor.known.membersOf(id);
  const has = await membersRead(actor, id);
  for (const user of actor.users) {
    if (has.has(user) !== members.has(user))
      actor.known.fail(`${displayName} reads ${has.has(user) ? "with" : "without"} ${user}`);
  }
}

async function membersRead({ client, known }: Actor, id: string): Promise<Set<string>> {
  const { status, body } = await client.read(`/Groups/${id}`);
  if (status !== 200) known.fail(`Group ${id} reads as ${status}`);
  return new Set(idsIn(body));
}

function idsIn({ members }: JsonObject): string[] {
  return isList(members)
    ? members.flatMap((m) => (isObject(m) && typeof m["value"] === "string" ? [m["value"]] : []))
    : [];
}

function isEqual(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
