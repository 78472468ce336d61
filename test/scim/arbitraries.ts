/** What clients might send, for properties that hold whatever they send. */
import * as fc from "fast-check";
import { ScimError } from "../../lib/scim/error.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const operators = fc.constantFrom("eq", "ne", "co", "sw", "ew", "EQ", "Co");
const text = fc.string({ maxLength: 8, unit: "grapheme" }).map((value) => JSON.stringify(value));
const texts = fc.constantFrom(
  "userName",
  "displayName",
  "name.givenName",
  "emails.value",
  "emails",
  "manager",
  "USERTYPE",
);

const comparisons = fc.oneof(
  fc
    .tuple(texts, operators, fc.oneof(text, fc.constantFrom("bjensen", "701984", "true")))
    .map((parts) => parts.join(" ")),
  fc.constantFrom("title pr", "not (title pr)", 'active eq "False"', "externalId eq null", "emails pr"),
  fc.constantFrom('meta.created gt "2020-01-01T00:00:00Z"', `${enterprise}:department eq "x"`),
  fc.constantFrom('emails[type eq "work"].value eq "x"', 'emails[type eq "work" or primary eq true]'),
);

const valueComparisons = fc.oneof(
  fc.tuple(fc.constantFrom("type", "value", "Display"), operators, text).map((parts) => parts.join(" ")),
  fc.constantFrom("primary eq true", "value pr", 'not (type eq "work")'),
);

/** Filters over users that are right. */
export const filterTexts = joined(comparisons);

/** Paths of a user that are right. */
export const pathTexts = fc.oneof(
  fc.constantFrom(
    "userName",
    "NAME.givenname",
    "emails",
    "emails.value",
    "manager",
    enterprise,
    `${enterprise}:manager.value`,
  ),
  joined(valueComparisons).map((filter) => `emails[${filter}]`),
  joined(valueComparisons).map((filter) => `emails[${filter}].display`),
);

const scraps = fc.constantFrom(
  ...'()[]". \\'.split(""),
  "not ",
  " and ",
  " or ",
  " eq ",
  " pr",
  "userName",
  "emails",
  "value",
  "password",
  '"x"',
  "null",
  "__proto__",
  enterprise,
);

const anyText = fc.oneof(
  fc.string(),
  fc.array(scraps, { maxLength: 14 }).map((parts) => parts.join("")),
);

export const pathTextsOrNot = fc.oneof(pathTexts, anyText);
export const filterTextsOrNot = fc.oneof(filterTexts, anyText);

const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom("work", "a@example.com", "True", "", null, true, 5),
  fc.constant({ value: "a@example.com", type: "work", primary: true }),
  fc.constant([{ value: "a@example.com" }, { value: "b@example.com", primary: "true" }]),
  fc.constant({ familyName: "Doe", givenName: null }),
  fc.array(fc.constantFrom("x", "y")),
  fc.jsonValue({ maxDepth: 3 }),
);

const names = fc.constantFrom(
  "userName",
  "active",
  "emails",
  "name",
  "members",
  "password",
  "id",
  "__proto__",
  "title",
);

const operation = fc.record(
  {
    op: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom<unknown>("add", "remove", "replace", "Add", "Replace", "Remove") },
      fc.constantFrom<unknown>("move", 1),
    ),
    path: fc.oneof<fc.Arbitrary<unknown>[]>(pathTextsOrNot, names, fc.constantFrom<unknown>(null, 3)),
    value: fc.oneof(value, fc.dictionary(fc.oneof(names, pathTexts), value, { maxKeys: 4 })),
  },
  { requiredKeys: [] },
);

/** Bodies of a PATCH, right and wrong. */
export const patchBodies = fc.oneof(
  { weight: 8, arbitrary: fc.record({ Operations: fc.array(operation, { maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** The ScimError that something throws; any other error is a fault of ours and flies on. */
export function refusal(attempt: () => unknown): ScimError | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
}

/** A filter or path without the texts it was read from. */
export function withoutText(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (key === "text" ? undefined : part)));
}

function joined(terms: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.letrec<{ filter: string; term: string }>((tie) => ({
    filter: fc
      .tuple(tie("term"), fc.array(fc.tuple(fc.constantFrom(" and ", " or ", " AND "), tie("term")), { maxLength: 3 }))
      .map(([first, rest]) => first + rest.map((pair) => pair.join("")).join("")),
    term: fc.oneof(
      { maxDepth: 3, depthIdentifier: "filter" },
      terms,
      tie("filter").map((filter) => `(${filter})`),
      tie("filter").map((filter) => `not (${filter})`),
    ),
  })).filter;
}
