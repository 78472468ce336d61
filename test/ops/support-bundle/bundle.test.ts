import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readFacts } from "../../../lib/ops/explain/facts.ts";
import { type SupportBundle, supportBundle } from "../../../lib/ops/support-bundle/bundle.ts";
import { knownValues } from "../../../lib/ops/support-bundle/known.ts";
import { asMarkdown } from "../../../lib/ops/support-bundle/markdown.ts";
import { readTenantFile, readTenantSettings } from "../../../lib/provisioning/tenant-file.ts";
import { type Played, played } from "../played.ts";

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const account = "123456789012";
const file = {
  environment: { region: "eu-central-1", account },
  alarms: { topicArn: `arn:aws:sns:eu-central-1:${account}:ops` },
  mapping: {
    policy: "park",
    attributes: {
      login: { from: "userName", required: true, case: "lower", lookup: true },
      email: { from: 'emails[type eq "work"].value', required: true },
      team: { from: `${enterprise}:department` },
      grade: { from: "title", table: { Leakgrade: "senior" } },
      roles: { fromGroups: { Staff: "member" } },
    },
  },
};
const tenant = readTenantFile("sample", file);

let world: Played;
let token: string;
beforeEach(async () => {
  world = played(tenant);
  token = await world.connect("entra");
});
afterEach(() => world.close());

/** Each value has "leak" in it, so that one look finds whatever got out. */
const somebody = {
  externalId: "LEAK-0000-4711",
  displayName: "Zoë Leakname",
  name: { givenName: "Leakzoe", familyName: "O'Leak" },
  nickName: "leakynick",
  title: "Leakgrade",
  emails: [{ value: "zoe@leakmail.example", type: "work", primary: true }],
  phoneNumbers: [{ value: "+49 leak 555", type: "mobile" }],
  [enterprise]: { department: `Leak & Sons ${"very long ".repeat(20)}` },
};
const userName = "Zoe.Leak@leakcorp.example";

const bundle = async (word: string, masked = true, operations = world.operations): Promise<SupportBundle> =>
  await supportBundle(operations, word, {
    settings: readTenantSettings("sample", file),
    fileHash: "abc123",
    rollcall: "1.2.3",
    node: "v24.0.0",
    masked,
  });
const all = (made: SupportBundle) => `${asMarkdown(made)}\n${JSON.stringify(made)}`;
/** But for the tenant file, whose table has a value of its own. */
const leaks = (made: SupportBundle) =>
  all({ ...made, configuration: {} }).match(/.{0,40}(?:leak|zoe|zoë).{0,40}/giu) ?? [];

const put = async (more: object = {}) => await world.post(userName, { ...somebody, ...more });

describe("a masked bundle holds no value of anybody", () => {
  test.each<[string, () => Promise<string>]>([
    [
      "who is in sync",
      async () => {
        await put();
        await world.work();
        return userName;
      },
    ],
    [
      "who waits, asked for by e-mail",
      async () => {
        await put();
        return "zoe@leakmail.example";
      },
    ],
    [
      "who is parked",
      async () => {
        await put({ emails: [], title: "leak of no table" });
        await world.work();
        return "LEAK-0000-4711";
      },
    ],
    [
      "who was never named",
      async () => {
        await world.ask("GET", `/Users?filter=${encodeURIComponent('userName eq "leakghost"')}`);
        return "leakghost";
      },
    ],
    [
      "who was refused, with what was wrong",
      async () => {
        await put({ active: "leakyes" });
        await put({ emails: "leak@leak.example" });
        return userName;
      },
    ],
    [
      "who changed under a name that somebody else has",
      async () => {
        await world.post("leakother", { emails: somebody.emails });
        const id = await put();
        await world.patch(id, { userName: "LeakOther" });
        await world.work();
        return userName;
      },
    ],
    [
      "whose e-mail address somebody else has, too",
      async () => {
        await put();
        for (const name of ["leakother", "leakthird"]) await world.post(name, { emails: somebody.emails });
        return "zoe@leakmail.example";
      },
    ],
    [
      "whose name has another one now",
      async () => {
        const id = await put();
        await world.patch(id, { userName: "leakrenamed" });
        await world.work();
        await world.post("leak2", { emails: somebody.emails });
        return userName;
      },
    ],
    [
      "who is soft-deleted",
      async () => {
        // Nothing else has the name that it had before: the log of that time has gone.
        await world.post(`${"0123456789abcdef".repeat(2)}leakplain`, { ...somebody, active: false });
        await world.work();
        return "LEAK-0000-4711";
      },
    ],
    [
      "who is deleted",
      async () => {
        await world.ask("DELETE", `/Users/${await put()}`);
        await world.work();
        return userName;
      },
    ],
    [
      "a group and its members",
      async () => {
        await world.createGroup("Leak Group", [await put()]);
        return "Leak Group";
      },
    ],
  ])("%s", async (_who, play) => {
    const word = await play();
    const made = await bundle(word);
    expect(leaks(made)).toEqual([]);
    expect(leaks(await bundle(word, false))).not.toEqual([]);
  });

  test("the name before Entra's soft delete is looked for in every sentence, like the present one", async () => {
    await world.post(`${"0123456789abcdef".repeat(2)}Old.Name`, { ...somebody, active: false });
    const facts = await readFacts(world.operations, "LEAK-0000-4711", {});
    expect(knownValues(facts, []).identifiers).toContain("Old.Name");
  });

  test("nor whose AWS account it is", async () => {
    const made = await bundle("nobody");
    expect(all(made)).not.toContain(account);
    expect(JSON.stringify(made.configuration)).toContain("arn:aws:sns:eu-central-1:••••••••••••:ops");
  });

  test("nor who ran the command, whom AWS names when it refuses to tell of the alarms", async () => {
    const alarms = async () => {
      throw new Error(
        `User: arn:aws:iam::${account}:user/lea.k is not authorized to perform cloudwatch:DescribeAlarms`,
      );
    };
    const operations = { ...world.operations, deployment: { fileHash: "abc123", alarms, tables: async () => [] } };
    const made = await bundle("nobody", true, operations);
    expect(all(made)).toContain("not authorized to perform cloudwatch:DescribeAlarms");
    expect(all(made)).not.toMatch(/123456789012|lea\.k/);
  });
});

describe("what a bundle is good for", () => {
  test("ids, request ids and token ids stay: they lead into our own log", async () => {
    const id = await put({ active: "maybe" });
    expect(id).toBe("");
    const stored = await put();
    const made = await bundle(userName);
    expect(made.subject.id).toBe(stored);
    const tokenId = token.split("_")[1] ?? "";
    expect(made.timeline.filter(({ kind }) => kind === "refused" || kind === "accepted")).toEqual([
      expect.objectContaining({ requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), tokenId }),
      expect.objectContaining({ requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), tokenId }),
    ]);
    expect(made.errors).toMatchObject([{ status: 400, times: 1, text: expect.stringContaining('"active"') }]);
  });

  test("equal values look equal, and different ones different", async () => {
    await put({ nickName: "Zoë Leakname", displayName: "Zoë Leakname", title: "Zoë Someone else" });
    await world.work();
    const { resource = {} } = await bundle(userName);
    expect(resource["nickName"]).toBe(resource["displayName"]);
    expect(resource["title"]).not.toBe(resource["displayName"]);
    expect(resource["title"]).toMatch(/^Z•••(#2)?$/);
  });

  test("expected against actual: each attribute with its paths, what the mapping makes now, and what is there", async () => {
    await world.createGroup("Staff", [await put()]);
    await world.work();
    const attributes = { ...file.mapping.attributes, team: { constant: "all" }, extra: { from: "nickName" } };
    const later = readTenantFile("sample", { ...file, mapping: { ...file.mapping, attributes } });
    const { operations } = world;
    Object.assign(world, { operations: { ...operations, tenant: later } });
    const made = await bundle(userName);
    expect(made.attributes.map(({ attribute, state }) => [attribute, state])).toEqual([
      ["login", "equal"],
      ["email", "equal"],
      ["team", "different"],
      ["grade", "equal"],
      ["extra", "missing"],
      ["roles", "from groups"],
    ]);
    expect(made.attributes[1]).toMatchObject({
      tried: [{ path: 'emails[type eq "work"].value', found: true }],
      expected: expect.stringMatching(/^z•••@l•••\.example(#2)?$/),
    });
    expect(made.versions.entryMapping).not.toBe(made.versions.mapping);
  });

  test("versions, what the doctor finds, and what to add from the identity provider", async () => {
    await put({ emails: [] });
    await world.work();
    const made = await bundle(userName);
    expect(made.versions).toMatchObject({ rollcall: "1.2.3", node: "v24.0.0", tenantFile: "abc123" });
    expect(made.failure).toMatchObject({ code: "mapping-required-missing" });
    expect(made.health.map(({ name }) => name)).toContain("parked");
    expect(made.idp).toMatchObject({
      title: "Microsoft Entra ID",
      evidence: expect.stringContaining("Provisioning logs"),
    });
    expect(made.timeline).toEqual(made.timeline.toSorted((a, b) => a.at - b.at));
  });

  test("whatever a value holds, the page keeps its form", async () => {
    await put({ displayName: "a | b\n# c\u001B[2J ``` <b>" });
    const page = asMarkdown(await bundle(userName, false));
    expect(/[^\n\P{Cc}]/u.test(page)).toBe(false);
    const rows = page.split("\n").filter((text) => text.startsWith("| ") && text.includes("displayName"));
    for (const row of rows) expect(row.replaceAll("\\|", "").split("|")).toHaveLength(7);
    expect(page.split("\n").filter((text) => text.startsWith("# "))).toEqual(["# Rollcall support bundle"]);
  });
});
