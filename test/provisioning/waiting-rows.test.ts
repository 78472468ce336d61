import { afterEach, beforeEach, expect, test } from "vitest";
import { waitKeys } from "../../lib/provisioning/keys.ts";
import { waitingRows } from "../../lib/provisioning/waiting-rows.ts";
import { acme } from "../local/served.ts";
import { testStore, type TestStore } from "../ops/store.ts";

let store: TestStore;
beforeEach(() => {
  store = testStore(acme);
});
afterEach(() => store.close());

async function wait(waitKey: string | undefined, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const key = { table: "scim", pk: `User#${waitKey}`, sk: String(n) } as const;
    await store.operations.table.write({ kind: "put", key, attributes: { waitKey: waitKey ?? "", waitAt: n } });
  }
}

test.each([
  ["a key that gave fewer than were asked for has no more", { due: 2, parked: 0 }, { count: 2, isMore: false }],
  ["one that gave as many may have more", { due: 3, parked: 0 }, { count: 3, isMore: true }],
  ["keys of two kinds are not taken for one", { due: 2, parked: 2 }, { count: 4, isMore: false }],
])("%s", async (_, { due, parked }, expected) => {
  await wait(waitKeys("due")[5], due);
  await wait(waitKeys("parked")[5], parked);
  const { rows, isMore } = await waitingRows(store.operations, ["due", "parked"], 3);
  expect({ count: rows.length, isMore }).toEqual(expected);
});
