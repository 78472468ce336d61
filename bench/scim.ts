/**
 * Filters and PATCH beside other libraries of npm, and the validation of a user: the same cases in the same run.
 * A wrong answer is told as wrong, and its time does not count.
 */
import { equalJson, type JsonObject } from "../lib/scim/json.ts";
import { parseFilter } from "../lib/scim/filter.ts";
import { matches } from "../lib/scim/match.ts";
import { splitMembers } from "../lib/scim/member-operation.ts";
import { applyPatch, parsePatch } from "../lib/scim/patch-operation.ts";
import { readResource } from "../lib/scim/resource.ts";
import { groupType, userType } from "../lib/scim/resource-type.ts";
import { loadLibraries, type Library } from "./scim-libraries.ts";
import { filterCases, patchCases, user } from "./scim-cases.ts";

const rounds = 9;
const roundMs = 15;
const stored = readResource(userType, user).resource;

const rollcall: Library = {
  name: "Rollcall",
  fits: (filter, resource) => matches(parseFilter(userType, filter), resource),
  patch: (_, Operations) => applyPatch(userType, stored, parsePatch(userType, { Operations }).operations),
};

type Work = () => unknown;
interface Entry {
  readonly name: string;
  readonly run: Work;
  readonly right: (answer: unknown) => boolean;
}

export async function scim(): Promise<void> {
  const all = [rollcall, ...(await loadLibraries())];
  await table(
    "filter: parse and match",
    all.filter((library) => library.fits),
    filterCases.map(([filter, fits]) => [
      `\`${filter}\``,
      (library) => ({
        name: library.name,
        run: () => library.fits?.(filter, user),
        right: (answer) => answer === fits,
      }),
    ]),
  );
  await table(
    "PATCH: read and apply",
    all.filter((library) => library.patch),
    patchCases.map(([name, operations, expected]) => [
      name,
      (library) => ({
        name: library.name,
        run: () => library.patch?.(user, operations),
        right: (answer) => equalJson(plain(answer), plain({ ...user, ...expected })),
      }),
    ]),
  );
  await table(
    "PATCH: one member more",
    all.filter((library) => library.patch),
    [10, 1_000].map(memberCase),
  );
  await validation();
}

type Case = readonly [title: string, entry: (library: Library) => Entry];

/** Prints microseconds, and how many times the quickest right peer's ours are. */
async function table(title: string, libraries: readonly Library[], cases: readonly Case[]): Promise<void> {
  const names = libraries.map(({ name }) => name);
  console.log(`\n${title}, µs, the quickest of ${rounds} rounds (ratio: ours to the quickest right one)\n`);
  console.log(`| case | ${names.join(" | ")} | ratio |\n| --- |${" ---: |".repeat(names.length + 1)}`);
  // What comes first must not pay for the machine's getting to know the code.
  for (const [, entryOf] of cases)
    for (const entry of libraries.map(entryOf)) if (await isRight(entry)) await round(entry.run);
  const wrong = new Map(names.map((name) => [name, 0]));
  for (const [name, entryOf] of cases) {
    const entries = libraries.map(entryOf);
    const right = await Promise.all(entries.map(isRight));
    const times = await measured(entries.filter((_, n) => right[n]));
    for (const [n, peer] of names.entries()) if (right[n] !== true) wrong.set(peer, (wrong.get(peer) ?? 0) + 1);
    const [ours = NaN, ...others] = names.map((peer) => times.get(peer));
    const best = Math.min(...others.filter((time) => time !== undefined));
    const shown = names.map((peer) => times.get(peer)?.toFixed(2) ?? "wrong");
    console.log(
      `| ${name.replaceAll("|", "\\|")} | ${shown.join(" | ")} | ${best === Infinity ? "-" : (ours / best).toFixed(2)} |`,
    );
  }
  console.log(`| wrong answers of ${cases.length} | ${names.map((name) => wrong.get(name)).join(" | ")} | |`);
}

async function isRight({ run, right }: Entry): Promise<boolean> {
  try {
    return right(await run());
  } catch {
    return false;
  }
}

/** The quickest round by name, the entries in turns: a busy machine makes nothing quicker. Units: microseconds. */
async function measured(entries: readonly Entry[]): Promise<Map<string, number>> {
  const times = new Map<string, number[]>(entries.map(({ name }) => [name, []]));
  for (let n = 0; n <= rounds; n += 1) {
    // The first round warms up.
    for (const { name, run } of entries)
      if (n === 0) await round(run);
      else times.get(name)?.push(await round(run));
  }
  return new Map([...times].map(([name, list]) => [name, Math.min(...list)]));
}

async function round(run: Work): Promise<number> {
  const began = performance.now();
  let calls = 0;
  while (performance.now() - began < roundMs) {
    for (let n = 0; n < 10; n += 1) {
      const answer = run();
      if (answer instanceof Promise) await answer;
    }
    calls += 10;
  }
  return ((performance.now() - began) * 1000) / calls;
}

/** Ours is the delta: the members that are there are never looked at. */
function memberCase(size: number): Case {
  const members = Array.from({ length: size }, (_, n) => ({ value: `00000000-0000-4000-8000-${n}`, type: "User" }));
  const group: JsonObject = { schemas: [groupType.schema.id], displayName: "Sales", members };
  const operations = [{ op: "add", path: "members", value: [{ value: "2819c223" }] }];
  const ours = (): JsonObject[] =>
    splitMembers(parsePatch(groupType, { Operations: operations }).operations).members.map(plain);
  const entry = (library: Library): Entry => ({
    name: library.name,
    run: library === rollcall ? ours : () => library.patch?.(group, operations),
    right: (answer) => JSON.stringify(answer).includes("2819c223"),
  });
  return [`a group of ${size}`, entry];
}

async function validation(): Promise<void> {
  const entra = {
    ...user,
    displayName: "Ada Lovelace",
    preferredLanguage: "en",
    addresses: [address],
    phoneNumbers: phones,
  };
  const [time = 0] = (
    await measured([{ name: "", run: () => readResource(userType, entra), right: () => true }])
  ).values();
  console.log(
    `\nvalidation of a full Entra user, ${JSON.stringify(entra).length} characters: ${time.toFixed(1)} µs (goal: 100)`,
  );
}

const address = {
  type: "work",
  formatted: "1 St",
  streetAddress: "1 St",
  locality: "London",
  region: "L",
  postalCode: "1",
  country: "GB",
};
const phones = ["work", "mobile", "fax"].map((type) => ({ type, value: "+44 20 7946 0000" }));

/** Without what only a server says, and without what is the same as absent. */
function plain(value: unknown): JsonObject {
  const copy: JsonObject = JSON.parse(JSON.stringify(value ?? null)) ?? {};
  const { schemas: _, id: __, meta: ___, ...rest } = copy;
  return rest;
}
