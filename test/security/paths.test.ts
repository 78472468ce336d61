/** Paths and ids: nothing but a resource of the endpoint's own type is found under them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { type Harness, harness, scimErrorSchema, textOf } from "../handlers/harness.ts";
import { groupSchema, patch, user } from "../local/served.ts";
import { customTenantFile, deviceSchema } from "../provisioning/custom-tenant.ts";

let api: Harness;
const ids = { user: "", group: "", device: "" };
beforeAll(async () => {
  api = await harness({ change: (p) => ({ ...p, tenant: readTenantFile("acme", customTenantFile()) }) });
  const made = async (path: string, body: object) =>
    textOf((await api.ask("POST", `/scim/v2/${path}`, { body })).body["id"]);
  ids.user = await made("Users", user("ada@example.com", { emails: [{ value: "ada@example.com" }] }));
  ids.group = await made("Groups", { schemas: [groupSchema], displayName: "Sales" });
  ids.device = await made("Devices", { schemas: [deviceSchema], serialNumber: "S1" });
});
afterAll(() => api.close());

describe("a path", () => {
  test.each([
    "/scim/v2/Users/..",
    "/scim/v2/Users/../Groups",
    "/scim/v2/Users/%2e%2e/Groups",
    "/scim/v2/Users/..%2fGroups",
    "/scim/v2/../v2/Users",
    "/scim/v1/../v2/Users",
    "/scim/v2/Users%2f..%2fGroups",
    "/scim/v2/./Users",
    "/scim/v2/Users;x=1",
    "/scim/v2/Users%00",
    "/scim/v2/Users%0d%0aX:y",
    "/scim/v2/Schemas/..",
    "/scim/v2/ResourceTypes/constructor",
    "/scim/v2/Schemas/__proto__",
    "/scim/v2/__proto__",
    "/scim/v2/constructor/prototype",
    "/scim%2fv2/Users/x",
    "/etc/passwd",
    "/scim/v2/tenant.json",
    "/scim/v2/index.mjs",
  ])("%s leads nowhere: 404 with a SCIM error", async (path) => {
    expect(await api.ask("GET", path)).toMatchObject({ status: 404, body: { schemas: [scimErrorSchema] } });
  });

  test("with double slashes is the path without them, so that no rule in front is told another one", async () => {
    expect((await api.ask("GET", `//scim//v2//Users//${ids.user}`)).body["id"]).toBe(ids.user);
  });

  test.each([
    (id: string) => `${id}%2f`,
    (id: string) => `${id}%23`,
    (id: string) => `${id}%00`,
    (id: string) => `%20${id}`,
    (id: string) => `${id}%20`,
    (id: string) => id.toUpperCase(),
    (id: string) => `${id}#1`,
    (id: string) => `${id.slice(0, -1)}*`,
    (id: string) => `${id.slice(0, 1)}%25`,
  ])("an id is the whole id and nothing else: spelling %#", async (spell) => {
    const { status, body } = await api.ask("GET", `/scim/v2/Users/${spell(ids.user)}`);
    // A final slash does not count.
    expect(status === 404 || (body["id"] === ids.user && spell("x") === "x%2f")).toBe(true);
  });

  test.each([
    "Tenant",
    "CursorKey",
    "Token%23start",
    "Stranger",
    "Claim%23User.userName%23ada@example.com",
    "User%23a",
    "-",
    "~",
  ])("the key of another item, %s, is no id: nothing inside is read or written through it", async (id) => {
    for (const endpoint of ["Users", "Groups", "Devices"]) {
      const path = `/scim/v2/${endpoint}/${id}`;
      expect((await api.ask("GET", path)).status).toBe(404);
      expect((await api.ask("DELETE", path)).status).toBe(404);
      expect(
        (await api.ask("PATCH", path, { body: patch({ op: "add", path: "externalId", value: "x" }) })).status,
      ).toBe(404);
    }
    expect((await api.ask("GET", `/scim/v2/Users/${ids.user}`)).status).toBe(200);
  });
});

describe("an id of another type", () => {
  const endpoints = { user: "Users", group: "Groups", device: "Devices" } as const;
  const kinds = ["user", "group", "device"] as const;
  const crossed = kinds.flatMap((whose) => kinds.filter((at) => at !== whose).map((at) => [whose, at] as const));

  test.each(crossed)("a %s is not found among the resources of the type %s, by any method", async (whose, at) => {
    const path = `/scim/v2/${endpoints[at]}/${ids[whose]}`;
    const own = `/scim/v2/${endpoints[whose]}/${ids[whose]}`;
    const before = (await api.ask("GET", own)).text;
    const body = { schemas: [], userName: "x@example.com", displayName: "x", serialNumber: "x" };
    const answers = [
      await api.ask("GET", path),
      await api.ask("PUT", path, { body }),
      await api.ask("PATCH", path, { body: patch({ op: "add", path: "externalId", value: "x" }) }),
      await api.ask("DELETE", path),
      await api.ask("GET", `/scim/v2/${endpoints[at]}?filter=id+eq+"${ids[whose]}"`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 200]);
    expect(answers[4]?.body["totalResults"]).toBe(0);
    expect((await api.ask("GET", own)).text).toBe(before);
  });

  test.each([
    ["a device", () => ({ value: ids.device })],
    ["a device that is called a user", () => ({ value: ids.device, type: "User" })],
    ["a device by its own type", () => ({ value: ids.device, type: "Device" })],
    ["nobody", () => ({ value: crypto.randomUUID() })],
    ["the group itself", () => ({ value: ids.group })],
  ])("is no member: %s", async (_, member) => {
    const group = `/scim/v2/Groups/${ids.group}`;
    const body = patch({ op: "add", path: "members", value: [member()] });
    const answer = await api.ask("PATCH", group, { body });
    expect(answer.status).toBe(400);
    expect((await api.ask("GET", group)).body["members"] ?? []).toEqual([]);
  });

  test("a member is what it is, not what it is called: a user that is called a group is a user", async () => {
    const group = `/scim/v2/Groups/${ids.group}`;
    await api.ask("PATCH", group, {
      body: patch({ op: "add", path: "members", value: [{ value: ids.user, type: "Group" }] }),
    });
    expect((await api.ask("GET", group)).body["members"]).toMatchObject([{ value: ids.user, type: "User" }]);
  });

  test("as a manager it is kept as a text: nothing of what it names is shown with it", async () => {
    const urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const body = patch({ op: "add", path: `${urn}:manager`, value: { value: ids.group } });
    const answer = await api.ask("PATCH", `/scim/v2/Users/${ids.user}`, { body });
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain("Sales");
  });
});
