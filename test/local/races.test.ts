import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json } from "../../lib/scim/json.ts";
import { groupSchema, idOf, inTurns, patch, startServer, type TestServer, user } from "./served.ts";

describe("many requests at once", () => {
  let server: TestServer;
  let groupId: string;
  let userIds: string[];

  beforeAll(async () => {
    server = await startServer();
    const names = Array.from({ length: 50 }, (_, n) => `member${n}@example.com`);
    userIds = await inTurns(names, 10, async (name) => idOf(await server.ask("POST", "/Users", user(name))));
    groupId = idOf(await server.ask("POST", "/Groups", { schemas: [groupSchema], displayName: "Everybody" }));
  });
  afterAll(async () => await server.close());

  test("fifty creates of one userName: one is created, the others are told that it is taken (R15)", async () => {
    const spellings = Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? "same@example.com" : "SAME@Example.com"));
    const answers = await Promise.all(spellings.map((name) => server.ask("POST", "/Users", user(name))));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 201: 1, 409: 49 });
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ scimType: "uniqueness", status: "409" });
    const found = await server.ask("GET", `/Users?filter=${encodeURIComponent('userName eq "same@example.com"')}`);
    expect(found.body["totalResults"]).toBe(1);
  });

  test("fifty adds of one member each: all are members (R83)", async () => {
    const answers = await Promise.all(
      userIds.map((id) =>
        server.ask("PATCH", `/Groups/${groupId}`, patch({ op: "add", path: "members", value: [{ value: id }] })),
      ),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 204: 50 });
    expect(await members()).toEqual(userIds.toSorted());
  });

  test("fifty removes of one member each: none is left (R83)", async () => {
    const answers = await Promise.all(
      userIds.map((id) =>
        server.ask("PATCH", `/Groups/${groupId}`, patch({ op: "remove", path: `members[value eq "${id}"]` })),
      ),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 204: 50 });
    expect(await members()).toEqual([]);
  });

  test("eight PATCHes of eight attributes of one user: all have taken effect (R83)", async () => {
    const id = idOf(await server.ask("POST", "/Users", user("eight@example.com")));
    const wanted = {
      displayName: "Eight",
      nickName: "Ate",
      title: "Counter",
      userType: "Number",
      preferredLanguage: "en",
      locale: "en-GB",
      timezone: "Europe/London",
      profileUrl: "https://example.com/eight",
    };
    const answers = await Promise.all(
      Object.entries(wanted).map(([path, value]) =>
        server.ask("PATCH", `/Users/${id}`, patch({ op: "replace", path, value })),
      ),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 8 });
    expect((await server.ask("GET", `/Users/${id}`)).body).toMatchObject(wanted);
  });

  async function members(): Promise<Json[]> {
    const { body } = await server.ask("GET", `/Groups/${groupId}`);
    const listed = Array.isArray(body["members"]) ? body["members"] : [];
    return listed.map((member: { value: string }) => member.value).toSorted();
  }
});

function tally(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
