/**
 * How time grows with what is sent (R124): through the whole api handler, each case at one size and at sixteen times that.
 * Linear is 16, quadratic 256; the bound between them leaves room for a machine that does something else meanwhile.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limits } from "../../lib/scim/limits.ts";
import { groupSchema, patch, user } from "../local/served.ts";
import type { Asked } from "./event.ts";
import { type Harness, harness, textOf } from "./harness.ts";

const ratioMost = 64;
const growth = 16;

let api: Harness;
let ada: string;
let sales: string;
beforeAll(async () => {
  api = await harness();
  ada = `/scim/v2/Users/${textOf((await api.ask("POST", "/scim/v2/Users", { body: user("ada") })).body["id"])}`;
  const body = { schemas: [groupSchema], displayName: "Sales" };
  sales = `/scim/v2/Groups/${textOf((await api.ask("POST", "/scim/v2/Groups", { body })).body["id"])}`;
});
afterAll(() => api.close());

const each = <T>(size: number, make: (n: number) => T): T[] => Array.from({ length: size }, (_, n) => make(n));
const search = (query: string) => [`GET`, `/scim/v2/Users?${query}`, {}] as const;

/** The size is the small one; most are chosen so that the large one is just allowed. */
const cases: readonly [string, number, (size: number) => readonly [string, string, Asked]][] = [
  ["names that no schema has", 1_000, (size) => put(Object.fromEntries(each(size, (n) => [`k${n}`, n])))],
  ["values of an attribute", 60, (size) => put({ roles: each(size, (n) => ({ value: `v${n}`, primary: true })) })],
  ["a long text, all escapes", 2_000, (size) => put({ title: '\\"'.repeat(size) })],
  ["a body that is no JSON", 100_000, (size) => ["PUT", ada, { body: `{"userName":"${"x".repeat(size)}` }]],
  ["brackets without end", 100_000, (size) => ["PUT", ada, { body: "[".repeat(size) }]],
  ["operations", 60, (size) => change(each(size, (n) => ({ op: "replace", path: "title", value: `t${n}` })))],
  [
    "values that are added",
    60,
    (size) => change([{ op: "add", path: "roles", value: each(size, (n) => ({ value: `${n}` })) }]),
  ],
  ["members that are removed", 60, (size) => ["PATCH", sales, { body: patch(...each(size, removal)) }]],
  ["terms of a filter", 20, (size) => search(`filter=${each(size, () => 'title+eq+"a"').join("+or+")}`)],
  ["a filter without an end", 500, (size) => search(`filter=title+eq+%22${String.raw`\\`.repeat(size / 2)}`)],
  ["brackets of a filter", 500, (size) => search(`filter=${"(".repeat(size)}`)],
  ["names that are asked for", 30, (size) => search(`attributes=${each(size, (n) => `name${n}`).join(",")}`)],
  ["parameters that nobody knows", 1_000, (size) => search(each(size, (n) => `p${n}=${n}`).join("&"))],
];

function put(more: object): readonly [string, string, Asked] {
  return ["PUT", ada, { body: user("ada", more) }];
}

function change(operations: object[]): readonly [string, string, Asked] {
  return ["PATCH", ada, { body: patch(...operations) }];
}

function removal(n: number): object {
  return { op: "remove", path: `members[value eq "${n}"]` };
}

describe("time grows no faster than what is sent", () => {
  test.each(cases)("%s", async (_, size, requestOf) => {
    const small = await quickest(requestOf(size));
    const large = await quickest(requestOf(size * growth));
    expect(large / small).toBeLessThan(ratioMost);
  });
});

test("many operations, each of which looks at many values, take less than a function's time", async () => {
  const values = each(limits.valuesPerAttribute - 1, (n) => ({ value: `v${n}` }));
  const operations = each(limits.patchOperations - 1, (n) => ({
    op: "add",
    path: `roles[value eq "v${n}"].display`,
    value: "x",
  }));
  const began = performance.now();
  const [method, target, asked] = change([{ op: "replace", path: "roles", value: values }, ...operations]);
  // Done, or refused because of what it would look at.
  expect([200, 400]).toContain((await api.ask(method, target, asked)).status);
  expect(performance.now() - began).toBeLessThan(5_000);
});

/** The machine may pause, but never makes anything quicker. Units: milliseconds. */
async function quickest([method, target, asked]: readonly [string, string, Asked]): Promise<number> {
  let least = Infinity;
  for (let n = 0; n < 5; n += 1) {
    const began = performance.now();
    const { status } = await api.ask(method, target, asked);
    least = Math.min(least, performance.now() - began);
    if (status >= 500) throw new Error(`${method} ${target.slice(0, 80)}: ${status}`);
  }
  return least;
}
