import { enterpriseUrn } from "../../lib/ops/simulate/user-resource.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestStore, testStore } from "../ops/store.ts";
import { commandOn, type Ran, type World } from "./run.ts";

let store: TestStore;
let run: (words: string | readonly string[], world?: World) => Promise<Ran>;
beforeEach(() => {
  store = testStore();
  run = commandOn(store);
});
afterEach(() => store.close());

const ada = { userName: "ada@example.com", externalId: "a-1", emails: [{ value: "ada@example.com" }] };

describe("rollcall explain", () => {
  test("the verdict, the steps, what to do and the evidence, within 80 columns", async () => {
    await store.createUser({ userName: "eve@example.com" });
    await store.work();
    const { code, out, err } = await run("explain --local eve@example.com");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/^eve@example.com is parked: /);
    expect(out).toMatch(/\nSteps\n {2}\S+ +contact [^]*\n {2}FAILED +map [^]*\n {2}FAILED +apply /);
    expect(out).toMatch(/\nWhat to do\n {2}1\. at the identity provider: /);
    expect(out).toContain("\n     $ npx rollcall dlq replay --user eve@example.com --local\n");
    expect(out).toMatch(/\nEvidence, newest first\n {2}\d{4}-\d\d-\d\d /);
    expect(out.split("\n").filter((text) => text.length > 80)).toEqual([]);
  });

  test("what an operator gave up is told with the reason, and how to take it up again", async () => {
    await store.createUser({ userName: "eve@example.com" });
    await store.work();
    const dropped = await run([
      "dlq",
      "drop",
      "--local",
      "--user",
      "eve@example.com",
      "--reason",
      "a test account",
      "--yes",
    ]);
    expect(dropped.code).toBe(0);
    const { out } = await run("explain --local eve@example.com");
    expect(out.replaceAll(/\s+/g, " ")).toMatch(/is parked: .*An operator gave it up at .*: a test account\./);
    expect(out).toContain("$ npx rollcall dlq replay --given-up --user eve@example.com --local");
    expect(out).toContain("version 1 given up by an operator");
  });

  test("--json is the same as data: subject, verdict, steps, evidence, actions", async () => {
    const id = await store.createUser(ada);
    await store.work();
    const { code, out } = await run("explain --local a-1 --json");
    expect(code).toBe(0);
    const data: unknown = JSON.parse(out);
    expect(Object.keys(data as object)).toEqual(["subject", "verdict", "steps", "evidence", "actions"]);
    expect(data).toMatchObject({
      subject: { word: "a-1", id, foundBy: "externalId", name: "ada@example.com" },
      verdict: { code: "in-sync" },
      steps: ["contact", "match", "accept", "map", "apply", "publish"].map((name) => ({ name })),
      evidence: expect.arrayContaining([
        expect.objectContaining({
          kind: "accepted",
          at: expect.stringMatching(/^\d{4}-.*Z$/),
          requestId: expect.any(String),
        }),
      ]),
    });
  });

  test("that nothing of the name is stored is an answer, too", async () => {
    const { code, out } = await run("explain --local nobody@example.com");
    expect(code).toBe(0);
    expect(out).toContain("idp-silent · nothing of that name is stored");
  });

  test("one attribute, and what it should be", async () => {
    await store.createUser(ada);
    await store.work();
    expect((await run("explain --local a-1 --attribute email")).out).toContain('email is "ada@example.com"');
    expect((await run("explain --local a-1 --expect inactive")).out).toMatch(/^ada@example.com is active because no/);
  });

  test("all attributes: said, mapped, had, and what is mapped to nothing", async () => {
    await store.createUser({ ...ada, nickName: "Countess", [enterpriseUrn]: { department: "Sales" } });
    await store.work();
    const { out } = await run("explain --local a-1 --attributes");
    expect(out).toMatch(
      /\nWhat was said\n[^]*userName +ada@example.com +login\n[^]*nickName +Countess +mapped to nothing\n/,
    );
    expect(out).toMatch(/…enterprise:2.0:User:department +Sales +mapped to nothing\n/);
    expect(out).toContain("… stands for urn:ietf:params:scim:schemas:extension:");
    expect(out).toMatch(/\nWhat the application has\n[^]*login +userName ✓ +ada@example.com +ada@example.com\n/);
    const { attributes } = JSON.parse((await run("explain --local a-1 --attributes --json")).out) as {
      attributes: unknown;
    };
    expect(attributes).toMatchObject({
      said: expect.arrayContaining([{ path: "nickName", value: "Countess", gives: [], isRead: false }]),
      attributes: [
        { attribute: "login", source: "userName", state: "equal" },
        { attribute: "email", state: "equal" },
      ],
      notKept: [],
    });
  });

  test.each([
    ["explain --local a-1 --attribute shoeSize", 'makes no attribute "shoeSize"'],
    ["explain --local a-1 --id 77", '"a-1" leads to User'],
  ])("%s is answered in one sentence", async (words, sentence) => {
    await store.createUser(ada);
    const { code, out, err } = await run(words);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(sentence);
    expect(err.trim().split("\n")).toHaveLength(1);
  });

  test("so much evidence as asked for, and how much there is", async () => {
    const id = await store.createUser(ada);
    for (const title of ["a", "b", "c"]) await store.patchUser(id, { title });
    const { out } = await run("explain --local a-1 --evidence 2");
    expect(out.match(/accepted as version \d/g)).toEqual(["accepted as version 4", "accepted as version 3"]);
    expect(out).toContain("… and 2 more, which --evidence 4 shows");
  });

  test("text that others wrote does not reach the terminal as it is", async () => {
    await store.createUser({ userName: "\u001B[31mred", externalId: "r-1", emails: [{ value: "r@example.com" }] });
    const { out } = await run("explain --local r-1");
    expect(out).not.toContain("\u001B");
  });

  test("colours only where people look", async () => {
    await store.createUser(ada);
    await store.work();
    expect((await run("explain --local a-1")).out).not.toContain("\u001B[");
    const { out } = await run("explain --local a-1", { colours: true });
    // oxlint-disable-next-line no-control-regex -- our own colours
    expect(out).toMatch(/^\u001B\[1m\u001B\[32mada@example.com/);
  });
});

describe("rollcall explain group", () => {
  test("members: sent, applied, to come", async () => {
    const id = await store.createUser(ada);
    await store.work();
    await store.createGroup("Support 1", [id]);
    const waiting = await run(["explain", "group", "--local", "Support 1"]);
    expect(waiting.out).toMatch(/\nMembers\n {2}sent +1\n {2}applied +0\n {2}to come +1: ada@example.com\n/);
    await store.work();
    const { code, out } = await run(["explain", "group", "support 1", "--local", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      subject: { type: "Group", name: "Support 1" },
      verdict: { code: "in-sync" },
      members: { sent: 1, applied: 1, toAdd: 0, skipped: [] },
    });
  });

  test("its options may stand on either side of the name", async () => {
    await store.createGroup("Sales");
    for (const words of ["explain group Sales --local --evidence 1", "explain group --evidence 1 --local Sales"]) {
      const { out } = await run(words);
      expect(out.match(/^ {2}\d{4}-/gm)).toHaveLength(1);
    }
  });
});

test("rollcall show --groups: the groups of a user by name, and those to come", async () => {
  const id = await store.createUser(ada);
  await store.createGroup("Sales", [id]);
  await store.work();
  await store.createGroup("Parking", [id]);
  const { out } = await run("show --local a-1 --groups");
  expect(out).toContain("    Parking, to come\n    Sales\n");
  const [shown] = JSON.parse((await run("show --local a-1 --groups --json")).out) as unknown[];
  expect(shown).toMatchObject({
    groups: 1,
    memberOf: { applied: 1, groups: [{ state: "coming" }, { name: "Sales" }] },
  });
  expect((await run("show --local a-1")).out).not.toContain("to come");
});
