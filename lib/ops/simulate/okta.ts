/**
 * Okta, as an integration from its catalogue (OIN).
 *
 * Source: Okta's SCIM 2.0 reference: a search with paging, PUT of the whole user, deactivation by a PATCH without path,
 * group push that sends name and id before each change of members, and "push now" that replaces them all.
 */
import type { JsonObject } from "../../scim/json.ts";
import type { Person, Team } from "./company.ts";
import { type Dialect, filterBy, type Known, type MemberRequest, type TeamState } from "./dialect.ts";
import type { ScimClient } from "./scim-client.ts";
import type { RequestKind } from "./tally.ts";
import { atFirst, enterpriseUrn, groupUrn, type Moment, patchBody, userResource, userUrn } from "./user-resource.ts";

const firstPage = { startIndex: "1", count: "100" };
/** Members that a group push adds in one request. */
const pushedAtOnce = 5;
/** One team in so many is pushed whole at the end. */
const pushNowEvery = 5;

export const okta: Dialect = {
  connection: [
    { kind: "test connection", about: "users", method: "GET", path: "/Users", query: { startIndex: "1", count: "2" } },
    { kind: "test connection", about: "groups", method: "GET", path: "/Groups", query: firstPage },
  ],
  searchUser: (person) => ({
    kind: "search user",
    about: person.userName,
    method: "GET",
    path: "/Users",
    query: { ...filterBy("userName", person.userName), ...firstPage },
  }),
  createUser: (person) => ({
    kind: "create user",
    about: person.userName,
    method: "POST",
    path: "/Users",
    body: {
      schemas: [userUrn, enterpriseUrn],
      ...userResource(person, atFirst(person)),
      // Okta always sends one; it must never be kept (D16).
      password: `never-kept-${person.externalId}`,
      groups: [],
    },
  }),
  updateUser: (client, id, person, now) => replaceUser(client, "update user", id, person, now),
  setManager: (client, id, person, now) => replaceUser(client, "set manager", id, person, now),
  deactivate: (id, person) => ({
    kind: "deactivate user",
    about: person.userName,
    method: "PATCH",
    path: `/Users/${id}`,
    body: patchBody([{ op: "replace", value: { active: false } }]),
  }),
  searchGroup: (team) => ({
    kind: "search group",
    about: team.displayName,
    method: "GET",
    path: "/Groups",
    query: { ...filterBy("displayName", team.displayName), ...firstPage, excludedAttributes: "members" },
  }),
  createGroup: (team) => ({
    kind: "create group",
    about: team.displayName,
    method: "POST",
    path: "/Groups",
    body: { schemas: [groupUrn], displayName: team.displayName, externalId: team.externalId, members: [] },
  }),
  membersAtOnce: false,
  memberRequests: (state) => [groupPush(state)],
};

/** GET, change, PUT whole. */
async function replaceUser(
  client: ScimClient,
  kind: RequestKind,
  id: string,
  person: Person,
  now: Moment,
): Promise<boolean> {
  const about = person.userName;
  const read = await client.send({ kind: "read user", about, method: "GET", path: `/Users/${id}` });
  if (read === undefined) return false;
  const body: JsonObject = { ...read.body, ...userResource(person, now) };
  return (await client.send({ kind, about, method: "PUT", path: `/Users/${id}`, body })) !== undefined;
}

function groupPush({ id, team, matched, joins, quits }: TeamState): MemberRequest[] {
  const left = new Set(quits.map((member) => member.id));
  const stay = joins.filter((member) => !left.has(member.id));
  const rename = patch("rename group", id, team, [{ op: "replace", value: { id, displayName: team.displayName } }]);
  const requests: MemberRequest[] = [{ ...rename, add: [], remove: [] }];
  if (matched) requests.push(pushNow(id, team, joins));
  else for (const some of slicesOf(joins, pushedAtOnce)) requests.push(join(id, team, some));
  for (const member of quits) {
    const operation = { op: "remove", path: `members[value eq "${member.id}"]` };
    requests.push({ ...patch("remove member", id, team, [operation]), add: [], remove: [member.id] });
  }
  if (team.n % pushNowEvery === 0) requests.push(pushNow(id, team, stay));
  return requests;
}

function join(id: string, team: Team, members: readonly Known[]): MemberRequest {
  const operation = { op: "add", path: "members", value: members.map(reference) };
  return { ...patch("change members", id, team, [operation]), add: members.map((member) => member.id), remove: [] };
}

function pushNow(id: string, team: Team, members: readonly Known[]): MemberRequest {
  const operation = { op: "replace", path: "members", value: members.map(reference) };
  return {
    ...patch("replace members", id, team, [operation]),
    all: members.map((member) => member.id),
    add: [],
    remove: [],
  };
}

function reference(member: Known): JsonObject {
  return { value: member.id, display: member.userName };
}

function patch(
  kind: RequestKind,
  id: string,
  team: Team,
  operations: readonly JsonObject[],
): Pick<MemberRequest, "request"> {
  return {
    request: { kind, about: team.displayName, method: "PATCH", path: `/Groups/${id}`, body: patchBody(operations) },
  };
}

function slicesOf<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}
