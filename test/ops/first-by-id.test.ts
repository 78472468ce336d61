import { expect, test } from "vitest";
import { firstById } from "../../lib/ops/first-by-id.ts";

test.each([
  ["ascending", ["a", "b", "c", "d", "e"]],
  ["descending", ["e", "d", "c", "b", "a"]],
  ["in any order", ["c", "e", "a", "d", "b"]],
])("the first few by id of those that come %s", (_, ids) => {
  const all = ids.map((id) => ({ id }));
  expect(firstById(all, 3).map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(firstById(all, 9)).toHaveLength(5);
});
