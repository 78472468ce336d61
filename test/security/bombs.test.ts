/**
 * Small requests that are meant to cost much. Counted, not timed: what a filter, a PATCH or a projection makes us read is
 * bounded by what there is, and never by how it is written. test/handlers/linear-time.test.ts looks at the clock.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { limits } from "../../lib/scim/limits.ts";
import { type Harness, harness, textOf } from "../handlers/harness.ts";
import { groupSchema, patch, user } from "../local/served.ts";
import { countAgain, counting, nothingCounted } from "./counted-table.ts";

const users = "/scim/v2/Users";
const people = 20;
const teams = 10;

const counted = nothingCounted();
let api: Harness;
let ada: string;
const userIds: string[] = [];
beforeAll(async () => {
  api = await harness({ change: counting(counted) });
  const values = times(limits.valuesPerLookup, (n) => ({ value: `m${n}@example.com`, type: "work" }));
  const roles = times(300, (n) => ({ value: `role${n}`, display: `Role ${n}` }));
  for (let n = 0; n < people; n += 1) {
    const body = user(`person${n}@example.com`, { emails: values, roles });
    userIds.push(textOf((await api.ask("POST", users, { body })).body["id"]));
  }
  ada = `${users}/${userIds[0]}`;
  const members = userIds.map((value) => ({ value }));
  for (let n = 0; n < teams; n += 1)
    await api.ask("POST", "/scim/v2/Groups", { body: { schemas: [groupSchema], displayName: `Team ${n}`, members } });
});
afterAll(() => api.close());
beforeEach(() => countAgain(counted));

const times = <T>(n: number, make: (n: number) => T): T[] => Array.from({ length: n }, (_, at) => make(at));
/** As many terms as a filter may have characters. */
const filled = (term: (n: number) => string, between: string) => {
  let text = term(0);
  for (let n = 1; text.length + between.length + term(n).length < limits.filterCharacters; n += 1)
    text += between + term(n);
  return text;
};
const search = (path: string, filter: string) => api.ask("POST", `${path}/.search`, { body: { filter, count: 1_000 } });

describe("a filter of eight thousand characters", () => {
  const tooMuchForAScan = 1_000;

  test.each([
    ["equalities with or", filled((n) => `userName eq "x${n}"`, " or ")],
    ["equalities with and", filled((n) => `userName eq "person${n}@example.com"`, " and ")],
    ["looked-up values with or", filled((n) => `emails.value eq "m${n % 20}@example.com"`, " or ")],
    ["comparisons of every value", filled((n) => `roles.value co "${n}"`, " and ")],
    ["value paths", filled((n) => `roles[value eq "role${n}" and display co "x"]`, " or ")],
    ["ids", filled((n) => `id eq "${n}"`, " or ")],
    ["negations", filled(() => "not (active pr)", " and ")],
    [
      "brackets within brackets",
      `${"(".repeat(30)}${filled(() => "title pr", " or ").slice(0, 7_999)}${")".repeat(30)}`,
    ],
  ])("%s: reads no more than there is", async (_, filter) => {
    const { status } = await search(users, filter);
    expect([200, 400]).toContain(status);
    expect(counted.reads).toBeLessThan(people + 60);
    expect(counted.writes).toBeLessThan(5);
  });

  test.each([
    ["members by or", filled((n) => `members eq "${userIds[n % people] ?? n}"`, " or ")],
    ["members that there are not", filled((n) => `members.value eq "nobody${n}"`, " or ")],
    ["members by value path", filled((n) => `members[value eq "nobody${n}"]`, " and ")],
    ["members by what they are called", filled((n) => `members.display co "${n}"`, " or ")],
    ["one member and a name", filled((n) => `displayName co "${n}" and members eq "nobody"`, " or ")],
  ])("of %s: not each group for each term", async (_, filter) => {
    const { status } = await search("/scim/v2/Groups", filter);
    expect([200, 400]).toContain(status);
    expect(counted.reads).toBeLessThan(tooMuchForAScan);
  });

  test("that is one character longer is refused before anything is read but the token", async () => {
    const { status, body } = await search(users, `title eq "${"x".repeat(limits.filterCharacters)}"`);
    expect([status, body["scimType"], counted.reads]).toEqual([400, "invalidFilter", 1]);
  });
});

describe("a filter of any depth", () => {
  const deep = 2_000;
  test.each([
    ["brackets", `${"(".repeat(deep)}title pr${")".repeat(deep)}`],
    ["negations", `${"not (".repeat(deep)}title pr${")".repeat(deep)}`],
    ["value paths", `${"emails[".repeat(deep)}value pr${"]".repeat(deep)}`],
    ["brackets that nobody closes", "(".repeat(8_000)],
  ])("of %s is refused in words of ours: no stack runs out", async (_, filter) => {
    expect(await search(users, filter.slice(0, limits.filterCharacters))).toMatchObject({
      status: 400,
      body: { scimType: "invalidFilter" },
    });
  });
});

describe("a PATCH", () => {
  test("whose every operation looks at every value is refused before it is done", async () => {
    const path = `roles[${times(45, () => 'value eq "x"').join(" or ")}].display`;
    const body = patch(...times(1_000, () => ({ op: "remove", path })));
    const answer = await api.ask("PATCH", ada, { body });
    expect(answer).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
    expect(counted.items.has(`User#${ada.slice(users.length + 1, users.length + 2)} ${userIds[0]}`)).toBe(false);
  });

  test("that would grow a resource without end is refused, and the resource stays as it was", async () => {
    const before = (await api.ask("GET", ada)).text;
    const operations = times(900, (n) => ({ op: "add", path: "photos", value: [{ value: `${n}${"x".repeat(400)}` }] }));
    const answer = await api.ask("PATCH", ada, { body: patch(...operations) });
    expect(answer.status).toBe(413);
    expect((await api.ask("GET", ada)).text).toBe(before);
  });

  test("of a thousand members that there are not reads each once", async () => {
    const { body: made } = await api.ask("POST", "/scim/v2/Groups", {
      body: { schemas: [groupSchema], displayName: "Bomb" },
    });
    countAgain(counted);
    const value = times(1_000, () => ({ value: crypto.randomUUID() }));
    const operations = times(1, () => ({ op: "add", path: "members", value }));
    const answer = await api.ask("PATCH", `/scim/v2/Groups/${textOf(made["id"])}`, { body: patch(...operations) });
    expect(answer.status).toBe(400);
    // A member without a type is looked for as a user and then as a group.
    expect(counted.reads).toBeLessThan(2_100);
  });
});

describe("a projection", () => {
  test.each([
    ["of more names than there may be", times(limits.projectedNames + 1, (n) => `n${n}`), 400],
    ["of the same name again and again", times(limits.projectedNames, () => "userName"), 200],
    ["of names that nobody has", times(limits.projectedNames, (n) => `x${n}.y.z`), 200],
    ["of names of a megabyte", ["x".repeat(1_000_000)], 200],
  ])("%s", async (_, attributes, status) => {
    const answer = await api.ask("POST", `${users}/.search`, { body: { attributes, count: 5 } });
    expect([200, 400]).toContain(answer.status);
    expect([status, answer.text.length < 20_000]).toEqual([answer.status, true]);
  });
});
