import { describe, expect, test } from "vitest";
import { type Known, masker } from "../../../lib/ops/support-bundle/masker.ts";
import { parkingTenant } from "../store.ts";

const nobody: Known = { identifiers: [], values: [], sentences: [], tokenIds: [] };
const text = (given: string, known: Partial<Known> = {}) => masker(parkingTenant, { ...nobody, ...known }).text(given);
const id = "ff31e7fd-131c-4241-ac60-6db308a2404a";

describe("a masked sentence", () => {
  test.each<[string, string, string, Partial<Known>]>([
    ["an e-mail address goes, known or not", "for ada@example.com: no", "for a•••@e•••.com: no", {}],
    [
      "a quoted value goes, the names of attributes stay",
      '"userName" may not be "Ada"',
      '"userName" may not be "A•••"',
      {},
    ],
    [
      "a path of the mapping stays",
      'no value at "emails.value", of type "work"',
      'no value at "emails.value", of type "work"',
      {},
    ],
    [
      "an identifier goes in any letter case, however short",
      "ADA and al were asked for",
      "A••• and ••• were asked for",
      { identifiers: ["ada", "Al"] },
    ],
    ["but not within a word", "a Canadian also", "a Canadian also", { identifiers: ["ada", "al"] }],
    [
      "another value goes as it stands, and not where it is another word",
      "Sales made sales",
      "S••• made sales",
      { values: ["Sales"] },
    ],
    ["a value of two letters says nothing", "it is DE", "it is DE", { values: ["DE"] }],
    ["a key of the tenant file stays", 'add it, or "otherwise"', 'add it, or "otherwise"', {}],
    ["our own ids stay", `User "${id}" and ${id}`, `User "${id}" and ${id}`, {}],
    ["an id of theirs goes", `externalId ${id}`, "externalId f•••", { identifiers: [id] }],
    ["the id of a token stays", 'its token "k3v9" has expired', 'its token "k3v9" has expired', { tokenIds: ["k3v9"] }],
    ["letters with marks are letters", "Zoë, Zoëlle", "Z•••, Zoëlle", { identifiers: ["Zoë"] }],
  ])("%s", (_name, given, masked, known) => {
    expect(text(given, known)).toBe(masked);
  });

  test("a long value that was cut off, at its end and before other quotes", () => {
    const long = `Ada ${"x".repeat(200)}`;
    const cut = `"${long.slice(0, 100)}… is not "userName"`;
    expect(text(cut)).toBe('"A•••" is not "userName"');
    expect(text(`has ${long.slice(0, 100)}… there`, { values: [long] })).toBe("has A•••… there");
  });

  test("a sentence that is quoted whole: its own quotes are no ends of the others", () => {
    const detail = '"userName" is "Ada"; send another';
    const sentences = [detail];
    expect(text(`answered: "${detail}" again`, { sentences })).toBe(
      'answered: ""userName" is "A•••"; send another" again',
    );
  });
});

describe("masked values", () => {
  test("equal ones look equal in data and in sentences, different ones have a number", () => {
    const { value, text: sentence } = masker(parkingTenant, { ...nobody, identifiers: ["anna", "anton"] });
    expect(value({ a: "anna", b: "anton", c: ["anna"], d: 7, e: true, type: "work" })).toEqual({
      a: "a•••",
      b: "a•••#2",
      c: ["a•••"],
      d: "•••",
      e: true,
      type: "work",
    });
    expect(sentence("anton is not anna")).toBe("a•••#2 is not a•••");
  });

  test("what is masked already is not masked again", () => {
    const { value, text: sentence } = masker(parkingTenant, nobody);
    expect(value("ada@example.com")).toBe("a•••@e•••.com");
    expect(sentence("for a•••@e•••.com")).toBe("for a•••@e•••.com");
    expect(value("amy@else.com")).toBe("a•••@e•••.com#2");
  });
});
