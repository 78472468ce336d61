/** docs/security.md: each test that it cites is there, and each of ours is cited. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import packageFile from "../../package.json" with { type: "json" };

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/security.md"), "utf8");
const cited = new Set([...page.matchAll(/\[(test\/[\w/.-]+\.test\.ts)\]/g)].map(([, path = ""]) => path));

test("docs/security.md cites tests that there are", () => {
  expect(cited.size).toBeGreaterThan(15);
  expect([...cited].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("docs/security.md cites each test of test/security", () => {
  const ours = globSync("test/security/*.test.ts", { cwd: root }).filter(
    (path) => path !== "test/security/page.test.ts",
  );
  expect(ours.filter((path) => !cited.has(path))).toEqual([]);
});

test("docs/security.md says of each dependency why it is one", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  // `@aws-sdk/client-dynamodb`, or beside it in one cell the last word alone: `client-sqs`.
  const isNamed = (name: string) =>
    rows.some((row) => row.includes(`\`${name}\``) || row.includes(`\`${name.split("/").at(-1)}\``));
  const names = Object.keys(packageFile.dependencies);
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !isNamed(name))).toEqual([]);
});

test("the links of docs/security.md lead somewhere", () => {
  const links = [...page.matchAll(/\]\(([\w.-]+\.md)(?:#([\w-]+))?\)/g)];
  const anchors = (file: string) =>
    [...readFileSync(join(root, "docs", file), "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-"),
    );
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter(([, file = "", anchor]) => anchor !== undefined && !anchors(file).includes(anchor))).toEqual([]);
});
