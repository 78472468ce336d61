/** What is exported and imported into an empty tenant makes an equal directory. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportResources } from "../../../lib/ops/export/export-resources.ts";
import { readImportFile } from "../../../lib/ops/import/import-file.ts";
import { runImport } from "../../../lib/ops/import/run-import.ts";
import { planUndo, undoImport } from "../../../lib/ops/import/undo-import.ts";
import { readTenantFile } from "../../../lib/provisioning/tenant-file.ts";
import { createResource } from "../../../lib/provisioning/write-resource.ts";
import { groupType } from "../../../lib/scim/resource-type.ts";
import type { JsonObject } from "../../../lib/scim/json.ts";
import { type TestStore, testStore } from "../store.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const badge = "urn:example:params:scim:schemas:extension:badge:2.0:User";
const device = "urn:example:params:scim:schemas:core:2.0:Device";
const tenant = readTenantFile("parking", {
  environment: { region: "eu-central-1" },
  schemas: [
    { id: badge, name: "Badge", attributes: [{ name: "number", uniqueness: "server" }] },
    {
      id: device,
      name: "Device",
      attributes: [
        { name: "serialNumber", required: true, uniqueness: "server" },
        { name: "tags", multiValued: true },
      ],
    },
  ],
  extensions: { User: [badge] },
  resourceTypes: [{ name: "Device", endpoint: "/Devices", schema: device }],
  mapping: {
    attributes: {
      login: { from: "userName", required: true, lookup: true },
      email: { from: 'emails[type eq "work"].value', lookup: true },
      department: { from: `${enterprise}:department` },
      badge: { from: `${badge}:number`, lookup: true },
    },
  },
});

let from: TestStore;
let to: TestStore;
beforeEach(() => {
  from = testStore(tenant);
  to = testStore(tenant);
});
afterEach(() => {
  from.close();
  to.close();
});

/** Who is found by what in the directory, and who is in what; without when and how often it was written. */
function directory({ db }: TestStore): unknown[] {
  const rows = db.prepare("SELECT pk, sk, attributes FROM item WHERE tbl = 'directory' ORDER BY pk, sk").all();
  return rows
    .filter(({ sk }) => sk !== "Step")
    .map(({ pk, sk, attributes }) => {
      const {
        version: _version,
        appliedAt: _appliedAt,
        since: _since,
        profile,
        ...rest
      } = JSON.parse(String(attributes)) as JsonObject;
      return { pk, sk, ...rest, profile: typeof profile === "string" ? (JSON.parse(profile) as JsonObject) : null };
    });
}

async function exported(store: TestStore): Promise<string> {
  const lines: string[] = [];
  await exportResources(store.operations, { kind: "all", baseUrl: "https://scim.example.com" }, (body) => {
    lines.push(JSON.stringify(body));
  });
  return lines.join("\n");
}

async function fill(store: TestStore): Promise<void> {
  const caller = { caller: { requestId: "r", tokenId: "t" } };
  const ada = await store.createUser({
    userName: "Ada@example.com",
    externalId: "A-1",
    name: { givenName: "Ada", familyName: "Lovelace" },
    emails: [
      { value: "ada@example.com", type: "work", primary: true },
      { value: "ada@home.example.com", type: "home" },
    ],
    [enterprise]: { department: "Engines" },
    [badge]: { number: "17" },
  });
  const bob = await store.createUser({ userName: "bob@example.com", active: false });
  const eve = await store.createUser({ userName: "eve@example.com", active: true });
  const inner = await store.createGroup("Pilots", [ada, bob]);
  const outer = await store.createGroup("Everybody", [eve, inner]);
  // Each a member of the other.
  await store.patchGroup(inner, [{ op: "add", path: "members", value: [{ value: outer }] }]);
  await store.createGroup("Nobody");
  const type = tenant.types.find(({ id }) => id === "Device") ?? groupType;
  await createResource(store.operations, type, { serialNumber: "S-1", tags: ["a", "b"] }, caller);
  const gone = await store.createUser({ userName: "gone@example.com" });
  await store.work();
  await store.patchUser(ada, { title: "Countess" });
  await store.deleteUser(gone);
  await store.work();
}

describe("export and import", () => {
  test("make an equal directory of an empty tenant: ids, states, profiles, lookups, members, groups in groups, own types", async () => {
    await fill(from);
    const rows = readImportFile(tenant.types, "jsonl", await exported(from));
    const done = await runImport(to.operations, { name: "all.jsonl", fileHash: "x", rows }, {});
    expect(done).toMatchObject({ brought: 7, refused: [], stopped: false });
    await to.work();
    const gone = (entry: unknown) => (entry as JsonObject)["state"] !== "removed";
    expect(directory(to)).toEqual(directory(from).filter(gone));
    expect(await exported(to)).toHaveLength((await exported(from)).length);
  });

  test("brought into a tenant that has had the ids, members are found under the new ones", async () => {
    await fill(from);
    const text = await exported(from);
    const rows = readImportFile(tenant.types, "jsonl", text);
    const first = await runImport(to.operations, { name: "all.jsonl", fileHash: "x", rows }, {});
    await to.work();
    await undoImport(to.operations, await planUndo(to.operations, first.import.id, {}), {});
    await to.work();
    const again = await runImport(to.operations, { name: "all.jsonl", fileHash: "x", rows }, {});
    expect(again).toMatchObject({ brought: 7, passedOver: 0, refused: [] });
    expect(again.import.id).not.toBe(first.import.id);
    await to.work();
    const members = (store: TestStore) =>
      store.db.prepare("SELECT count(*) AS n FROM item WHERE tbl = 'directory' AND sk LIKE 'Member#%'").get();
    expect(members(to)).toEqual(members(from));
  });
});
