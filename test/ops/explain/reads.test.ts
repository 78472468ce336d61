/** However many users there are, an explanation reads the same handful of items. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explain } from "../../../lib/ops/explain/explain.ts";
import { entra } from "./idp.ts";
import { multiply } from "./multiply.ts";
import { minute, type World, world } from "./world.ts";

let w: World;
beforeEach(async () => {
  w = world();
  await w.newToken({ idp: "entra" });
});
afterEach(() => w.close());

const many = 100_000;
const readsMost = 20;
const words = ["ann@example.com", "nobody@example.com", "waiting@example.com"];

async function readsOf(word: string): Promise<ReturnType<World["reads"]>> {
  w.reads();
  await explain(w.operations, word);
  return w.reads();
}

describe("explain", () => {
  test(
    `reads as much among ${many.toLocaleString("en")} users as among three, and walks no list of them`,
    { timeout: 120_000 },
    async () => {
      await entra(w).provision("ann@example.com");
      const { id } = await entra(w).provision("seed@example.com");
      await w.work();
      await w.pass(minute);
      await entra(w).provision("waiting@example.com");
      const few: number[] = [];
      for (const word of words) few.push((await readsOf(word)).calls);
      multiply(w.db, { id, name: "seed", times: many });
      expect(w.db.prepare("SELECT count(*) AS n FROM item WHERE pk LIKE 'User#_' AND tbl = 'scim'").get()?.["n"]).toBe(
        many + 3,
      );
      for (const [n, word] of words.entries()) {
        const { calls, queries } = await readsOf(word);
        expect([word, calls]).toEqual([word, few[n]]);
        expect(queries.filter((pk) => /^[A-Za-z]+#[0-9a-f]$/.test(pk))).toEqual([]);
      }
      expect(Math.max(...few.slice(0, 2))).toBeLessThanOrEqual(readsMost);
    },
  );
});
