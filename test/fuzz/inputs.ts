/** Inputs for the fuzzer: what is right, cut, doubled, mixed and grown until it is not. */
import { patchSchema } from "../../lib/scim/patch-operation.ts";
import { sample, sampleNames } from "../rfc/sample.ts";
import type { Random } from "../simulation/random.ts";
import { charactersMost, type TargetName } from "./targets.ts";

const bodies = sampleNames.filter((name) => !name.includes("8.6") && !name.includes("8.7"));

const corpus: Readonly<Record<TargetName, readonly string[]>> = {
  body: bodies.map((name) => JSON.stringify(sample(name))),
  patch: [
    ...bodies.filter((name) => name.includes("3.5.2")).map((name) => JSON.stringify(sample(name))),
    JSON.stringify({ schemas: [patchSchema], Operations: [{ op: "Add", path: "emails", value: "x" }] }),
  ],
  filter: [
    'userName eq "bjensen"',
    'emails[type eq "work" and value co "@example.com"].value sw "a"',
    'not (title pr) and (userType eq "Employee" or meta.lastModified ge "2011-05-13T04:42:34Z")',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "26118915"',
  ],
  path: [
    "name.familyName",
    'addresses[type eq "work"].streetAddress',
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    'members[value eq "2819c223" or type pr]',
  ],
  query: [
    "filter=userName+eq+%22bjensen%22&attributes=userName,emails.value&startIndex=1&count=10",
    "excludedAttributes=members&sortBy=name.familyName&sortOrder=descending&cursor",
  ],
};

const scraps = [
  ...'()[]{}",:.\\%&=+-0e \t\n'.split(""),
  "null",
  "true",
  '""',
  "[]",
  "{}",
  "1e999",
  '\\"',
  String.raw`\u0000`,
  String.raw`\ud800`,
  "\u{1F600}",
  "İ",
  "\uFEFF",
  " and ",
  " or ",
  "not (",
  " eq ",
  " pr",
  "__proto__",
  "constructor",
  "emails[",
  '"op":"remove"',
  "password",
  "members",
];

/** Another input of the target, the same for the same `random`. */
export function nextInput(random: Random, name: TargetName): string {
  let text = random.pick(corpus[name]);
  const changes = 1 + random.int(6);
  for (let n = 0; n < changes; n += 1) text = changed(random, name, text);
  // Now and then as long as an input may be, because time grows with length.
  if (random.chance(0.03)) text = text.repeat(Math.ceil(charactersMost / Math.max(1, text.length)));
  return text.slice(0, charactersMost);
}

function changed(random: Random, name: TargetName, text: string): string {
  const [from, to] = [random.int(text.length + 1), random.int(text.length + 1)].toSorted((a, b) => a - b);
  const [start, end] = [from ?? 0, to ?? 0];
  const piece = text.slice(start, end);
  switch (random.int(7)) {
    case 0:
      return text.slice(0, start) + text.slice(end);
    case 1:
      return text.slice(0, end) + piece + text.slice(end);
    case 2:
      return text.slice(0, start) + random.pick(scraps) + text.slice(start);
    case 3:
      return text.slice(0, start) + random.pick(scraps) + text.slice(start + 1);
    case 4:
      return text.slice(0, start) + random.pick(scraps).repeat(1 + random.int(200)) + text.slice(start);
    case 5:
      return text.slice(0, start) + String.fromCharCode(random.int(0x1_00_00)) + text.slice(start + 1);
    default:
      return text.slice(0, start) + random.pick(corpus[name]).slice(random.int(20));
  }
}
