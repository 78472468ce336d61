/** Roles are made from the groups, not from the user: no command takes them for a difference. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { explain } from "../../lib/ops/explain/explain.ts";
import { preview } from "../../lib/ops/mapping/preview.ts";
import { planOne } from "../../lib/ops/resync/one.ts";
import { planResync } from "../../lib/ops/resync/plan.ts";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import { parkingTenantFile, type TestStore, testStore } from "./store.ts";

const { mapping } = parkingTenantFile;
const attributes = { ...mapping.attributes, roles: { fromGroups: { "Sales*": "seller" } } };
const tenant = readTenantFile("parking", { ...parkingTenantFile, mapping: { ...mapping, attributes } });

let store: TestStore;
let ann: string;
beforeEach(async () => {
  store = testStore();
  ann = await store.createUser({ userName: "ann", emails: [{ value: "ann@example.com" }] });
  await store.createGroup("Sales North", [ann]);
  for (let n = 0; n < 3; n += 1) {
    await store.work(tenant);
    store.pass(6_000);
  }
});
afterEach(() => store.close());

test("a resync says what other tables would change", async () => {
  const fromGroups = { "Sales*": "agent" };
  const other = readTenantFile("parking", {
    ...parkingTenantFile,
    mapping: { ...mapping, attributes: { ...attributes, roles: { fromGroups } } },
  });
  const o = { ...store.operations, tenant: other };
  expect(await planResync(o, "mappingChanged", { examples: 3 })).toMatchObject({ changed: 1, targets: [{ id: ann }] });
  expect(await planOne(o, "ann")).toMatchObject([
    { differences: [{ attribute: "roles", before: ["seller"], after: ["agent"] }] },
  ]);
});

test("explain, resync and mapping preview find whoever has roles in order", async () => {
  const o = { ...store.operations, tenant };
  expect((await readEntry(o.table, "User", ann))?.profile).toMatchObject({ roles: ["seller"] });
  expect((await explain(o, "ann")).verdict.code).toBe("in-sync");
  expect(await planOne(o, "ann")).toMatchObject([{ standing: "settled", differences: [] }]);
  expect(await planResync(o, "all", { examples: 3 })).toMatchObject({ changed: 0, appears: 0, failing: [] });
  expect(await preview(o, tenant, userType, { examples: 3 })).toMatchObject({
    unchanged: 1,
    changed: 0,
    attributes: [],
  });
});
