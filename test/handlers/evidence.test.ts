import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readStranger } from "../../lib/provisioning/contact.ts";
import { type Table, TableError, type Write } from "../../lib/provisioning/ports.ts";
import { readRefusals, readSightings } from "../../lib/provisioning/sighting.ts";
import { readToken, revoke } from "../../lib/provisioning/token.ts";
import { readTraffic, sumOf } from "../../lib/provisioning/traffic.ts";
import { newToken, tokenId } from "../../lib/token.ts";
import { type Harness, harness, textOf } from "./harness.ts";

let api: Harness;
let writes: Write[];
let broken: boolean;
let failing: Error | undefined;
beforeEach(async () => {
  writes = [];
  broken = false;
  failing = undefined;
  api = await harness({ change: (p) => ({ ...p, table: watched(p.table) }) });
});
afterEach(() => api.close());

/** Tells of each write that stands alone, and fails it when one is to fail; and every read of a head when it is broken. */
function watched(table: Table): Table {
  return {
    ...table,
    get: async (key) => {
      if (broken && key.pk.startsWith("User#")) throw new TableError("lost", "no answer");
      return await table.get(key);
    },
    write: async (write) => {
      writes.push(write);
      if (failing !== undefined) throw failing;
      await table.write(write);
    },
  };
}

const sightings = async (name: string) => {
  const { table, clock } = api.provisioning;
  return await readSightings(table, name, { now: clock.now(), keepDays: 30, most: 10 });
};
const token = async () => {
  const found = await readToken(api.provisioning.table, tokenId(api.token) ?? "");
  if (found === undefined) throw new Error("no token");
  return found;
};
const search = async (filter: string) =>
  await api.ask("GET", `/scim/v2/Users?filter=${encodeURIComponent(filter)}`, {
    headers: { "user-agent": "Okta SCIM Client 1.0.0" },
  });
const create = async (body: object) => textOf((await api.ask("POST", "/scim/v2/Users", { body })).body["id"]);
const patch = async (id: string, value: object) =>
  await api.ask("PATCH", `/scim/v2/Users/${id}`, {
    body: { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [{ op: "replace", value }] },
  });

describe("sightings", () => {
  test("a search that finds nobody is seen under the name that was asked for, in any letter case", async () => {
    await search('userName eq "Ann@Example.com"');
    expect(await sightings("ann@example.com")).toMatchObject([
      { kind: "lookedUp", type: "User", attribute: "userName", dialect: "okta", tokenId: tokenId(api.token) },
    ]);
  });

  test.each([
    ["somebody who is there", 'userName eq "ada@example.com"'],
    ["no name, but a word", 'title eq "boss"'],
  ])("a search for %s leaves none", async (_, filter) => {
    await create({ userName: "ada@example.com" });
    writes.length = 0;
    await search(filter);
    expect(writes.filter(({ key }) => key.pk.startsWith("Sighting#"))).toEqual([]);
  });

  test("a refused create is seen under userName, externalId and e-mail, with the text that was sent", async () => {
    const body = {
      userName: "bob@example.com",
      externalId: "b-1",
      active: "maybe",
      emails: [{ value: "bob@mail.example" }],
    };
    const answer = await api.ask("POST", "/scim/v2/Users", { body });
    expect(answer.status).toBe(400);
    for (const name of ["bob@example.com", "b-1", "bob@mail.example"]) {
      expect(await sightings(name)).toMatchObject([
        {
          kind: "refused",
          status: 400,
          scimType: "invalidValue",
          detail: answer.body["detail"],
          operation: "POST /Users",
        },
      ]);
    }
    const { table, clock } = api.provisioning;
    expect(await readRefusals(table, { since: clock.now() - 1, most: 5 })).toMatchObject([
      { name: "bob@example.com", status: 400 },
    ]);
  });

  test("a refused PATCH is seen under the id", async () => {
    const id = await create({ userName: "cleo@example.com" });
    await patch(id, { active: "maybe" });
    expect(await sightings(id)).toMatchObject([{ kind: "refused", id, operation: "PATCH /Users/{id}" }]);
  });

  test("what was left out of a write that changes nothing is seen under the id; what else changes is in the log", async () => {
    const id = await create({ userName: "cleo@example.com" });
    await patch(id, { title: "Boss", favouriteColour: "blue" });
    expect(await sightings(id)).toEqual([]);
    const wrongUrn = { "urn:example:other": { department: "Sales", costCenter: "1" } };
    await patch(id, { title: "Boss", ...wrongUrn, groups: [{ value: "x" }] });
    expect(await sightings(id)).toMatchObject([
      { kind: "ignored", id, detail: "urn:example:other:department, urn:example:other:costCenter" },
    ]);
  });

  test("a userName that is the e-mail address, too, is one name", async () => {
    const name = "dora@example.com";
    await api.ask("POST", "/scim/v2/Users", { body: { userName: name, active: "maybe", emails: [{ value: name }] } });
    expect(await sightings(name)).toMatchObject([{ kind: "refused", attribute: "userName" }]);
  });

  test("a fault is seen, although the handler failed", async () => {
    broken = true;
    await api.ask("POST", "/scim/v2/Users", { body: { userName: "dan@example.com" } });
    broken = false;
    expect(await sightings("dan@example.com")).toMatchObject([{ kind: "fault", status: 503 }]);
  });

  test.each([
    ["a rename", async (id: string) => void (await patch(id, { userName: "new@example.com" }))],
    ["a deletion", async (id: string) => void (await api.ask("DELETE", `/scim/v2/Users/${id}`))],
  ])("after %s the old name leads to who had it", async (_, leave) => {
    const id = await create({ userName: "old@example.com" });
    await leave(id);
    expect(await sightings("old@example.com")).toMatchObject([{ kind: "released", attribute: "userName", id }]);
  });

  test("each operation of a bulk request is seen by itself", async () => {
    const post = (userName: string, more = {}) => ({
      method: "POST",
      path: "/Users",
      bulkId: userName,
      data: { userName, ...more },
    });
    await api.ask("POST", "/scim/v2/Bulk", {
      body: {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        Operations: [post("ok@example.com"), post("bad@example.com", { active: "maybe" })],
      },
    });
    expect(await sightings("ok@example.com")).toEqual([]);
    expect(await sightings("bad@example.com")).toMatchObject([{ kind: "refused", operation: "POST /Bulk /Users" }]);
  });

  test("an operation that cannot be read is refused as one that can", async () => {
    const { table } = api.provisioning;
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
    await api.ask("POST", "/scim/v2/Bulk", { body: { schemas, Operations: [{ method: "PUT", path: "/Nobody/1" }] } });
    expect(await readRefusals(table, { since: 0, most: 5 })).toMatchObject([{ operation: "POST /Bulk", status: 400 }]);
    expect(sumOf(await readTraffic(table, 0)).refused).toBe(1);
    expect(api.told.counts).toEqual([["Refused", 1]]);
  });

  test("one that the table does not take is counted, and no reason to refuse anything", async () => {
    failing = new TableError("throttled", "full");
    expect((await search('userName eq "ann@example.com"')).status).toBe(200);
    failing = undefined;
    await api.provisioning.clock.sleep(60_000);
    await search('userName eq "ann@example.com"');
    expect(sumOf(await readTraffic(api.provisioning.table, 0)).dropped).toBe(1);
  });

  test("no fault of ours that keeps them from being noted turns an answer into another", async () => {
    failing = new Error("no right to write");
    const body = { userName: "ada@example.com" };
    expect((await api.ask("POST", "/scim/v2/Users", { body })).status).toBe(201);
    expect((await api.ask("POST", "/scim/v2/Users", { body })).status).toBe(409);
    expect(api.told.lines.find(({ level }) => level === "error")).toMatchObject({
      message: "answered, but no evidence was left",
      error: "Error",
    });
  });

  test("none is older than the tenant keeps them, although the table still has it (trap 9)", async () => {
    await search('userName eq "ann@example.com"');
    await api.provisioning.clock.sleep(31 * 86_400_000);
    expect(await sightings("ann@example.com")).toEqual([]);
  });

  test("there is a cap of them a minute, and what was dropped is counted", async () => {
    // Each operation is refused, and noted under two names, under which nobody asks, and in the list of refusals.
    const refused = (n: number) => ({
      method: "POST",
      path: "/Users",
      bulkId: `b${n}`,
      data: { userName: `u${n}`, externalId: `x${n}`, active: "maybe" },
    });
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
    const Operations = Array.from({ length: 1_000 }, (_, n) => refused(n));
    for (let n = 0; n < 5; n += 1) await api.ask("POST", "/scim/v2/Bulk", { body: { schemas, Operations } });
    expect(writes.filter(({ key }) => /^Sighting#|^Refused$/.test(key.pk))).toHaveLength(12_000);
    writes.length = 0;
    await api.ask("POST", "/scim/v2/Users", { body: {} });
    expect(writes).toEqual([]);
    await api.provisioning.clock.sleep(60_000);
    await search('userName eq "later"');
    expect(await sightings("later")).toHaveLength(1);
    expect(sumOf(await readTraffic(api.provisioning.table, 0)).dropped).toBe(3_001);
  });
});

describe("contact", () => {
  test("a create that succeeds writes nothing beside its transaction, but once a minute", async () => {
    await create({ userName: "one@example.com" });
    writes.length = 0;
    await create({ userName: "two@example.com" });
    expect(writes).toEqual([]);
    await api.provisioning.clock.sleep(60_000);
    await create({ userName: "three@example.com" });
    expect(new Set(writes.map(({ key }) => key.sk.split("#")[0]))).toEqual(new Set(["Token", "Traffic"]));
  });

  test("each kind has its time, and each first is noted once", async () => {
    const { clock } = api.provisioning;
    const begun = clock.now();
    await search('userName eq "nobody"');
    const id = await create({ userName: "one@example.com" });
    await patch(id, { title: "boss" });
    await patch(id, { active: "maybe" });
    await patch(id, { active: false });
    await api.ask("POST", "/scim/v2/Groups", { body: { displayName: "Sales" } });
    expect(await token()).toMatchObject({
      idp: "okta",
      readAt: begun,
      writeAt: begun,
      refusedAt: begun,
      firsts: { read: begun, user: begun, update: begun, deactivation: begun, group: begun },
    });
  });

  test("calls after a pause of ten minutes begin a cycle; the latest twelve are kept", async () => {
    const { clock } = api.provisioning;
    for (let n = 0; n < 14; n += 1) {
      await clock.sleep(40 * 60_000);
      await search('userName eq "nobody"');
    }
    const { cycles } = await token();
    expect(cycles).toHaveLength(12);
    expect(new Set(cycles.slice(1).map((at, n) => at - (cycles[n] ?? 0)))).toEqual(new Set([40 * 60_000]));
  });

  test("what came is counted by the hour", async () => {
    await search('userName eq "nobody"');
    await create({ userName: "one@example.com" });
    await api.ask("POST", "/scim/v2/Users", { body: {} });
    const [hour] = await readTraffic(api.provisioning.table, 0);
    expect(hour).toMatchObject({ reads: 1, misses: 1, writes: 1, refused: 1, faults: 0 });
  });
});

test("a short cycle is counted, although the function is ended before the minute is over", async () => {
  for (let n = 0; n < 60; n += 1) await create({ userName: `u${n}@example.com` });
  expect(sumOf(await readTraffic(api.provisioning.table, 0)).writes).toBeGreaterThan(60 - 25);
  expect(writes.filter(({ key }) => key.sk.startsWith("Traffic#")).length).toBeLessThanOrEqual(3);
});

describe("whoever is not let in", () => {
  const ask = async (text: string | undefined) =>
    await api.ask("GET", "/scim/v2/Users", {
      headers: { authorization: text === undefined ? undefined : `Bearer ${text}` },
    });

  test("a revoked token is known by its contact, a minute apart", async () => {
    const { table, clock } = api.provisioning;
    await revoke(table, tokenId(api.token) ?? "", clock.now());
    await ask(api.token);
    await ask(api.token);
    expect(await token()).toMatchObject({ rejectedAt: clock.now(), rejectedWhy: "revoked" });
    expect(writes.filter(({ key }) => key.sk.startsWith("Token#"))).toHaveLength(2);
  });

  test("a wrong secret is told from an unknown token, and an attack leaves one item", async () => {
    const { table, clock } = api.provisioning;
    await ask(newToken(tokenId(api.token)).text);
    expect(await token()).toMatchObject({ rejectedWhy: "wrongSecret" });
    writes.length = 0;
    const first = newToken();
    for (const text of [first.text, newToken().text, undefined]) await ask(text);
    expect(writes).toHaveLength(1);
    expect(await readStranger(table)).toMatchObject({ at: clock.now(), why: "unknown", tokenId: first.id });
  });
});
