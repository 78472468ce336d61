/** Whom an undo leaves alone because somebody has named them, if only as a member. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readImportFile } from "../../../lib/ops/import/import-file.ts";
import { runImport } from "../../../lib/ops/import/run-import.ts";
import { planUndo, undoImport } from "../../../lib/ops/import/undo-import.ts";
import type { JsonObject } from "../../../lib/scim/json.ts";
import { mendedTenant, type TestStore, testStore } from "../store.ts";

const id = (n: number) => `0b9a1f6e-7d1c-4f3e-9a55-2f5f0c6d7e8${n}`;
const [ada, bob, eve, pilots, crew] = [id(1), id(2), id(3), id(4), id(5)];
const groupUrn = "urn:ietf:params:scim:schemas:core:2.0:Group";
const bodies: JsonObject[] = [
  { id: ada, userName: "ada@example.com" },
  { id: bob, userName: "bob@example.com" },
  { id: eve, userName: "eve@example.com" },
  { id: pilots, schemas: [groupUrn], displayName: "Pilots", members: [{ value: bob }] },
  { id: crew, schemas: [groupUrn], displayName: "Crew", members: [{ value: pilots }] },
];

let store: TestStore;
let importId: string;
beforeEach(async () => {
  store = testStore(mendedTenant);
  const rows = readImportFile(mendedTenant.types, "json", JSON.stringify(bodies));
  const done = await runImport(store.operations, { name: "all.json", fileHash: "x", rows }, {});
  importId = done.import.id;
  await store.work();
});
afterEach(() => store.close());

const ids = (all: readonly { readonly id: string }[]) => all.map((one) => one.id).toSorted();

describe("an undo", () => {
  test("leaves whom the identity provider has put into a group of its own", async () => {
    await store.createGroup("Engines", [ada]);
    await store.work();
    const plan = await planUndo(store.operations, importId, {});
    expect(ids(plan.touched)).toEqual([ada]);
    expect(ids(plan.targets)).toEqual([bob, eve, pilots, crew]);
  });

  test("leaves the groups in a group that stays, and who is in those", async () => {
    await store.renameGroup(crew, "The crew");
    await store.work();
    const plan = await planUndo(store.operations, importId, {});
    expect(ids(plan.touched)).toEqual([bob, pilots, crew]);
    expect(ids(plan.targets)).toEqual([ada, eve]);
  });

  test("does not mistake a group that it has deleted for one that stays, before the worker has come", async () => {
    await store.createGroup("Engines", [ada]);
    await store.work();
    const plan = await planUndo(store.operations, importId, {});
    const groups = plan.targets.filter(({ type }) => type === "Group");
    await undoImport(store.operations, { ...plan, targets: groups }, {});
    const rest = await planUndo(store.operations, importId, {});
    expect(ids(rest.targets)).toEqual([bob, eve]);
  });
});
