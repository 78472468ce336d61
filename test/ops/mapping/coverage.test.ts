import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { coverage, type Coverage, type CoveredPath } from "../../../lib/ops/mapping/coverage.ts";
import type { Provisioning } from "../../../lib/provisioning/state.ts";
import { createResource } from "../../../lib/provisioning/write-resource.ts";
import { readTenantFile } from "../../../lib/provisioning/tenant-file.ts";
import { groupType, userType } from "../../../lib/scim/resource-type.ts";
import { harness, textOf } from "../../handlers/harness.ts";
import { type TestStore, testStore } from "../store.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** As Entra's default mapping sends a user, and an attribute that is nobody's. */
const ada = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise],
  userName: "ada@example.com",
  externalId: "0a21f0f2",
  active: true,
  name: { givenName: "Ada", familyName: "Lovelace", formatted: "Ada Lovelace" },
  emails: [
    { type: "other", value: "ada@home.example" },
    { type: "Work", value: "ada@example.com", primary: true },
  ],
  [enterprise]: { department: "Engines", manager: { value: "m-1" } },
  favouriteColour: "blue",
};

const tenant = readTenantFile("parking", {
  environment: { region: "eu-central-1" },
  mapping: {
    attributes: {
      login: { from: "userName", required: true },
      email: { from: ['emails[type eq "work"].value', "emails.value"] },
      shownAs: { from: ["displayName", "name.formatted"] },
      mobile: { from: 'phoneNumbers[type eq "mobile"].value' },
      costCenter: { from: `${enterprise}:costCenter` },
      kind: { constant: "person" },
    },
  },
});

let store: TestStore;
let o: Pick<Provisioning, "table" | "clock" | "tenant">;
beforeEach(() => {
  store = testStore();
  o = { ...store.operations, tenant };
});
afterEach(() => store.close());

const covered = async (options: Partial<Parameters<typeof coverage>[2]> = {}, type = userType): Promise<Coverage> =>
  await coverage(o, type, { logs: 10, ...options });
const at = ({ paths }: Coverage, path: string): CoveredPath | undefined => paths.find((one) => one.path === path);

describe("mapping coverage counts by path", () => {
  test("who has a value there, whose profile has it from there, and shows a masked sample", async () => {
    await store.createUser(ada);
    await store.createUser({ userName: "bob@example.com" });
    const found = await covered();
    expect(found).toMatchObject({ type: "User", seen: 2, stopped: false });
    expect(at(found, "userName")).toMatchObject({
      received: 2,
      mapped: 2,
      gives: ["login"],
      sample: expect.stringMatching(/^[ab]•••@e•••\.com$/),
    });
    expect(at(found, "name.givenName")).toMatchObject({ received: 1, mapped: 0, gives: [], sample: "A•••" });
    expect(at(found, `${enterprise}:department`)).toMatchObject({ received: 1, mapped: 0, sample: "E•••" });
    expect(at(found, `${enterprise}:manager.value`)).toMatchObject({ received: 1 });
    expect(JSON.stringify(found)).not.toMatch(/ada@|Lovelace|Engines/);
  });

  test("the value of a list that was taken, whatever path of the mapping took it, and not the others", async () => {
    await store.createUser(ada);
    const found = await covered({}, userType);
    expect(at(found, 'emails[type eq "work"].value')).toMatchObject({ received: 1, mapped: 1, gives: ["email"] });
    expect(at(found, 'emails[type eq "other"].value')).toMatchObject({ received: 1, mapped: 0 });
    expect(at(found, "emails.value")).toMatchObject({ received: 1, mapped: 0, gives: ["email"] });
    // Which value is meant is no value of its own.
    expect(found.paths.filter(({ path }) => /type$|primary$/.test(path))).toEqual([]);
    const any = await coverage({ ...o, tenant: mappingOf({ email: { from: "emails.value" } }) }, userType, { logs: 0 });
    expect(at(any, "emails.value")).toMatchObject({ mapped: 1 });
    expect(at(any, 'emails[type eq "work"].value')).toMatchObject({ mapped: 1 });
    expect(at(any, 'emails[type eq "other"].value')).toMatchObject({ mapped: 0 });
  });

  test("every value that is joined", async () => {
    await store.createUser(ada);
    const all = mappingOf({ emails: { from: "emails.value", join: ";" } });
    const found = await coverage({ ...o, tenant: all }, userType, { logs: 0 });
    for (const type of ["work", "other"])
      expect(at(found, `emails[type eq "${type}"].value`)).toMatchObject({ mapped: 1, gives: ["emails"] });
  });

  test("values with which the mapping can do nothing apart from those that were never sent", async () => {
    await store.createUser(ada);
    await store.createUser({ ...ada, userName: "bob", externalId: "b", [enterprise]: { department: "Sales" } });
    const from = `${enterprise}:department`;
    const found = await coverage({ ...o, tenant: mappingOf({ unit: { from, table: { Sales: "S" } } }) }, userType, {
      logs: 0,
    });
    expect(at(found, from)).toMatchObject({ received: 2, mapped: 1, unusable: 1 });
    const none = mappingOf({ unit: { from, table: { Legal: "L" } } });
    expect((await coverage({ ...o, tenant: none }, userType, { logs: 0 })).neverSent).toEqual([]);
  });

  test("nobody twice, however many values of a sort there are", async () => {
    const phone = (value: string) => ({ type: "work", value });
    await store.createUser({ userName: "ada", phoneNumbers: [phone("1"), phone("2"), phone("3")] });
    expect(at(await covered(), 'phoneNumbers[type eq "work"].value')).toMatchObject({ received: 1 });
  });

  test("what was ignored, for how many and why, from the log", async () => {
    const id = await store.createUser(ada);
    await store.patchUser(id, { title: "Countess", favouriteColour: "red", id: "mine" });
    await store.createUser({ userName: "bob", favouriteColour: "blue" });
    const found = await covered();
    expect(at(found, "favouriteColour")).toMatchObject({ received: 0, ignored: 2, reasons: ["unknown"] });
    expect(at(found, "id")).toMatchObject({ ignored: 1, reasons: ["readOnly"] });
    expect(at(await covered({ logs: 0 }), "favouriteColour")).toBeUndefined();
  });

  test("what was ignored without what stands in brackets, which may be somebody's", async () => {
    const skipping = readTenantFile("parking", {
      environment: { region: "eu-central-1" },
      mapping: { attributes: { login: { from: "userName" } } },
      groups: { unknownMembers: "skip" },
    });
    const nobody = store.operations.chance.uuid();
    const members = [{ value: nobody }, { value: store.operations.chance.uuid() }];
    const caller = { requestId: "r", tokenId: "test" };
    const p = { ...store.operations, tenant: skipping };
    await createResource(p, groupType, { displayName: "Sales", members }, { caller });
    const found = await covered({}, groupType);
    expect(at(found, "members")).toMatchObject({ received: 0, ignored: 1, reasons: ["unknownMember"] });
    expect(JSON.stringify(found)).not.toContain(nobody);
  });

  test("when it was seen last: the newest change that brought it, among those that are read", async () => {
    const id = await store.createUser(ada);
    store.pass(3_600_000);
    await store.patchUser(id, { title: "Countess" });
    const found = await covered();
    const [title = 0, name = 0] = ["title", "name.givenName"].map((path) => at(found, path)?.lastSeen);
    expect(title - name).toBeGreaterThanOrEqual(3_600_000);
    expect(at(await covered({ logs: 1 }), "name.givenName")).not.toHaveProperty("lastSeen");
    expect(at(await covered({ logs: 1 }), "title")).toHaveProperty("lastSeen", title);
  });

  test("refused requests by the paths that their error texts name, as the identity provider sends them", async () => {
    const api = await harness();
    const posted = { userName: "ada@example.com", emails: [{ value: { not: "a text" } }] };
    const refused = await api.ask("POST", "/scim/v2/Users", { body: posted });
    const { body } = await api.ask("POST", "/scim/v2/Users", { body: { userName: "bob@example.com" } });
    const patch = { Operations: [{ op: "add", path: "favouriteColour", value: "blue" }] };
    const patched = await api.ask("PATCH", `/scim/v2/Users/${textOf(body["id"])}`, { body: patch });
    expect([refused.status, patched.status]).toEqual([400, 400]);
    const found = await coverage(api.provisioning, userType, { logs: 10 });
    expect(at(found, "emails.value")).toMatchObject({ refused: 1 });
    expect(at(found, "userName")).toMatchObject({ refused: 0 });
    expect(at(found, "favouriteColour")).toMatchObject({ received: 0, refused: 1, reasons: ["unknown"] });
    expect(found.neverMapped).toContain("favouriteColour");
    expect(at(await coverage(api.provisioning, groupType, { logs: 10 }), "favouriteColour")).toBeUndefined();
    api.close();
  });

  test("a group's members as they are in the directory", async () => {
    const id = await store.createUser({ userName: "ada", emails: [{ value: "a@b.example" }] });
    await store.createGroup("Sales", [id]);
    await store.createGroup("Nobody");
    await store.work();
    const found = await covered({}, groupType);
    expect(at(found, "members")).toMatchObject({ received: 1, mapped: 1, lastSeen: expect.any(Number) });
    expect(at(found, "displayName")).toMatchObject({ received: 2, mapped: 2 });
  });
});

describe("mapping coverage warns of", () => {
  test("what is mapped and never sent, with what was sent instead", async () => {
    await store.createUser({ ...ada, phoneNumbers: [{ type: "work", value: "1" }] });
    expect((await covered()).neverSent).toEqual([
      {
        attribute: "mobile",
        paths: ['phoneNumbers[type eq "mobile"].value'],
        closest: 'phoneNumbers[type eq "work"].value',
      },
      { attribute: "costCenter", paths: [`${enterprise}:costCenter`] },
    ]);
  });

  test.each([
    ["givenName", { givenName: "Ada" }, "name.givenName"],
    ["urn:acme:1.0:User:costCenter", { "urn:acme:1.0:User": { costCenter: "7" } }, `${enterprise}:costCenter`],
    ["costCentre", { costCentre: "7" }, `${enterprise}:costCenter`],
  ])("%s, which no schema has, as what was meant", async (sent, body, mapped) => {
    await store.createUser({ userName: "ada", ...body });
    const found = await coverage({ ...o, tenant: mappingOf({ x: { from: mapped } }) }, userType, { logs: 10 });
    expect(found.neverSent).toEqual([{ attribute: "x", paths: [mapped], closest: sent }]);
  });

  test("nothing while one of several paths has a value, and nothing about nobody", async () => {
    expect((await covered()).neverSent).toEqual([]);
    await store.createUser(ada);
    const names = (await covered()).neverSent.map(({ attribute }) => attribute);
    expect(names).not.toContain("shownAs");
    expect(names).not.toContain("kind");
  });

  test("what is sent and asked for by nothing: the most frequent first, unknown ones too, fallbacks not", async () => {
    await store.createUser({ ...ada, displayName: "Ada L." });
    await store.createUser({ userName: "bob", name: { givenName: "Bob" } });
    const { neverMapped } = await covered();
    expect(neverMapped[0]).toBe("name.givenName");
    expect(neverMapped).toEqual(expect.arrayContaining([`${enterprise}:department`, "favouriteColour"]));
    for (const used of ["name.formatted", "active", "externalId", "userName", "emails.value"])
      expect(neverMapped).not.toContain(used);
  });
});

describe("a walk that is stopped", () => {
  test("tells what was seen and where to go on, and both parts together are the whole", async () => {
    for (let n = 0; n < 250; n += 1) await store.createUser({ userName: `user ${n}` });
    const stop = new AbortController();
    const first = await covered({ logs: 0, signal: stop.signal, onProgress: () => stop.abort() });
    expect(first).toMatchObject({ seen: 100, stopped: true, position: expect.any(String) });
    const { position = "" } = first;
    const totals: number[] = [];
    const rest = await covered({ logs: 0, after: position, onProgress: (_done, total) => void totals.push(total) });
    expect(rest).toMatchObject({ seen: 150, stopped: false });
    expect(at(first, "userName")?.received).toBe(100);
    expect(at(rest, "userName")?.received).toBe(150);
    // About: it is reckoned from where the position lies among all ids.
    expect(totals[0]).toBeLessThan(200);
  });
});

function mappingOf(attributes: object) {
  return readTenantFile("parking", { environment: { region: "eu-central-1" }, mapping: { attributes } });
}
