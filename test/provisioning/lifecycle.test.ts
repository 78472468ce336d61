import { beforeEach, describe, expect, test } from "vitest";
import { type Entry, readEntry } from "../../lib/provisioning/entry.ts";
import { entryKey, logKey } from "../../lib/provisioning/keys.ts";
import { readResource } from "../../lib/provisioning/read-resource.ts";
import type { Lifecycle, MappedAttribute } from "../../lib/provisioning/tenant.ts";
import {
  createResource,
  deleteResource,
  patchResource,
  replaceResource,
  type Written,
} from "../../lib/provisioning/write-resource.ts";
import { parsePath } from "../../lib/scim/attribute-path.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { asked, CalmWorld } from "../simulation/calm-world.ts";

const upn = "ada@example.com";
const objectId = "6f1bd3c0-a3a4-4d0f-9a0f-0e9f1c2d3e4f";
const binned = objectId.replaceAll("-", "") + upn;
const day = 86_400_000;

let world: CalmWorld;
let requests: number;
beforeEach(() => {
  world = new CalmWorld();
  requests = 0;
  const email: MappedAttribute = {
    name: "email",
    from: [parsePath(userType, "emails.value")],
    trim: false,
    required: false,
    lookup: true,
  };
  const { mapping } = world.tenant;
  world.tenant = { ...world.tenant, mapping: { ...mapping, attributes: [...mapping.attributes, email] } };
});

function live(lifecycle: Lifecycle): void {
  world.tenant = { ...world.tenant, lifecycle };
}

async function create(body: JsonObject): Promise<Written> {
  return await world.run((w) => createResource(w, userType, body, asked(`r${(requests += 1)}`)));
}

async function patched(id: string, value: JsonObject): Promise<Written> {
  const body = { Operations: [{ op: "Replace", value }] };
  return await world.run((w) => patchResource(w, userType, id, body, asked(`r${(requests += 1)}`)));
}

async function put(id: string, body: JsonObject): Promise<Written> {
  return await world.run((w) => replaceResource(w, userType, id, body, asked(`r${(requests += 1)}`)));
}

async function remove(id: string): Promise<void> {
  await world.run((w) => deleteResource(w, userType, id, asked(`r${(requests += 1)}`)));
}

async function entry(id: string): Promise<Entry | undefined> {
  return await world.run((w) => readEntry(w.table, "User", id));
}

/** What the application finds by a lookup. */
function foundBy(attribute: string, value: string): string[] {
  return [...world.store.all("directory")]
    .filter(({ pk }) => pk === `Lookup#${attribute}#${value}`)
    .map(({ sk }) => sk);
}

const emails = (value: string) => [{ value, type: "work" }];

describe("Entra's soft delete", () => {
  async function softDeleted(): Promise<string> {
    const { state } = await create({ userName: upn, externalId: "e1", emails: emails(upn), title: "Countess" });
    await world.work();
    await patched(state.id, { userName: binned, active: "False", emails: emails(binned) });
    return state.id;
  }

  test("SCIM answers the name as sent, and the directory keeps login and e-mail as they were, suspended", async () => {
    const id = await softDeleted();
    await world.work();
    const { resource } = await world.run((w) => readResource(w, userType, id, { members: false, groups: false }));
    expect(resource).toMatchObject({ userName: binned, active: false });
    expect(await entry(id)).toMatchObject({
      state: "suspended",
      profile: { login: upn, email: upn, title: "Countess" },
    });
    expect([foundBy("login", upn), foundBy("email", upn)]).toEqual([[id], [id]]);
  });

  test("applied together with the creation, there is no last profile: the login is the name without the object id", async () => {
    const { state } = await create({ userName: upn });
    await patched(state.id, { userName: binned, active: false });
    await world.work();
    expect(await entry(state.id)).toMatchObject({ state: "suspended", profile: { login: upn } });
  });

  test("the restore brings the user back with what it says (R24)", async () => {
    const id = await softDeleted();
    await world.work();
    await patched(id, { userName: upn, active: "True", emails: emails(upn), title: "Lady" });
    await world.work();
    expect(await entry(id)).toMatchObject({ state: "active", profile: { login: upn, title: "Lady" } });
  });

  test("frees the old userName: a re-hire is somebody new, and then the restore is a 409 that says who (R15)", async () => {
    const id = await softDeleted();
    const { state } = await create({ userName: upn, externalId: "e2" });
    await world.work();
    expect(state.id).not.toBe(id);
    expect(new Set(foundBy("login", upn))).toEqual(new Set([id, state.id]));
    expect([(await entry(id))?.state, (await entry(state.id))?.state]).toEqual(["suspended", "active"]);
    await expect(patched(id, { userName: upn, active: true })).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining(`User "${state.id}", which is active`),
    });
  });

  test.each([
    ["who is renamed like that, but stays active", { userName: binned, active: true }, { login: binned }],
    ["who is deactivated and renamed otherwise", { userName: "ada.old@example.com" }, { login: "ada.old@example.com" }],
  ])("somebody %s is mapped as ever", async (_who, change, profile) => {
    const { state } = await create({ userName: upn });
    await world.work();
    await patched(state.id, { active: false, ...change });
    await world.work();
    expect((await entry(state.id))?.profile).toEqual(profile);
  });
});

describe("a re-hire onto an inactive record", () => {
  async function leaver(more: JsonObject = {}): Promise<string> {
    const { state } = await create({ userName: upn, externalId: "e1", title: "Countess", ...more });
    await patched(state.id, { active: false });
    return state.id;
  }

  test("is a conflict by default: attribute, id and state of the other, and the cure (R15, R94)", async () => {
    const id = await leaver();
    await expect(create({ userName: upn.toUpperCase(), externalId: "e1" })).rejects.toMatchObject({
      status: 409,
      scimType: "uniqueness",
      message: `"userName" is already used by User "${id}", which is inactive; reactivate it by PATCH active true or match it instead of creating another, or send another value`,
    });
  });

  test("is a conflict with somebody active, whatever the policy", async () => {
    live({ rehire: "reactivate" });
    const { state } = await create({ userName: upn, externalId: "e1" });
    await expect(create({ userName: upn, externalId: "e1" })).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining(`"userName" is already used by User "${state.id}", which is active; match it`),
    });
  });

  test("names the group that has a displayName (D12)", async () => {
    const group = async (request: string) =>
      await world.run((w) => createResource(w, groupType, { displayName: "Staff" }, asked(request)));
    const { state } = await group("g1");
    await expect(group("g2")).rejects.toMatchObject({
      message: expect.stringContaining(`"displayName" is already used by Group "${state.id}", which is active`),
    });
  });

  test.each([
    ["none in the POST", {}, { externalId: "e1" }],
    ["another one", { externalId: "E1" }, { externalId: "e1" }],
    ["none at all", {}, { externalId: null }],
    ["empty ones", { externalId: "" }, { externalId: "" }],
  ])(
    "with the policy reactivate and %s as externalId is a conflict: it may be a namesake",
    async (_which, more, had) => {
      live({ rehire: "reactivate" });
      await leaver(had);
      await expect(create({ userName: upn, ...more })).rejects.toMatchObject({ status: 409 });
    },
  );

  test("with the policy reactivate and the same externalId brings the user back, with what the POST says", async () => {
    live({ rehire: "reactivate" });
    const id = await leaver();
    await world.work();
    const { state, changed } = await create({ userName: upn, externalId: "e1", displayName: "Ada" });
    expect({ id: state.id, changed, resource: state.resource }).toEqual({
      id,
      changed: true,
      resource: { userName: upn, externalId: "e1", displayName: "Ada", active: true },
    });
    await world.work();
    expect(await entry(id)).toMatchObject({ state: "active", profile: { login: upn } });
    expect(foundBy("login", upn)).toEqual([id]);
  });

  test.each([
    ["deleted", "state", "deleted"],
    ["reactivated by somebody else", "resource", JSON.stringify({ userName: upn, externalId: "e1", active: true })],
  ])("is a conflict if the user is %s in the same moment", async (_how, attribute, value) => {
    live({ rehire: "reactivate" });
    const id = await leaver();
    let reads = 0;
    world.without = (table) => ({
      ...table,
      get: async (key) => {
        const found = await table.get(key);
        if (key.sk !== id || found === undefined || (reads += 1) === 1) return found;
        return { ...found, attributes: { ...found.attributes, [attribute]: value } };
      },
    });
    await expect(create({ userName: upn, externalId: "e1" })).rejects.toMatchObject({ status: 409 });
  });

  test("that is inactive itself stays so", async () => {
    live({ rehire: "reactivate" });
    const id = await leaver();
    const { state } = await create({ userName: upn, externalId: "e1", active: false });
    expect([state.id, state.resource["active"]]).toEqual([id, false]);
  });
});

describe("what a PUT leaves out", () => {
  test("a leaver does not come back by omission (D15)", async () => {
    const { state } = await create({ userName: upn, title: "Countess" });
    await patched(state.id, { active: false });
    const { state: after } = await put(state.id, { userName: upn });
    expect(after.resource).toEqual({ userName: upn, active: false });
    await world.work();
    expect((await entry(state.id))?.state).toBe("suspended");
  });
});

describe("what remains of a deleted user", () => {
  const item = async (id: string) => (await world.run((w) => w.table.get(entryKey("User", id))))?.attributes ?? {};

  async function deleted(): Promise<string> {
    const { state } = await create({ userName: upn, emails: emails(upn) });
    await world.work();
    await remove(state.id);
    await world.work();
    return state.id;
  }

  test("remove: a tombstone for 30 days, without profile, found by nothing", async () => {
    const id = await deleted();
    const { expires, appliedAt, ...rest } = await item(id);
    expect(rest).toEqual({ v: 1, id, type: "User", state: "removed", version: 2 });
    expect(Number(expires)).toBe(Math.floor(Number(appliedAt) / 1000) + (30 * day) / 1000);
    expect([foundBy("login", upn), foundBy("email", upn)]).toEqual([[], []]);
  });

  test("retain: the profile stays for so many days, and nothing finds it", async () => {
    live({ rehire: "conflict", retainDays: 400 });
    const id = await deleted();
    const { expires, appliedAt, profile, ...rest } = await item(id);
    expect(JSON.parse(String(profile))).toEqual({ login: upn, email: upn });
    expect(rest).toEqual({ v: 1, id, type: "User", state: "removed", version: 2, mappingHash: "000000000002" });
    expect(Number(expires)).toBe(Math.floor(Number(appliedAt) / 1000) + (400 * day) / 1000);
    expect([foundBy("login", upn), foundBy("email", upn)]).toEqual([[], []]);
  });

  test("retain: a user deleted before it was ever applied leaves nothing personal", async () => {
    live({ rehire: "conflict", retainDays: 400 });
    const { state } = await create({ userName: upn });
    await remove(state.id);
    await world.work();
    expect(await item(state.id)).not.toHaveProperty("profile");
  });

  test("SCIM has nothing of it, and who has the name next is somebody new: ids are never reused (R13, R84)", async () => {
    live({ rehire: "reactivate", retainDays: 400 });
    const { state: first } = await create({ userName: upn, externalId: "e1" });
    await remove(first.id);
    const { state: second } = await create({ userName: upn, externalId: "e1" });
    expect(second.id).not.toBe(first.id);
    await world.work();
    expect(foundBy("login", upn)).toEqual([second.id]);
    await expect(put(first.id, { userName: "new@example.com" })).rejects.toMatchObject({ status: 404 });
  });
});

test("what was changed is kept as long as the tenant file says, of a group from its being applied", async () => {
  world.tenant = { ...world.tenant, evidenceDays: 90 };
  const { state: ada } = await create({ userName: upn });
  const body = { displayName: "staff" };
  const { state: staff } = await world.run((w) => createResource(w, groupType, body, asked("group")));
  const days = (id: string) => {
    const { expires, at } = world.store.peek(logKey(id, 1))?.attributes ?? {};
    return expires === undefined ? undefined : Math.round((Number(expires) * 1000 - Number(at)) / day);
  };
  expect([days(ada.id), days(staff.id)]).toEqual([90, undefined]);
  await world.work();
  expect([days(ada.id), days(staff.id)]).toEqual([90, 90]);
});
