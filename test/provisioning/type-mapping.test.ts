/** The mapping of groups and of a tenant's own resource types. */
import { beforeEach, describe, expect, test } from "vitest";
import { hashFor } from "../../lib/provisioning/mapping-hash.ts";
import { readTenantFile, TenantFileError } from "../../lib/provisioning/tenant-file.ts";
import { createResource, deleteResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { asked, CalmWorld } from "../simulation/calm-world.ts";
import { customTenantFile, warrantySchema } from "./custom-tenant.ts";

const device = {
  serial: { from: "serialNumber", case: "upper", lookup: true },
  until: { from: `${warrantySchema}:until`, as: "date" },
  owner: { from: "owner.label", required: true },
};
const group = {
  name: { from: "displayName", trim: true, lookup: true },
  kind: { from: "externalId", table: { t: "team", p: "project" } },
};

const tenant = (resourceTypes: object, policy = "reject") =>
  readTenantFile(
    "acme",
    customTenantFile({ mapping: { policy, attributes: { login: { from: "userName" } }, resourceTypes } }),
  );

function problemsOf(resourceTypes: object): readonly string[] {
  try {
    tenant(resourceTypes);
  } catch (error) {
    if (error instanceof TenantFileError) return error.problems;
    throw error;
  }
  return [];
}

let world: CalmWorld;
let requests: number;
beforeEach(() => {
  world = new CalmWorld();
  world.tenant = tenant({ Device: { attributes: device }, Group: { attributes: group } });
  requests = 0;
});

const request = () => asked(`r${(requests += 1)}`);
const typeOf = (name: string) => world.tenant.types.find(({ id }) => id === name) ?? userType;
const create = async (type: string, body: JsonObject) =>
  (await world.run((w) => createResource(w, typeOf(type), body, request()))).state.id;
const patch = async (type: string, id: string, ...Operations: object[]) =>
  await world.run((w) => patchResource(w, typeOf(type), id, { Operations }, request()));
const entryOf = (type: string, id: string) =>
  world.store.peek({ table: "directory", pk: `${type}#${id}`, sk: "Entry" })?.attributes ?? {};
const profileOf = (type: string, id: string) => JSON.parse(String(entryOf(type, id)["profile"] ?? "null")) as unknown;
const lookups = () =>
  [...world.store.all("directory")].flatMap(({ pk, sk }) => (pk.startsWith("Lookup#") ? [`${pk} ${sk}`] : []));

const laptop = { serialNumber: "x-1", owner: { label: "Ann" }, [warrantySchema]: { until: "2027-01-31T00:00:00Z" } };

describe("a resource type of the tenant's own", () => {
  test("has the profile that its mapping makes, and is found by it", async () => {
    const id = await create("Device", laptop);
    await world.work();
    expect(profileOf("Device", id)).toEqual({ serial: "X-1", until: "2027-01-31", owner: "Ann" });
    expect(lookups()).toEqual([`Lookup#serial#x-1 ${id}`]);
    expect(entryOf("Device", id)).toMatchObject({ mappingHash: hashFor(world.tenant.mapping, "Device") });
    await world.run((w) => deleteResource(w, typeOf("Device"), id, request()));
    await world.work();
    expect(lookups()).toEqual([]);
  });

  test("that cannot be mapped is refused with the place in the tenant file", async () => {
    await expect(create("Device", { serialNumber: "x" })).rejects.toMatchObject({
      status: 400,
      scimType: "invalidValue",
      message:
        'Profile attribute "owner" is required, but the Device has no value at owner.label; send one, or take "required" from mapping.resourceTypes.Device.attributes.owner in the tenant file.',
    });
  });

  test("that cannot be mapped is parked where the tenant wants it so, and suspended all the same when it is deactivated", async () => {
    world.tenant = tenant({ Device: { attributes: device } }, "park");
    const id = await create("Device", laptop);
    await world.work();
    await patch("Device", id, { op: "remove", path: "owner" });
    expect(await world.work()).toEqual([{ kind: "parked", code: "mapping-required-missing" }]);
    await patch("Device", id, { op: "replace", value: { active: false } });
    expect(await world.work()).toMatchObject([{ kind: "applied" }]);
    expect(entryOf("Device", id)).toMatchObject({ state: "suspended", version: 3 });
    expect(profileOf("Device", id)).toMatchObject({ owner: "Ann" });
  });

  test("that is not mapped is what was sent", async () => {
    world.tenant = tenant({});
    const id = await create("Device", laptop);
    await world.work();
    expect(profileOf("Device", id)).toEqual({ ...laptop, active: true });
    expect(entryOf("Device", id)).toMatchObject({ mappingHash: "000000000000" });
  });
});

describe("a group", () => {
  test("has the profile that its mapping makes, and is found by it, by its newest name alone", async () => {
    const id = await create("Group", { displayName: " Sales ", externalId: "T" });
    await world.work();
    expect(profileOf("Group", id)).toEqual({ name: "Sales", kind: "team" });
    await patch("Group", id, { op: "replace", path: "displayName", value: "Marketing" });
    await world.work();
    expect(lookups()).toEqual([`Lookup#name#marketing ${id}`]);
    await world.run((w) => deleteResource(w, groupType, id, request()));
    await world.work();
    expect(lookups()).toEqual([]);
  });

  test("is never held back: what cannot be used is left out, and members come and go", async () => {
    const ann = await create("User", { userName: "ann" });
    const id = await create("Group", { displayName: "Sales", externalId: "unknown", members: [{ value: ann }] });
    await world.work();
    expect(profileOf("Group", id)).toEqual({ name: "Sales" });
    await patch("Group", id, { op: "remove", path: `members[value eq "${ann}"]` });
    expect(await world.work()).toMatchObject([{ kind: "applied" }]);
    expect([...world.store.all("directory")].filter(({ sk }) => sk.startsWith("Member#"))).toEqual([]);
  });

  test("has displayName and externalId where the tenant file says nothing", async () => {
    world.tenant = tenant({});
    const id = await create("Group", { displayName: "Sales", externalId: "s" });
    await world.work();
    expect(profileOf("Group", id)).toEqual({ displayName: "Sales", externalId: "s" });
  });
});

describe("the hash of a type's mapping", () => {
  const hashes = (resourceTypes: object, attributes: object = { login: { from: "userName" } }) => {
    const { mapping } = readTenantFile("acme", customTenantFile({ mapping: { attributes, resourceTypes } }));
    return ["User", "Group", "Device"].map((type) => hashFor(mapping, type));
  };

  test("changes with it alone", () => {
    const [user, group1, device1] = hashes({ Group: { attributes: group }, Device: { attributes: device } });
    const other = { ...device, until: { from: "serialNumber" } };
    const [sameUser, sameGroup, device2] = hashes({ Group: { attributes: group }, Device: { attributes: other } });
    expect([sameUser, sameGroup]).toEqual([user, group1]);
    expect(device2).not.toBe(device1);
    expect(hashes({ Group: { attributes: group } }, { nick: { from: "nickName" } })[1]).toBe(group1);
  });
});

describe("mapping.resourceTypes in a tenant file", () => {
  test.each<[string, object, string]>([
    [
      "a type that there is not",
      { Devices: { attributes: device } },
      'mapping.resourceTypes.Devices: found "Devices"; expected one of Group, Device',
    ],
    [
      "users",
      { User: { attributes: {} } },
      'mapping.resourceTypes.User: found "User"; expected mapping.attributes, where users are mapped',
    ],
    [
      "a path of another type",
      { Device: { attributes: { a: { from: "userName" } } } },
      'mapping.resourceTypes.Device.attributes.a.from: "userName" is not an attribute of Device; see /Schemas for those it has',
    ],
    [
      "members",
      { Group: { attributes: { a: { from: ["displayName", "members.value"] } } } },
      'mapping.resourceTypes.Group.attributes.a.from[1]: "members.value" is kept apart from the group; expected another attribute, as the application reads members by themselves',
    ],
    [
      "a group that would wait",
      { Group: { attributes: { a: { from: "displayName", required: true } } } },
      "mapping.resourceTypes.Group.attributes.a.required: a group is never held back by its mapping; remove it",
    ],
    [
      "a group with a policy",
      { Group: { attributes: { a: { from: "displayName", policy: "park" } } } },
      "mapping.resourceTypes.Group.attributes.a.policy: a group is never held back by its mapping; remove it",
    ],
    [
      "roles of what is no user",
      { Device: { attributes: { a: { fromGroups: { Sales: "x" } } } } },
      'mapping.resourceTypes.Device.attributes.a.fromGroups: only users have roles; expected "from", "constant" or both',
    ],
    [
      "a misspelt key",
      { Device: { attribute: {}, attributes: {} } },
      'mapping.resourceTypes.Device.attribute: unknown key; did you mean "attributes"? Expected keys: attributes',
    ],
    [
      "a table's key twice",
      { Device: { attributes: { a: { from: "model", table: { x: 1, X: 2 } } } } },
      "mapping.resourceTypes.Device.attributes.a.table.X: is there twice, as values are compared in any letter case; keep one of them",
    ],
  ])("%s is refused by its place", (_, resourceTypes, problem) => {
    expect(problemsOf(resourceTypes)).toEqual([problem]);
  });
});
