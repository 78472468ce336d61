/** Each accepted change stands in the index of all changes by time, once, whatever its writer met on the way. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { purgeExpired } from "../../lib/local/purge.ts";
import { acceptedKeys } from "../../lib/provisioning/keys.ts";
import { type Table, TableError } from "../../lib/provisioning/ports.ts";
import { createResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import { type TestStore, testStore } from "../ops/store.ts";

let store: TestStore;
beforeEach(() => {
  store = testStore();
});
afterEach(() => store.close());

const caller = { caller: { requestId: "request-1", tokenId: "test" } };
const titled = (value: string) => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  Operations: [{ op: "replace", path: "title", value }],
});

async function listed(): Promise<string[]> {
  const { table } = store.operations;
  const rows = await Promise.all(acceptedKeys.map(async (key) => await table.waiting(key, { limit: 100 })));
  return rows.flat().map(({ pk, sk }) => `${pk} ${Number(sk)}`);
}

/** The first transaction goes otherwise. */
function onceWith(transact: (inner: Table, ...asked: Parameters<Table["transact"]>) => Promise<void>) {
  const { table } = store.operations;
  let isFirst = true;
  const through: Table["transact"] = async (writes) => {
    if (!isFirst) return await table.transact(writes);
    isFirst = false;
    await transact(table, writes);
  };
  return { ...store.operations, table: { ...table, transact: through } };
}

describe("the index of accepted changes", () => {
  test("has a row for each change, of the resource and its version, and keeps it once it is applied", async () => {
    const id = await store.createUser({ userName: "ada@example.com" });
    await store.patchUser(id, { title: "Countess" });
    await store.work();
    expect(await listed()).toEqual([`Log#${id} 1`, `Log#${id} 2`]);
  });

  test("has a change once when its answer was lost and it was looked for", async () => {
    const losing = onceWith(async (table, writes) => {
      await table.transact(writes);
      throw new TableError("lost", "no answer");
    });
    const { state } = await createResource(losing, userType, { userName: "ada@example.com" }, caller);
    expect(await listed()).toEqual([`Log#${state.id} 1`]);
  });

  test("has each of two changes that met once: the one that lost the race is written behind the other", async () => {
    const id = await store.createUser({ userName: "ada@example.com" });
    const racing = onceWith(async (table, writes) => {
      await store.patchUser(id, { title: "Countess" });
      await table.transact(writes);
    });
    await patchResource(racing, userType, id, titled("Lady"), caller);
    expect(await listed()).toEqual([1, 2, 3].map((version) => `Log#${id} ${version}`));
  });

  test("loses a change when its log item ends, a group's as well, which gets its end when it is applied", async () => {
    const id = await store.createUser({ userName: "ada@example.com" });
    const group = await store.createGroup("Pilots", [id]);
    const { evidenceDays } = store.operations.tenant;
    const later = Math.ceil(store.operations.clock.now() / 1000) + (evidenceDays + 1) * 86_400;
    await store.work();
    await store.renameGroup(group, "Crew");
    purgeExpired(store.db, later);
    expect(await listed()).toEqual([`Log#${group} 2`]);
  });

  test("has nothing of a request that changed nothing", async () => {
    const id = await store.createUser({ userName: "ada@example.com", title: "Countess" });
    await patchResource(store.operations, userType, id, titled("Countess"), caller);
    expect(await listed()).toEqual([`Log#${id} 1`]);
  });
});
