/** What crashed once, and what was written to: each is read or refused now, in time. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { crashOf, type TargetName, targets } from "./targets.ts";

const folder = join(import.meta.dirname, "../regressions");

test.each(readdirSync(folder))("%s", (file) => {
  const { target, input } = regression(file);
  expect(crashOf(target, input)).toBeUndefined();
});

function regression(file: string): { target: TargetName; input: string } {
  const kept: { target: TargetName; input: string } = JSON.parse(readFileSync(join(folder, file), "utf8"));
  if (kept.target in targets && typeof kept.input === "string") return kept;
  throw new Error(`${file} needs a target of ${Object.keys(targets).join(", ")} and an input`);
}
