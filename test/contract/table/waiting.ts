/** Table: the sparse index of heads that wait. It is eventually consistent, so these tests ask until it agrees. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Attributes, Key, Table, Waiting, WaitingRange } from "../../../lib/provisioning/ports.ts";
import { freshKey, put } from "./fresh.ts";

const patience = { timeout: 30_000, interval: 50 };

export function waitingContract(table: () => Table): void {
  describe("waiting", () => {
    test("lists an item while it has both waitKey and waitAt, with pendingSince and reason", async () => {
      const [waitKey, head] = [freshWaitKey(), freshKey()];
      const rows = (): Promise<readonly Waiting[]> => table().waiting(waitKey, { limit: 10 });
      await table().write(put(head, { waitKey, waitAt: 20, pendingSince: 10, reason: "mapping", resource: "{}" }));
      const row = { pk: head.pk, sk: head.sk, waitAt: 20, pendingSince: 10 };
      await expect.poll(rows, patience).toEqual([{ ...row, reason: "mapping" }]);

      await table().write({ kind: "update", key: head, set: { waitAt: 30 }, remove: ["reason"] });
      await expect.poll(rows, patience).toEqual([{ ...row, waitAt: 30 }]);

      await table().write({ kind: "update", key: head, remove: ["waitAt"] });
      await expect.poll(rows, patience).toEqual([]);

      await table().transact([{ kind: "update", key: head, set: { waitAt: 40 } }]);
      await expect.poll(rows, patience).toEqual([{ ...row, waitAt: 40 }]);

      await table().write({ kind: "update", key: head, remove: ["waitKey"] });
      await expect.poll(rows, patience).toEqual([]);
    });

    test("lists an item no longer that was put anew without the two, or deleted", async () => {
      const waitKey = freshWaitKey();
      const [replaced, deleted] = [await waitingHead(table(), waitKey, 1), await waitingHead(table(), waitKey, 2)];
      await table().write(put(replaced, { pendingSince: 1 }));
      await table().write({ kind: "delete", key: deleted });
      await expect.poll(() => times(table(), waitKey, { limit: 10 }), patience).toEqual([]);
    });

    test("moves an item from one key to another", async () => {
      const [due, parked] = [freshWaitKey(), freshWaitKey()];
      const head = await waitingHead(table(), due, 1);
      await table().write({ kind: "update", key: head, set: { waitKey: parked } });
      await expect.poll(() => times(table(), parked, { limit: 10 }), patience).toEqual([1]);
      await expect.poll(() => times(table(), due, { limit: 10 }), patience).toEqual([]);
    });

    test("lists ascending by waitAt, up to `before` and that included, at most `limit`", async () => {
      const waitKey = freshWaitKey();
      for (const waitAt of [30, 9, 1_000_000_000_000, 10, 20]) await waitingHead(table(), waitKey, waitAt);
      const listed = (options: { before?: number; limit: number }) => () => times(table(), waitKey, options);
      await expect.poll(listed({ limit: 10 }), patience).toEqual([9, 10, 20, 30, 1_000_000_000_000]);
      expect(await listed({ before: 20, limit: 10 })()).toEqual([9, 10, 20]);
      expect(await listed({ before: 19, limit: 10 })()).toEqual([9, 10]);
      expect(await listed({ before: 8, limit: 10 })()).toEqual([]);
      expect(await listed({ before: 30, limit: 2 })()).toEqual([9, 10]);
      expect(await listed({ limit: 4 })()).toEqual([9, 10, 20, 30]);
    });

    test("lists descending, from `before` and that included down", async () => {
      const waitKey = freshWaitKey();
      for (const waitAt of [30, 9, 10, 20]) await waitingHead(table(), waitKey, waitAt);
      const listed = (options: WaitingRange) => () => times(table(), waitKey, { ...options, descending: true });
      await expect.poll(listed({ limit: 10 }), patience).toEqual([30, 20, 10, 9]);
      expect(await listed({ before: 20, limit: 10 })()).toEqual([20, 10, 9]);
      expect(await listed({ before: 29, limit: 2 })()).toEqual([20, 10]);
    });

    test.each([
      [false, [10, 20]],
      [true, [9]],
    ])("goes on behind a row within `before`, descending: %s", async (descending, times) => {
      const waitKey = freshWaitKey();
      for (const waitAt of [30, 20]) await waitingHead(table(), waitKey, waitAt);
      const { pk, sk } = await waitingHead(table(), waitKey, descending ? 10 : 9);
      await waitingHead(table(), waitKey, descending ? 9 : 10);
      const range = { before: 20, after: { pk, sk, waitAt: descending ? 10 : 9 }, descending, limit: 10 };
      const listed = async () => (await table().waiting(waitKey, range)).map((row) => row.waitAt);
      await expect.poll(listed, patience).toEqual(times);
    });

    test.each([false, true])(
      "goes on behind a row, also among many of the same time, descending: %s",
      async (descending) => {
        const waitKey = freshWaitKey();
        const heads: Key[] = [];
        for (const waitAt of [5, 7, 5, 5, 5, 3]) heads.push(await waitingHead(table(), waitKey, waitAt));
        await expect.poll(async () => (await times(table(), waitKey, { limit: 10 })).length, patience).toBe(6);
        const seen: Waiting[] = [];
        for (let rows = await table().waiting(waitKey, { descending, limit: 2 }); rows.length > 0;) {
          seen.push(...rows);
          const after = rows.at(-1);
          // Whoever was read last may have been dealt with since.
          if (seen.length === 2 && after !== undefined)
            await table().write({ kind: "delete", key: { table: "scim", pk: after.pk, sk: after.sk } });
          rows = await table().waiting(waitKey, { descending, limit: 2, ...(after && { after }) });
        }
        expect(seen.map(({ pk }) => pk).toSorted()).toEqual(heads.map(({ pk }) => pk).toSorted());
        expect(seen.map(({ waitAt }) => waitAt)).toEqual(descending ? [7, 5, 5, 5, 5, 3] : [3, 5, 5, 5, 5, 7]);
      },
    );

    test("lists several that became due at the same time", async () => {
      const waitKey = freshWaitKey();
      const heads = [await waitingHead(table(), waitKey, 5), await waitingHead(table(), waitKey, 5)];
      const pks = async (): Promise<string[]> => (await table().waiting(waitKey, { limit: 10 })).map((row) => row.pk);
      await expect
        .poll(async () => (await pks()).toSorted(), patience)
        .toEqual(heads.map((head) => head.pk).toSorted());
    });

    test("lists nothing for a key under which nothing waits", async () => {
      expect(await table().waiting(freshWaitKey(), { limit: 10 })).toEqual([]);
    });

    test("lists nothing of the Directory table", async () => {
      const waitKey = freshWaitKey();
      await table().write(put({ ...freshKey(), table: "directory" }, waitAttributes(waitKey, 1)));
      await waitingHead(table(), waitKey, 2);
      await expect.poll(() => times(table(), waitKey, { limit: 10 }), patience).toEqual([2]);
    });
  });
}

function freshWaitKey(): string {
  return `due#${randomUUID()}`;
}

function waitAttributes(waitKey: string, waitAt: number): Attributes {
  return { waitKey, waitAt, pendingSince: 1 };
}

async function waitingHead(table: Table, waitKey: string, waitAt: number): Promise<Key> {
  const key = freshKey();
  await table.write(put(key, waitAttributes(waitKey, waitAt)));
  return key;
}

async function times(table: Table, waitKey: string, options: WaitingRange): Promise<number[]> {
  return (await table.waiting(waitKey, options)).map((row) => row.waitAt);
}
