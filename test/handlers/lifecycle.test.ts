import { afterEach, describe, expect, test } from "vitest";
import { apply } from "../../lib/provisioning/apply.ts";
import type { Lifecycle } from "../../lib/provisioning/tenant.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { groupSchema, patch, user } from "../local/served.ts";
import { type Harness, harness, textOf } from "./harness.ts";

const users = "/scim/v2/Users";
const groups = "/scim/v2/Groups";

let api: Harness;
afterEach(() => api.close());

async function apiWith(lifecycle: Lifecycle): Promise<void> {
  api = await harness({ change: (p) => ({ ...p, tenant: { ...p.tenant, lifecycle } }) });
}

async function create(userName: string, more: JsonObject = {}): Promise<string> {
  const answer = await api.ask("POST", users, { body: user(userName, more) });
  expect(answer.status).toBe(201);
  return textOf(answer.body["id"]);
}

async function deactivate(id: string): Promise<void> {
  const body = patch({ op: "Replace", path: "active", value: "False" });
  expect((await api.ask("PATCH", `${users}/${id}`, { body })).status).toBe(200);
}

describe("a POST for somebody who is there, but inactive", () => {
  test("conflict: 409 with what, who and in which state (R15, R24, R94)", async () => {
    await apiWith({ rehire: "conflict" });
    const id = await create("ada@example.com", { externalId: "e1" });
    await deactivate(id);
    const answer = await api.ask("POST", users, { body: user("ADA@example.com", { externalId: "e1" }) });
    expect(answer).toMatchObject({ status: 409, body: { status: "409", scimType: "uniqueness" } });
    expect(answer.body["detail"]).toMatch(
      new RegExp(`^"userName" is already used by User "${id}", which is inactive;`),
    );
    const found = await api.ask("GET", `${users}?filter=${encodeURIComponent('userName eq "ada@example.com"')}`);
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id, active: false }] });
  });

  test("reactivate: 201 as for somebody new, with the id that was there, its Location and its groups (R12)", async () => {
    await apiWith({ rehire: "reactivate" });
    const id = await create("ada@example.com", { externalId: "e1", title: "Countess" });
    const group = { schemas: [groupSchema], displayName: "Staff", members: [{ value: id }] };
    const groupId = textOf((await api.ask("POST", groups, { body: group })).body["id"]);
    await apply({ ...api.provisioning, workerId: "test" }, "changes", { type: "Group", id: groupId, version: 1 });
    await deactivate(id);
    const answer = await api.ask("POST", users, { body: user("ada@example.com", { externalId: "e1" }) });
    expect(answer).toMatchObject({
      status: 201,
      headers: { etag: 'W/"3"', location: expect.stringMatching(new RegExp(`${users}/${id}$`)) },
      body: { id, active: true, groups: [{ value: groupId }] },
    });
    expect(answer.body).not.toHaveProperty("title");
  });
});

describe("ids are never reused (R13, R84)", () => {
  test("after a DELETE the name is free, for another id", async () => {
    await apiWith({ rehire: "reactivate", retainDays: 90 });
    const id = await create("ada@example.com", { externalId: "e1" });
    expect((await api.ask("DELETE", `${users}/${id}`)).status).toBe(204);
    expect(await create("ada@example.com", { externalId: "e1" })).not.toBe(id);
    expect((await api.ask("GET", `${users}/${id}`)).status).toBe(404);
  });
});

describe("a leaver does not come back by omission (D15)", () => {
  test("PUT without active", async () => {
    await apiWith({ rehire: "conflict" });
    const id = await create("ada@example.com");
    await deactivate(id);
    const answer = await api.ask("PUT", `${users}/${id}`, { body: user("ada@example.com", { title: "Countess" }) });
    expect(answer).toMatchObject({ status: 200, body: { id, active: false, title: "Countess" } });
  });
});
