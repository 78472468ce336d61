/** Schemas and resource types of the tenant's own, as an identity provider and the application meet them. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { show } from "../../lib/ops/show.ts";
import { apply } from "../../lib/provisioning/apply.ts";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { readSightings } from "../../lib/provisioning/sighting.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { groupSchema, patch, user } from "../local/served.ts";
import { badgeSchema, customTenantFile, deviceSchema, warrantySchema } from "../provisioning/custom-tenant.ts";
import { type Harness, harness, textOf } from "./harness.ts";

const base = "/scim/v2";
const tenant = readTenantFile("acme", customTenantFile());
const filtered = (list: string, filter: string) => `${base}${list}?filter=${encodeURIComponent(filter)}`;

let api: Harness;
beforeEach(async () => {
  api = await harness({ change: (p) => ({ ...p, tenant }) });
});
afterEach(() => api.close());

async function create(list: string, body: object): Promise<string> {
  const answer = await api.ask("POST", `${base}${list}`, { body });
  expect(answer).toMatchObject({ status: 201 });
  return textOf(answer.body["id"]);
}

async function applied(type: string, id: string): Promise<ReturnType<typeof readEntry>> {
  await apply({ ...api.provisioning, workerId: "test" }, "changes", { type, id, version: 1 });
  return await readEntry(api.provisioning.table, type, id);
}

async function found(list: string, filter: string): Promise<unknown[]> {
  const { body } = await api.ask("GET", filtered(list, filter));
  const resources = body["Resources"];
  return Array.isArray(resources) ? resources.map((one: JsonObject) => one["id"]) : [];
}

const device = (serialNumber: string, more: JsonObject = {}): JsonObject => ({
  schemas: [deviceSchema],
  serialNumber,
  ...more,
});

describe("a resource type of the tenant's own (RFC 7643 section 6)", () => {
  test("is created, read, replaced, patched and deleted like a user (R12, R23, R61, R66, R84)", async () => {
    const made = await api.ask("POST", `${base}/Devices`, {
      body: device("SN-1", { ports: [{ name: "eth0", speed: 10 }], colour: "red" }),
    });
    const id = textOf(made.body["id"]);
    expect(made).toMatchObject({
      status: 201,
      headers: { location: expect.stringMatching(new RegExp(`${base}/Devices/${id}$`)) },
      body: { schemas: [deviceSchema], serialNumber: "SN-1", meta: { resourceType: "Device", version: 'W/"1"' } },
    });
    expect(made.body).not.toHaveProperty("colour");
    const at = `${base}/devices/${id}`;
    expect(await api.ask("GET", at)).toMatchObject({ status: 200, body: { id, ports: [{ name: "eth0", speed: 10 }] } });
    const port = { op: "replace", path: 'ports[name eq "eth0"].speed', value: 100 };
    expect(await api.ask("PATCH", at, { body: patch(port) })).toMatchObject({
      status: 200,
      body: { ports: [{ name: "eth0", speed: 100 }] },
    });
    const replaced = await api.ask("PUT", at, { body: device("SN-2") });
    expect(replaced).toMatchObject({ status: 200, body: { serialNumber: "SN-2" } });
    expect(replaced.body).not.toHaveProperty("ports");
    expect((await api.ask("DELETE", at)).status).toBe(204);
    expect((await api.ask("GET", at)).status).toBe(404);
  });

  test("is applied: the profile of its entry is the resource, and a deletion removes it", async () => {
    const id = await create("/Devices", device("SN-1", { [warrantySchema]: { until: "2027-01-01T00:00:00Z" } }));
    expect(await applied("Device", id)).toMatchObject({
      state: "active",
      version: 1,
      profile: { serialNumber: "SN-1", [warrantySchema]: { until: "2027-01-01T00:00:00Z" } },
    });
    const off = patch({ op: "replace", path: "active", value: "False" });
    expect((await api.ask("PATCH", `${base}/Devices/${id}`, { body: off })).status).toBe(200);
    expect(await applied("Device", id)).toMatchObject({ state: "suspended", version: 2 });
    await api.ask("DELETE", `${base}/Devices/${id}`);
    expect(await applied("Device", id)).toMatchObject({ state: "removed", version: 3, profile: {} });
  });

  test("needs what its schema requires, and takes only its types (R62, R79)", async () => {
    const none = await api.ask("POST", `${base}/Devices`, { body: { schemas: [deviceSchema] } });
    expect(none).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
    expect(none.body["detail"]).toContain("serialNumber");
    const wrong = await api.ask("POST", `${base}/Devices`, { body: device("SN-1", { ports: [{ speed: "fast" }] }) });
    expect(wrong).toMatchObject({ status: 400, body: { scimType: "invalidValue" } });
  });

  test("keeps a unique value to one resource at a time, in any case (R15, R84)", async () => {
    const id = await create("/Devices", device("SN-1"));
    const second = await api.ask("POST", `${base}/Devices`, { body: device("sn-1") });
    expect(second).toMatchObject({ status: 409, body: { scimType: "uniqueness" } });
    expect(second.body["detail"]).toContain(`"serialNumber" is already used by Device "${id}"`);
    await api.ask("DELETE", `${base}/Devices/${id}`);
    expect(await create("/Devices", device("SN-1"))).not.toBe(id);
  });

  test("is listed, counted, searched and found by lookup, apart from users (R29, R45, R47)", async () => {
    const first = await create(
      "/Devices",
      device("SN-1", { externalId: "d1", owner: { value: "x", label: "Desk 7" } }),
    );
    await create("/Devices", device("SN-2"));
    await create("/Users", user("ada@example.com"));
    expect((await api.ask("GET", `${base}/Devices?count=1`)).body).toMatchObject({ totalResults: 2, itemsPerPage: 1 });
    expect(await found("/Devices", 'serialNumber eq "sn-1"')).toEqual([first]);
    expect(await found("/Devices", 'externalId eq "d1"')).toEqual([first]);
    expect(await found("/Devices", 'owner.label eq "DESK 7"')).toEqual([first]);
    expect(await found("/Devices", 'serialNumber co "1"')).toEqual([first]);
    const body = { schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], filter: 'serialNumber ew "-1"' };
    expect((await api.ask("POST", `${base}/Devices/.search`, { body })).body).toMatchObject({ totalResults: 1 });
  });

  test("is no member of a group: members are users and groups (D8)", async () => {
    const id = await create("/Devices", device("SN-1"));
    const body = { schemas: [groupSchema], displayName: "Staff", members: [{ value: id }] };
    expect(await api.ask("POST", `${base}/Groups`, { body })).toMatchObject({ status: 400 });
  });

  test("keeps an immutable value, in an extension as well (R59)", async () => {
    const id = await create("/Devices", device("SN-1", { model: "X", [warrantySchema]: { contract: "C1" } }));
    const put = async (more: JsonObject) =>
      await api.ask("PUT", `${base}/Devices/${id}`, { body: device("SN-1", more) });
    expect(await put({ model: "Y" })).toMatchObject({ status: 400, body: { scimType: "mutability" } });
    expect(await put({ [warrantySchema]: { contract: "C2" } })).toMatchObject({
      status: 400,
      body: { scimType: "mutability", detail: expect.stringContaining(`${warrantySchema}:contract`) },
    });
    const whole = patch({ op: "remove", path: warrantySchema });
    expect(await api.ask("PATCH", `${base}/Devices/${id}`, { body: whole })).toMatchObject({
      status: 400,
      body: { scimType: "mutability" },
    });
    expect(await put({})).toMatchObject({ status: 200, body: { model: "X", [warrantySchema]: { contract: "C1" } } });
  });

  test("is shown to the operator by its unique value, without groups", async () => {
    const id = await create("/Devices", device("SN-1"));
    const [shown] = await show(api.provisioning, "sn-1", 10);
    expect(shown).toMatchObject({ type: "Device", id, foundBy: "serialNumber" });
    expect(shown).not.toHaveProperty("groups");
  });
});

describe("an extension of the tenant's own (RFC 7643 section 3.3)", () => {
  test("arrives with and without its URN in schemas, and is listed there (R112, R81)", async () => {
    const answer = await api.ask("POST", `${base}/Users`, {
      body: user("ada@example.com", { [badgeSchema]: { number: "B-7" } }),
    });
    expect(answer).toMatchObject({ status: 201, body: { [badgeSchema]: { number: "B-7" } } });
    expect(answer.body["schemas"]).toContain(badgeSchema);
  });

  test("is patched by a path with its URN, which holds dots (R40, R82)", async () => {
    const id = await create("/Users", user("ada@example.com"));
    const at = `${base}/Users/${id}`;
    const add = patch({ op: "Add", path: `${badgeSchema}:number`, value: "B-8" });
    expect(await api.ask("PATCH", at, { body: add })).toMatchObject({
      status: 200,
      body: { [badgeSchema]: { number: "B-8" } },
    });
    expect((await api.ask("GET", at)).body["schemas"]).toContain(badgeSchema);
    const remove = patch({ op: "remove", path: badgeSchema });
    const { body } = await api.ask("PATCH", at, { body: remove });
    expect(body).not.toHaveProperty([badgeSchema]);
    expect(body["schemas"]).not.toContain(badgeSchema);
  });

  test("is found by filters with and without the URN (R113, D14)", async () => {
    const id = await create("/Users", user("ada@example.com", { [badgeSchema]: { number: "B-7", floor: "three" } }));
    await create("/Users", user("bob@example.com", { [badgeSchema]: { number: "B-9" } }));
    expect(await found("/Users", `${badgeSchema}:number eq "b-7"`)).toEqual([id]);
    expect(await found("/Users", `${badgeSchema}:floor eq "Three"`)).toEqual([id]);
    expect(await found("/Users", 'floor sw "thr"')).toEqual([id]);
  });

  test("has unique values, named by their URN in the refusal (R15)", async () => {
    const id = await create("/Users", user("ada@example.com", { [badgeSchema]: { number: "B-7" } }));
    const body = user("bob@example.com", { [badgeSchema]: { number: "b-7" } });
    const refused = await api.ask("POST", `${base}/Users`, { body });
    expect(refused).toMatchObject({ status: 409, body: { scimType: "uniqueness" } });
    expect(refused.body["detail"]).toContain(`"${badgeSchema}:number" is already used by User "${id}"`);
    const free = patch({ op: "remove", path: `${badgeSchema}:number` });
    expect((await api.ask("PATCH", `${base}/Users/${id}`, { body: free })).status).toBe(200);
    await create("/Users", body);
  });

  test("may have the text of another unique attribute, and whoever has both can be deleted", async () => {
    const id = await create("/Users", user("7", { [badgeSchema]: { number: "7" } }));
    expect((await api.ask("DELETE", `${base}/Users/${id}`)).status).toBe(204);
    const { table, clock } = api.provisioning;
    const seen = await readSightings(table, "7", { now: clock.now(), keepDays: 30, most: 10 });
    expect(seen).toMatchObject([{ kind: "released", attribute: "userName", id }]);
  });

  test("is a source of the mapping", async () => {
    const id = await create("/Users", user("ada@example.com", { [badgeSchema]: { number: "B-7" } }));
    expect(await applied("User", id)).toMatchObject({ profile: { badge: "B-7" } });
  });

  test("gives users another attribute to be found by, `lookups`", async () => {
    const id = await create("/Users", user("ada@example.com", { nickName: "Countess" }));
    expect(await found("/Users", 'nickName eq "countess"')).toEqual([id]);
  });
});

describe("discovery (R2, R7, R113)", () => {
  test("/ResourceTypes has the type and who is extended by what", async () => {
    expect((await api.ask("GET", `${base}/ResourceTypes/Device`)).body).toMatchObject({
      endpoint: "/Devices",
      schema: deviceSchema,
      schemaExtensions: [{ schema: warrantySchema, required: false }],
    });
    const { body } = await api.ask("GET", `${base}/ResourceTypes/User`);
    expect(body["schemaExtensions"]).toContainEqual({ schema: badgeSchema, required: false });
    expect((await api.ask("GET", `${base}/ResourceTypes`)).body).toMatchObject({ totalResults: 3 });
  });

  test("/Schemas has the schemas, with every characteristic and what RFC 7643 gives as default (R6)", async () => {
    const { body } = await api.ask("GET", `${base}/Schemas/${deviceSchema.toUpperCase()}`);
    expect(body).toMatchObject({ id: deviceSchema, meta: { resourceType: "Schema" } });
    expect(body["attributes"]).toContainEqual({
      name: "serialNumber",
      type: "string",
      multiValued: false,
      description: "",
      required: true,
      caseExact: false,
      mutability: "readWrite",
      returned: "default",
      uniqueness: "server",
    });
  });
});
