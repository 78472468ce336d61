/** Filters, evaluated a second time by a plain list of what stands where in the resource. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseFilter } from "../../lib/scim/filter.ts";
import { matches } from "../../lib/scim/match.ts";
import { userType } from "../../lib/scim/resource-type.ts";

type Scalar = string | number | boolean;
type Tree =
  | { readonly kind: "and"; readonly parts: readonly Tree[] }
  | { readonly kind: "or"; readonly parts: readonly Tree[] }
  | { readonly kind: "not"; readonly part: Tree }
  | { readonly kind: "compare"; readonly path: string; readonly op: string; readonly value: Scalar | null }
  | { readonly kind: "present"; readonly path: string }
  | { readonly kind: "element"; readonly path: string; readonly part: Tree };

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const exact = new Set(["externalId", "id"]);
const times = new Set(["meta.created"]);

/** Short words, so that they often meet. */
const word = fc.string({ unit: fc.constantFrom("a", "A", "b", "é", "É", " ", '"', "\\"), maxLength: 3 });
const time = fc.constantFrom("2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00", "2026-02-01T00:00:00.000Z");
const textPaths = ["userName", "externalId", "name.familyName", "title", "emails.value", `${enterprise}:department`];
const textOps = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

const email = fc.record({ value: word, type: word, primary: fc.boolean() }, { requiredKeys: [] });
const resource = fc.record(
  {
    userName: word,
    externalId: word,
    title: word,
    active: fc.boolean(),
    name: fc.record({ familyName: word, givenName: word }, { requiredKeys: [] }),
    emails: fc.array(email, { maxLength: 3 }),
    meta: fc.record({ created: time }),
    [enterprise]: fc.record({ department: word }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

function compare(
  paths: readonly string[],
  ops: readonly string[],
  value: fc.Arbitrary<Scalar | null>,
): fc.Arbitrary<Tree> {
  return fc.record({
    kind: fc.constant("compare"),
    path: fc.constantFrom(...paths),
    op: fc.constantFrom(...ops),
    value,
  });
}

const inElement: fc.Arbitrary<Tree> = fc.oneof(
  compare(["value", "type"], textOps, word),
  compare(["primary"], ["eq", "ne"], fc.boolean()),
  fc.record({ kind: fc.constant("present"), path: fc.constantFrom("value", "type", "primary") }),
);

const leaf: fc.Arbitrary<Tree> = fc.oneof(
  compare(textPaths, textOps, word),
  compare(textPaths, ["eq", "ne"], fc.constant(null)),
  compare(["active", "emails.primary"], ["eq", "ne"], fc.boolean()),
  compare(["meta.created"], ["eq", "ne", "gt", "ge", "lt", "le"], time),
  fc.record({ kind: fc.constant("present"), path: fc.constantFrom(...textPaths, "active", "name", "emails", "roles") }),
  fc.record({ kind: fc.constant("element"), path: fc.constant("emails"), part: joined(inElement) }),
);

test("R31, R33, R35, R37, R38: a filter holds for what a naive reading says", () => {
  let held = 0;
  fc.assert(
    fc.property(joined(leaf), resource, (tree, user) => {
      const text = print(tree);
      const expected = naive(tree, user);
      if (expected) held += 1;
      expect([text, matches(parseFilter(userType, text), JSON.parse(JSON.stringify(user)))]).toEqual([text, expected]);
    }),
    { numRuns: 5_000 },
  );
  expect(held).toBeGreaterThan(500);
});

function joined(leaves: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> {
  return fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      leaves,
      fc.record({
        kind: fc.constantFrom("and", "or"),
        parts: fc.array(tie("tree"), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant("not"), part: tie("tree") }),
    ),
  })).tree;
}

function print(tree: Tree): string {
  switch (tree.kind) {
    case "not":
      return `not (${print(tree.part)})`;
    case "compare":
      return `${tree.path} ${tree.op} ${JSON.stringify(tree.value)}`;
    case "present":
      return `${tree.path} pr`;
    case "element":
      return `${tree.path}[${print(tree.part)}]`;
    default:
      return tree.parts.map((part) => `(${print(part)})`).join(` ${tree.kind} `);
  }
}

function naive(tree: Tree, holder: unknown): boolean {
  if (tree.kind === "and" || tree.kind === "or") {
    const held = tree.parts.map((part) => naive(part, holder));
    return tree.kind === "and" ? !held.includes(false) : held.includes(true);
  }
  if (tree.kind === "not") return !naive(tree.part, holder);
  if (tree.kind === "element") return childrenOf(holder, tree.path).some((element) => naive(tree.part, element));
  const found = scalarsAt(holder, tree.path);
  const present = found.filter((value) => value !== "");
  if (tree.kind === "present") return present.length > 0;
  if (tree.value === null) return present.length > 0 === (tree.op === "ne");
  // What is not there differs from everything.
  if (found.length === 0) return tree.op === "ne";
  const wanted = comparable(tree.path, tree.value);
  return found.some((value) => holds(tree.op, comparable(tree.path, value), wanted));
}

/** Everything below a path, texts and truths alone. */
function scalarsAt(holder: unknown, path: string): Scalar[] {
  const names = path.startsWith(enterprise) ? [enterprise, path.slice(enterprise.length + 1)] : path.split(".");
  const ends = names.reduce<unknown[]>((places, name) => places.flatMap((place) => childrenOf(place, name)), [holder]);
  return ends.flatMap(leavesOf);
}

function childrenOf(holder: unknown, name: string): unknown[] {
  const child = new Map<string, unknown>(Object.entries(holder ?? {})).get(name);
  return child === undefined ? [] : [child].flat();
}

function leavesOf(value: unknown): Scalar[] {
  if (typeof value === "string" || typeof value === "boolean") return [value];
  return Object.values(value ?? {}).flatMap(leavesOf);
}

function comparable(path: string, value: Scalar): Scalar {
  if (typeof value !== "string" || exact.has(path)) return value;
  return times.has(path) ? new Date(value).getTime() : value.toLowerCase();
}

function holds(op: string, found: Scalar, wanted: Scalar): boolean {
  const tests: Readonly<Record<string, boolean>> = {
    eq: found === wanted,
    ne: found !== wanted,
    gt: found > wanted,
    ge: found >= wanted,
    lt: found < wanted,
    le: found <= wanted,
    co: String(found).split(String(wanted)).length > 1 || wanted === "",
    sw: String(found).slice(0, String(wanted).length) === wanted,
    ew: wanted === "" || String(found).slice(-String(wanted).length) === wanted,
  };
  return tests[op] ?? false;
}
