/**
 * Microsoft Entra ID without the compliance flag.
 *
 * Source: its pages "develop a SCIM endpoint" and "SCIM 2.0 protocol compliance": operations with a capital letter,
 * booleans as text, one member a PATCH, several PATCHes at once on one group.
 */
import type { Team } from "./company.ts";
import { type Dialect, filterBy, type Known, type MemberRequest } from "./dialect.ts";
import type { RequestKind } from "./tally.ts";
import { atFirst, enterpriseUrn, groupUrn, patchBody, userResource, userUrn } from "./user-resource.ts";

/** Entra sends it with every group, and no server knows it. */
const microsoftGroupUrn = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

export const entra: Dialect = {
  connection: [
    {
      kind: "test connection",
      about: "a user that cannot exist",
      method: "GET",
      path: "/Users",
      query: filterBy("userName", "00000000-0000-4000-8000-000000000000"),
    },
  ],
  // Which attribute is matched is a setting; some administrators choose externalId.
  searchUser: (person) => ({
    kind: "search user",
    about: person.userName,
    method: "GET",
    path: "/Users",
    query: person.n % 10 === 9 ? filterBy("externalId", person.externalId) : filterBy("userName", person.userName),
  }),
  createUser: (person) => ({
    kind: "create user",
    about: person.userName,
    method: "POST",
    path: "/Users",
    body: {
      schemas: [userUrn, enterpriseUrn],
      ...userResource(person, atFirst(person)),
      meta: { resourceType: "User" },
      roles: [],
    },
  }),
  async updateUser(client, id, person, now) {
    const operations = [
      { op: "Replace", path: "title", value: now.title },
      { op: "Replace", path: 'emails[type eq "work"].value', value: person.userName },
      { op: "Replace", path: "active", value: now.active ? "True" : "False" },
    ];
    const body = patchBody(operations);
    const answer = await client.send({
      kind: "update user",
      about: person.userName,
      method: "PATCH",
      path: `/Users/${id}`,
      body,
    });
    return answer !== undefined;
  },
  async setManager(client, id, person, { managerId }) {
    // Entra asks first whether the reference is there already.
    const query = { filter: `id eq "${id}" and manager eq "${managerId}"`, attributes: "id" };
    await client.send({ kind: "search user", about: person.userName, method: "GET", path: "/Users", query });
    const body = patchBody([{ op: "Add", path: `${enterpriseUrn}:manager`, value: managerId }]);
    const answer = await client.send({
      kind: "set manager",
      about: person.userName,
      method: "PATCH",
      path: `/Users/${id}`,
      body,
    });
    return answer !== undefined;
  },
  deactivate: (id, person) => ({
    kind: "deactivate user",
    about: person.userName,
    method: "PATCH",
    path: `/Users/${id}`,
    body: patchBody([{ op: "Replace", path: "active", value: "False" }]),
  }),
  searchGroup: (team) => ({
    kind: "search group",
    about: team.displayName,
    method: "GET",
    path: "/Groups",
    query: { excludedAttributes: "members", ...filterBy("displayName", team.displayName) },
  }),
  createGroup: (team) => ({
    kind: "create group",
    about: team.displayName,
    method: "POST",
    path: "/Groups",
    body: {
      schemas: [groupUrn, microsoftGroupUrn],
      externalId: team.externalId,
      displayName: team.displayName,
      meta: { resourceType: "Group" },
    },
  }),
  membersAtOnce: true,
  memberRequests: ({ id, team, joins, quits }) => [
    joins.map((member) => ({ ...one("add member", "Add", id, team, member), add: [member.id], remove: [] })),
    quits.map((member) => ({ ...one("remove member", "Remove", id, team, member), add: [], remove: [member.id] })),
  ],
};

function one(
  kind: RequestKind,
  op: "Add" | "Remove",
  id: string,
  team: Team,
  member: Known,
): Pick<MemberRequest, "request"> {
  const body = patchBody([{ op, path: "members", value: [{ $ref: null, value: member.id }] }]);
  return { request: { kind, about: team.displayName, method: "PATCH", path: `/Groups/${id}`, body } };
}
