import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parsePath } from "../../lib/scim/attribute-path.ts";
import { findAttribute, uniqueAttributes, userType } from "../../lib/scim/resource-type.ts";
import {
  isTenantName,
  readTenantFile,
  readTenantSettings,
  TenantFileError,
} from "../../lib/provisioning/tenant-file.ts";
import { tenantJsonSchema } from "../../lib/provisioning/tenant-json-schema.ts";

const folder = join(import.meta.dirname, "../../tenants");
const schemaFile = "tenant.schema.json";
const files = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== schemaFile);
const readJson = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));

/** A tenant file that is right, but for what a test puts in. */
function tenantFile(changes: { attributes?: unknown; mapping?: object; [key: string]: unknown } = {}): unknown {
  const { attributes = { login: { from: "userName" } }, mapping, ...rest } = changes;
  return { environment: { region: "eu-central-1" }, mapping: { attributes, ...mapping }, ...rest };
}

const ownDomain = {
  name: "scim.example.com",
  certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/2e1f",
};

const keptTables = { scimTable: "kept-scim", directoryTable: "kept-directory" };

function streamOf(table: string, region = "eu-central-1"): string {
  return `arn:aws:dynamodb:${region}:111122223333:table/${table}/stream/2026-11-25T02:00:00.000`;
}

function problemsOf(json: unknown, name = "acme"): string[] {
  try {
    readTenantFile(name, json);
  } catch (error) {
    if (error instanceof TenantFileError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("the files in tenants", () => {
  test.each(files)("%s is valid", (file) => {
    const name = file.slice(0, -".json".length);
    expect(readTenantFile(name, readJson(file))).toMatchObject({ name });
  });

  test("acme requires nothing but userName, as some identity providers create users with no more", () => {
    const { mapping } = readTenantFile("acme", readJson("acme.json"));
    const required = mapping.attributes.filter((attribute) => attribute.required);
    expect(required.map(({ from }) => from.map((path) => path.text))).toEqual([["userName"]]);
  });

  test("tenant.schema.json, which editors use, is current; if not: npm run tenant-schema", () => {
    expect(readFileSync(join(folder, schemaFile), "utf8")).toBe(tenantJsonSchema());
  });
});

describe("a tenant file", () => {
  test("needs a region and a mapping; all else has a default", () => {
    expect(readTenantSettings("acme", tenantFile())).toEqual({
      environment: { region: "eu-central-1" },
      mapping: {
        policy: "reject",
        attributes: { login: { from: "userName", trim: false, required: false, lookup: false } },
      },
      trustsProxy: false,
      groups: { uniqueNames: true, unknownMembers: "reject" },
      lifecycle: { rehire: "conflict", onDelete: { entry: "remove" } },
      evidence: { days: 30 },
      leavers: { limitMinutes: 5, brake: { windowMinutes: 60, people: 500, percent: 20, action: "alarm" } },
      imports: { matchBy: ["userName"] },
      logRetentionDays: 30,
      alarms: { pendingMinutes: 15 },
      dashboard: true,
    });
  });

  test("says for how long a deleted user's profile stays", () => {
    const lifecycle = { rehire: "reactivate", onDelete: { entry: "retain", days: 400 } };
    expect(readTenantFile("acme", tenantFile({ lifecycle })).lifecycle).toEqual({
      rehire: "reactivate",
      retainDays: 400,
    });
  });

  test("becomes a tenant whose paths are resolved", () => {
    const attributes = { mail: { from: ["emails.value", "userName"], constant: "-", lookup: true } };
    const tenant = readTenantFile("acme", tenantFile({ attributes, groups: { unknownMembers: "skip" } }));
    expect(tenant).toMatchObject({ name: "acme", unknownMembers: "skip" });
    expect(tenant.mapping).toMatchObject({ policy: "reject", hash: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(tenant.mapping.attributes).toEqual([
      {
        name: "mail",
        from: [parsePath(userType, "emails.value"), parsePath(userType, "userName")],
        constant: "-",
        trim: false,
        required: false,
        lookup: true,
      },
    ]);
  });

  test.each([
    [true, ["displayName"]],
    [false, []],
  ])("groups.uniqueNames %j decides whether a group's name is unique (D12)", (uniqueNames, unique) => {
    const { types } = readTenantFile("acme", tenantFile({ groups: { uniqueNames } }));
    const group = types.find((type) => type.id === "Group");
    expect(group && uniqueAttributes(group).map((attribute) => attribute.name)).toEqual(unique);
    expect(group && findAttribute(group.schema.attributes, "displayName")?.required).toBe(true);
  });

  test.each([
    [
      "a misspelt key",
      tenantFile({ attributes: { department: { form: "userName" } } }),
      'tenants/acme.json: mapping.attributes.department.form: unknown key; did you mean "from"? Expected keys: from, constant, join, trim, case, table, otherwise, as, required, policy, lookup, fromGroups.',
    ],
    [
      "a key that resembles none",
      tenantFile({ colour: "red" }),
      "tenants/acme.json: colour: unknown key; expected one of $schema, environment, domain, adopt, trustsProxy, allowFrom, mapping, groups, schemas, extensions, lookups, resourceTypes, lifecycle, evidence, leavers, events, oauth, imports, logRetentionDays, alarms, dashboard.",
    ],
    [
      "an address that is none",
      tenantFile({ allowFrom: ["203.0.113.0/24", "203.0.113.0/33"] }),
      'tenants/acme.json: allowFrom[1]: found "203.0.113.0/33"; expected an IP address, or a range such as 203.0.113.0/24 or 2001:db8::/32.',
    ],
    [
      "a list of addresses that would let nobody in",
      tenantFile({ allowFrom: [] }),
      "tenants/acme.json: allowFrom: found a list of 0; expected at least one; without the key requests may come from anywhere.",
    ],
    [
      "a truststore that is not in S3",
      tenantFile({ domain: { ...ownDomain, mutualTls: { truststore: "./ca.pem" } } }),
      'tenants/acme.json: domain.mutualTls.truststore: found "./ca.pem"; expected the place of a PEM file in S3, such as s3://bucket/truststore.pem.',
    ],
    [
      "a certificate of another region",
      tenantFile({ domain: { ...ownDomain, certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/2e1f" } }),
      "tenants/acme.json: domain.certificateArn: found one of us-east-1; expected one of eu-central-1, the stack's region.",
    ],
    [
      "a topic of another region",
      tenantFile({ alarms: { topicArn: "arn:aws:sns:eu-west-1:111122223333:on-call" } }),
      "tenants/acme.json: alarms.topicArn: found one of eu-west-1; expected one of eu-central-1, the stack's region.",
    ],
    [
      "an e-mail address that is none",
      tenantFile({ alarms: { email: ["on-call"] } }),
      'tenants/acme.json: alarms.email[0]: found "on-call"; expected an e-mail address such as on-call@acme.com.',
    ],
    [
      "a runbook that no browser opens",
      tenantFile({ alarms: { runbookUrl: "docs/operating.md" } }),
      'tenants/acme.json: alarms.runbookUrl: found "docs/operating.md"; expected an address that begins with https:// and has no #.',
    ],
    [
      "one of the tables that are to be adopted alone",
      tenantFile({ adopt: { scimTable: "rollcall-acme-TablesScim-1A" } }),
      "tenants/acme.json: adopt.directoryTable: missing; expected a text.",
    ],
    [
      "an ARN where a table is to be named",
      tenantFile({ adopt: { scimTable: "arn:aws:dynamodb:eu-central-1:1:table/x", directoryTable: "directory" } }),
      'tenants/acme.json: adopt.scimTable: found "arn:aws:dynamodb:eu-central-1:1:table/x"; expected the name of a DynamoDB table, and not its ARN.',
    ],
    [
      "one table in place of two",
      tenantFile({ adopt: { scimTable: "rollcall", directoryTable: "rollcall" } }),
      "tenants/acme.json: adopt: found an object with the keys scimTable, directoryTable; expected two tables: scimTable and directoryTable are the same one.",
    ],
    [
      "adopted tables without the stream that events are made of",
      tenantFile({ adopt: keptTables, events: {} }),
      "tenants/acme.json: adopt.directoryStreamArn: missing; expected the ARN of the stream of directoryTable, from which events are made (docs/operating.md, Adopting tables).",
    ],
    [
      "the stream of another table",
      tenantFile({ adopt: { ...keptTables, directoryStreamArn: streamOf("other-directory") }, events: {} }),
      "tenants/acme.json: adopt: found an object with the keys scimTable, directoryTable, directoryStreamArn; expected the stream of directoryTable: directoryStreamArn is that of another table.",
    ],
    [
      "a stream of another region",
      tenantFile({ adopt: { ...keptTables, directoryStreamArn: streamOf("kept-directory", "us-east-1") }, events: {} }),
      "tenants/acme.json: adopt.directoryStreamArn: found one of us-east-1; expected one of eu-central-1, the stack's region.",
    ],
    [
      "a table in place of its stream",
      tenantFile({ adopt: { ...keptTables, directoryStreamArn: "kept-directory" }, events: {} }),
      'tenants/acme.json: adopt.directoryStreamArn: found "kept-directory"; expected the ARN of the stream of directoryTable, which ends in /stream/ and when it began.',
    ],
    [
      "the Directory table as that of the events",
      tenantFile({ adopt: { ...keptTables, eventsTable: "kept-directory" } }),
      "tenants/acme.json: adopt: found an object with the keys scimTable, directoryTable, eventsTable; expected a table of its own as eventsTable: it is one of the other two.",
    ],
    [
      "a misspelt key in an object with defaults",
      tenantFile({ groups: { uniquenames: true } }),
      'tenants/acme.json: groups.uniquenames: unknown key; did you mean "uniqueNames"? Expected keys: uniqueNames, unknownMembers.',
    ],
    ["no object", [], "tenants/acme.json: found a list of 0; expected an object."],
    [
      "a missing key",
      { environment: { region: "eu-central-1" } },
      "tenants/acme.json: mapping: missing; expected an object.",
    ],
    [
      "a wrong type",
      tenantFile({ attributes: { a: { from: "title", required: "yes" } } }),
      'tenants/acme.json: mapping.attributes.a.required: found "yes"; expected true or false.',
    ],
    [
      "a path that is no text",
      tenantFile({ attributes: { a: { from: 3 } } }),
      "tenants/acme.json: mapping.attributes.a.from: found 3; expected a SCIM attribute path, or a list of 1 to 10 of them.",
    ],
    [
      "no path",
      tenantFile({ attributes: { a: { from: [] } } }),
      "tenants/acme.json: mapping.attributes.a.from: found a list of 0; expected a SCIM attribute path, or a list of 1 to 10 of them.",
    ],
    [
      "too many paths",
      tenantFile({ attributes: { a: { from: Array.from({ length: 11 }, () => "title") } } }),
      "tenants/acme.json: mapping.attributes.a.from: found a list of 11; expected a SCIM attribute path, or a list of 1 to 10 of them.",
    ],
    [
      "an attribute from nowhere",
      tenantFile({ attributes: { a: { lookup: true } } }),
      'tenants/acme.json: mapping.attributes.a: found an object with the keys lookup; expected "from", "constant" or both; or "fromGroups".',
    ],
    [
      "a constant that is none",
      tenantFile({ attributes: { a: { constant: null } } }),
      "tenants/acme.json: mapping.attributes.a.constant: found null; expected a text, a number or a boolean.",
    ],
    [
      "a form that there is not",
      tenantFile({ attributes: { a: { from: "title", as: "Date" } } }),
      'tenants/acme.json: mapping.attributes.a.as: found "Date"; expected one of "text", "number", "boolean", "date", "dateTime".',
    ],
    [
      "a case that there is not",
      tenantFile({ attributes: { a: { from: "title", case: "title" } } }),
      'tenants/acme.json: mapping.attributes.a.case: found "title"; expected one of "lower", "upper".',
    ],
    [
      "a default without a table",
      tenantFile({ attributes: { a: { from: "title", otherwise: "x" } } }),
      'tenants/acme.json: mapping.attributes.a: found an object with the keys from, otherwise; expected no "otherwise", or a "table" beside it.',
    ],
    [
      "nothing to join",
      tenantFile({ attributes: { a: { constant: "x", join: " " } } }),
      'tenants/acme.json: mapping.attributes.a: found an object with the keys constant, join; expected no "join", or "from" with the paths whose values are joined.',
    ],
    [
      "an empty table",
      tenantFile({ attributes: { a: { from: "title", table: {} } } }),
      "tenants/acme.json: mapping.attributes.a.table: found an object without keys; expected 1 to 2000 values, each with what it becomes.",
    ],
    [
      "a table with parts",
      tenantFile({ attributes: { a: { from: "title", table: { "Dr.": ["D"] } } } }),
      'tenants/acme.json: mapping.attributes.a.table["Dr."]: found a list of 1; expected a text, a number or a boolean.',
    ],
    [
      "a table whose keys are the same in any case",
      tenantFile({ attributes: { a: { from: "title", trim: true, table: { dr: "D", "DR ": "E" } } } }),
      'tenants/acme.json: mapping.attributes.a.table["DR "]: is there twice, as values are compared in any letter case; keep one of them.',
    ],
    [
      "a key of a table that would be lost",
      tenantFile({ attributes: { a: { from: "title", table: JSON.parse('{"__proto__":"x","y":"z"}') as unknown } } }),
      "tenants/acme.json: mapping.attributes.a.table.__proto__: the key is not allowed; expected another name.",
    ],
    [
      "a table's value of another form",
      tenantFile({ attributes: { a: { from: "title", table: { dr: "24/11/2026" }, as: "date" } } }),
      'tenants/acme.json: mapping.attributes.a.table.dr: found "24/11/2026"; expected a date.',
    ],
    [
      "a table's default of another form",
      tenantFile({ attributes: { a: { from: "title", table: { dr: "1" }, otherwise: "many", as: "number" } } }),
      'tenants/acme.json: mapping.attributes.a.otherwise: found "many"; expected a number.',
    ],
    [
      "a constant that the table does not have",
      tenantFile({ attributes: { a: { from: "title", table: { dr: "D" }, constant: "none" } } }),
      'tenants/acme.json: mapping.attributes.a.constant: found "none"; expected one that is in the table, or "otherwise" beside it.',
    ],
    [
      "a constant of another form",
      tenantFile({ attributes: { a: { from: "title", constant: "maybe", as: "boolean" } } }),
      'tenants/acme.json: mapping.attributes.a.constant: found "maybe"; expected true or false.',
    ],
    [
      "roles that are made from the user as well",
      tenantFile({ attributes: { a: { fromGroups: { Sales: "seller" }, from: "title" } } }),
      'tenants/acme.json: mapping.attributes.a: found an object with the keys fromGroups, from; expected "fromGroups" alone, as it is made from groups and not from the user.',
    ],
    [
      "roles that are required",
      tenantFile({ attributes: { a: { fromGroups: { Sales: "seller" }, required: true } } }),
      'tenants/acme.json: mapping.attributes.a: found an object with the keys fromGroups, required; expected "fromGroups" alone, as it is made from groups and not from the user.',
    ],
    [
      "a group that gives no role",
      tenantFile({ attributes: { a: { fromGroups: { Sales: [] } } } }),
      "tenants/acme.json: mapping.attributes.a.fromGroups.Sales: found a list of 0; expected a role, or a list of 1 to 20 of them.",
    ],
    [
      "a group twice",
      tenantFile({ attributes: { a: { fromGroups: { "Sales*": "x", Sales: "y", "SALES*": "z" } } } }),
      'tenants/acme.json: mapping.attributes.a.fromGroups["SALES*"]: is there twice, as names are compared in any letter case; keep one of them.',
    ],
    [
      "roles without groups",
      tenantFile({ attributes: { a: { fromGroups: {} } } }),
      "tenants/acme.json: mapping.attributes.a.fromGroups: found an object without keys; expected 1 to 2000 names of groups, each with its role.",
    ],
    [
      "a policy that there is not",
      tenantFile({ mapping: { policy: "drop" } }),
      'tenants/acme.json: mapping.policy: found "drop"; expected one of "reject", "park".',
    ],
    [
      "a region that is none",
      tenantFile({ environment: { region: "Frankfurt" } }),
      'tenants/acme.json: environment.region: found "Frankfurt"; expected an AWS region such as eu-central-1.',
    ],
    [
      "a retention that CloudWatch does not have",
      tenantFile({ logRetentionDays: 31 }),
      "tenants/acme.json: logRetentionDays: found 31; expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.",
    ],
    [
      "a retention shorter than a tombstone's",
      tenantFile({ lifecycle: { onDelete: { entry: "retain", days: 7 } } }),
      "tenants/acme.json: lifecycle.onDelete.days: found 7; expected a whole number of days from 30 to 3650.",
    ],
    [
      "another end of a deleted user",
      tenantFile({ lifecycle: { onDelete: { entry: "archive" } } }),
      'tenants/acme.json: lifecycle.onDelete.entry: found "archive"; expected { "entry": "remove" } or { "entry": "retain", "days": 30 to 3650 }.',
    ],
    [
      "a misspelt key of the life cycle",
      tenantFile({ lifecycle: { onDelete: { entry: "retain", days: 60, day: 60 } } }),
      'tenants/acme.json: lifecycle.onDelete.day: unknown key; did you mean "days"? Expected keys: entry, days.',
    ],
    [
      "a retention without its days",
      tenantFile({ lifecycle: { onDelete: { entry: "retain" } } }),
      "tenants/acme.json: lifecycle.onDelete.days: missing; expected a number.",
    ],
    [
      "another policy for a re-hire",
      tenantFile({ lifecycle: { rehire: "replace" } }),
      'tenants/acme.json: lifecycle.rehire: found "replace"; expected one of "conflict", "reactivate".',
    ],
    [
      "half a minute",
      tenantFile({ alarms: { pendingMinutes: 0.5 } }),
      "tenants/acme.json: alarms.pendingMinutes: found 0.5; expected a whole number.",
    ],
    [
      "no minutes",
      tenantFile({ alarms: { pendingMinutes: 0 } }),
      "tenants/acme.json: alarms.pendingMinutes: found 0; expected at least 1 minute.",
    ],
    [
      "a path with a typo",
      tenantFile({ attributes: { a: { from: ["title", "emials.value"] } } }),
      'tenants/acme.json: mapping.attributes.a.from[1]: "emials.value" is not an attribute of User; see /Schemas for those it has.',
    ],
    [
      "a path with a filter that is none",
      tenantFile({ attributes: { a: { from: 'emails[type like "work"].value' } } }),
      expect.stringMatching(/^tenants\/acme\.json: mapping\.attributes\.a\.from: .*like/),
    ],
    [
      "a path to an attribute with parts",
      tenantFile({ attributes: { a: { from: "name" } } }),
      'tenants/acme.json: mapping.attributes.a.from: "name" has parts and no value of its own; expected one of its sub-attributes: formatted, familyName, givenName, middleName, honorificPrefix, honorificSuffix.',
    ],
    [
      "a path to a whole extension",
      tenantFile({ attributes: { a: { from: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User" } } }),
      'tenants/acme.json: mapping.attributes.a.from: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User" is a whole extension; expected one of its attributes.',
    ],
  ])("with %s is refused, with file, key, what was found and what was expected", (_, json, problem) => {
    expect(problemsOf(json)).toEqual([problem]);
  });

  test.each(["id", "meta.created", "groups.value", "password"])(
    "a path to %s, which a stored user does not have, is refused",
    (from) => {
      expect(problemsOf(tenantFile({ attributes: { a: { from } } }))).toEqual([
        expect.stringContaining(`mapping.attributes.a.from: "${from}" is set by the server or never kept`),
      ]);
    },
  );

  test.each(["constructor", "prototype", "__proto__", "1st", "with space", "", "a".repeat(65)])(
    "a profile attribute %j is refused",
    (name) => {
      const attributes: unknown = JSON.parse(`{${JSON.stringify(name)}: {"from": "title"}}`);
      expect(problemsOf(tenantFile({ attributes }))).toEqual([
        expect.stringContaining("the key is not allowed; expected"),
      ]);
    },
  );

  test.each([
    [101, {}, "at most 100 attributes"],
    [21, { lookup: true }, 'at most 20 attributes with "lookup"'],
    [6, { from: undefined, fromGroups: { a: "b" } }, 'at most 5 attributes with "fromGroups"'],
  ])("%i attributes with %j are refused", (count, more, expected) => {
    const named = Array.from({ length: count }, (_, n) => [`a${n}`, { from: "title", ...more }]);
    const attributes: unknown = JSON.parse(JSON.stringify(Object.fromEntries(named)));
    expect(problemsOf(tenantFile({ attributes }))).toEqual([
      expect.stringMatching(
        new RegExp(`^tenants/acme.json: mapping.attributes: found an object .*; expected ${expected}.$`),
      ),
    ]);
  });

  test("all problems are told at once, a line each", () => {
    const json = { enviroment: {}, mapping: { attributes: { a: { from: "title", looku: true, requierd: true } } } };
    expect(problemsOf(json)).toEqual([
      "tenants/acme.json: environment: missing; expected an object.",
      expect.stringMatching(/mapping\.attributes\.a\.looku: unknown key; did you mean "lookup"\?/),
      expect.stringMatching(/mapping\.attributes\.a\.requierd: unknown key; did you mean "required"\?/),
      expect.stringMatching(/: enviroment: unknown key; did you mean "environment"\?/),
    ]);
  });

  test.each([
    ["acme", true],
    ["a", true],
    ["acme-2", true],
    ["Acme", false],
    ["2acme", false],
    ["acme.schema", false],
    ["../acme", false],
    ["", false],
    ["a".repeat(33), false],
  ])("the name %j: %j", (name, allowed) => {
    expect(isTenantName(name)).toBe(allowed);
    expect(problemsOf(tenantFile(), name)).toHaveLength(allowed ? 0 : 1);
  });
});

describe("the hash of a mapping", () => {
  const hashOf = (attributes: unknown, mapping = {}) => {
    return readTenantFile("acme", tenantFile({ attributes, mapping })).mapping.hash;
  };
  const before = { login: { from: "userName" }, title: { from: ["title", "userType"], constant: "none" } };

  test.each([
    [
      "the order of its keys",
      { title: { constant: "none", from: ["title", "userType"] }, login: { from: "userName" } },
    ],
    ["a default that is written out", { ...before, login: { from: ["userName"], trim: false } }],
    ["required", { ...before, login: { from: "userName", required: true } }],
  ])("is the same whatever %s", (_, after) => {
    expect(hashOf(after)).toBe(hashOf(before));
  });

  test.each([
    ["a row", { table: { x: "1", y: "3" } }],
    ["a row more", { table: { x: "1", y: "2", z: "2" } }],
    ["its default", { table: { x: "1", y: "2" }, otherwise: "0" }],
    ["the form of its values", { table: { x: "1", y: "2" }, as: "number" }],
  ])("of a table changes with %s, and not with the order or the case of its keys", (_, after) => {
    const from = "title";
    const hash = hashOf({ a: { from, table: { x: "1", y: "2" } } });
    expect(hashOf({ a: { from, ...after } })).not.toBe(hash);
    expect(hashOf({ a: { from, table: { Y: "2", X: "1" } } })).toBe(hash);
  });

  test.each([
    ["a role", { "Sales*": "x", Support: "z" }],
    ["a group", { "Sales*": "x", Supporters: ["y", "x"] }],
    ["a prefix that becomes a name", { Sales: "x", Support: ["y", "x"] }],
  ])("of role tables changes with %s, and not with their order", (_, fromGroups) => {
    const login = { from: "userName" };
    const hash = hashOf({ login, roles: { fromGroups: { "Sales*": "x", Support: ["x", "y"] } } });
    expect(hashOf({ login, roles: { fromGroups } })).not.toBe(hash);
    expect(hashOf({ roles: { fromGroups: { support: ["y", "x"], "sales*": "x" } }, login })).toBe(hash);
  });

  test("is the same whatever the policy, which changes no profile", () => {
    expect(hashOf(before, { policy: "park" })).toBe(hashOf(before));
  });

  test.each([
    ["a path", { ...before, login: { from: "nickName" } }],
    ["the order of paths", { ...before, title: { from: ["userType", "title"], constant: "none" } }],
    ["a constant", { ...before, title: { from: ["title", "userType"], constant: "None" } }],
    ["the type of a constant", { ...before, title: { from: ["title", "userType"], constant: 1 } }],
    ["the case", { ...before, login: { from: "userName", case: "lower" } }],
    ["a join", { ...before, login: { from: "userName", join: "" } }],
    ["trimming", { ...before, login: { from: "userName", trim: true } }],
    ["a table", { ...before, login: { from: "userName", table: { a: "b" } } }],
    ["a form", { ...before, login: { from: "userName", as: "text" } }],
    ["a lookup", { ...before, login: { from: "userName", lookup: true } }],
    ["an attribute more", { ...before, nick: { from: "nickName" } }],
  ])("changes with %s", (_, after) => {
    expect(hashOf(after)).not.toBe(hashOf(before));
  });
});
