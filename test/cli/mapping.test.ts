import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadTenant } from "../../lib/tenant-folder.ts";
import { type TestStore, testStore } from "../ops/store.ts";
import { commandOn, type Ran, type World } from "./run.ts";

let store: TestStore;
let run: (words: string | readonly string[], world?: World) => Promise<Ran>;
beforeEach(() => {
  store = testStore();
  run = commandOn(store);
});
afterEach(() => store.close());

const bob = { userName: "bob@example.com", name: { givenName: "Bob" }, favouriteColour: "blue" };

describe("mapping coverage", () => {
  test("is a table by path, what was not taken, and the two warnings", async () => {
    await store.createUser(bob);
    const { code, out } = await run("mapping coverage --local");
    expect(code).toBe(0);
    expect(out).toContain("User: 1 resource seen, the newest 10 changes of each read");
    expect(out).toMatch(/^path +received +mapped +last seen +sample$/m);
    expect(out).toMatch(/^userName +1 +1 +\d+ s ago +b•••@e•••\.com$/m);
    expect(out).toMatch(/^emails\.value +0 +0 +never$/m);
    expect(out).toMatch(
      /Not taken\npath +ignored +refused +last seen +why\nfavouriteColour +1 +0 +\d+ s ago +no schema has it/,
    );
    expect(out).toMatch(/Mapped, but never sent\n {2}email {2}nobody has emails\.value\./);
    expect(out).toMatch(/Sent, but mapped to nothing\n {2}.*favouriteColour \(1 ignored\)/);
  });

  test("says in a wide terminal which profile attribute has it from there", async () => {
    await store.createUser(bob);
    expect((await run("mapping coverage --local", { columns: 120 })).out).toMatch(/^userName +1 +1 +login /m);
  });

  test("names values of which the mapping can make nothing", async () => {
    const tenant = JSON.parse(readFileSync(join(store.folder, "tenants/parking.json"), "utf8"));
    tenant.mapping.attributes.kind = { from: "userType", table: { Employee: 1 } };
    writeFileSync(join(store.folder, "tenants/parking.json"), JSON.stringify(tenant));
    await store.createUser({ ...bob, userType: "Robot" });
    const { out } = await run("mapping coverage --local");
    expect(out).toMatch(/Sent, and of no use to the mapping.*\n(.*\n)? {2}userType \(1\)/);
  });

  test("--json is the same as data", async () => {
    await store.createUser(bob);
    const { out } = await run("mapping coverage --local --json --logs 1");
    const { paths, ...rest } = JSON.parse(out);
    expect(rest).toMatchObject({ type: "User", seen: 1, stopped: false, logs: 1, neverSent: [{ attribute: "email" }] });
    expect(paths).toContainEqual(
      expect.objectContaining({ path: "userName", received: 1, mapped: 1, lastSeen: expect.stringMatching(/Z$/) }),
    );
    expect(out).not.toContain("bob@");
  });

  test("of nobody says so, and warns of nothing", async () => {
    const { code, out } = await run("mapping coverage --local --type group");
    expect([code, out]).toEqual([0, expect.stringContaining("Group: 0 resources seen")]);
    expect(out).not.toContain("mapped is sent");
  });

  test("stopped by Ctrl-C prints what was seen so far, says that it is a part, and exits with 1", async () => {
    await store.createUser(bob);
    const { code, out, err } = await run("mapping coverage --local", { interrupted: true });
    expect([code, out]).toEqual([1, expect.stringContaining("0 resources seen so far")]);
    expect(err).toContain("Stopped before the end: this is the part that was seen.");
  });

  test("fits 80 columns, and holds no escape sequence that an identity provider sent", async () => {
    const urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const address = { type: "work", streetAddress: "1 Analytical Way", formatted: "x".repeat(200) };
    const odd = { "\u001B[2Jodd": "x", addresses: [address, { type: "\u001B[31mred", locality: "here" }] };
    await store.createUser({ ...bob, ...odd, [urn]: { department: "Engines", manager: { value: "m" } } });
    const { out } = await run("mapping coverage --local");
    expect(out.split("\n").filter((text) => text.length > 80)).toEqual([]);
    expect(/[^\n\P{Cc}]/u.test(out)).toBe(false);
    expect(out).toContain("…enterprise:2.0:User:department");
  });
});

describe("mapping preview", () => {
  /** The name of a file with it. */
  const fileOf = (draft: unknown): string => {
    const file = join(store.folder, "next.json");
    writeFileSync(file, typeof draft === "string" ? draft : JSON.stringify(draft));
    return file;
  };
  const login = { from: "userName", required: true, lookup: true };
  const ada = { userName: "ada@example.com", title: "Countess", emails: [{ value: "ada@example.com" }] };

  test("shows counts, differences side by side, and what brings it about", async () => {
    await store.createUser(ada);
    await store.work();
    const file = fileOf({ mapping: { attributes: { login, title: { from: "title" } } } });
    const { code, out } = await run(`mapping preview --local ${file}`);
    expect(code).toBe(0);
    expect(out).toMatch(/^1 user compared\n {2}0 {2}stay as they are\n {2}1 {2}would change\n/);
    expect(out).toMatch(/^attribute +get one +lose it +differ\n(.*\n)?title +1 +0 +0$/m);
    expect(out).toMatch(/^attribute +for example +now +then\n(.*\n)?title +ada@example\.com +– +Countess$/m);
    expect(out).toContain("npx rollcall resync --local --mapping-changed");
    expect(out.split("\n").filter((text) => text.length > 80 && !text.includes(file))).toEqual([]);
  });

  test("exits with 1 when somebody would fail, and says who and why", async () => {
    await store.createUser(ada);
    await store.createUser({ ...ada, userName: "bob", title: "" });
    await store.work();
    const file = fileOf({ attributes: { login, title: { from: "title", required: true } } });
    const { code, out } = await run(`mapping preview --local ${file}`);
    expect(code).toBe(1);
    expect(out).toMatch(/Would fail\n {2}1 {2}Profile attribute "title" is required/);
    expect(out).toContain("bob; none of them fails today");
  });

  test("shows groups, too, where the file maps them otherwise, or that type alone", async () => {
    await store.createUser(ada);
    await store.createGroup("Sales");
    await store.work();
    const Group = { attributes: { name: { from: "displayName" } } };
    const email = { from: "emails.value", required: true };
    const file = fileOf({ mapping: { attributes: { login, email }, resourceTypes: { Group } } });
    const { out } = await run(`mapping preview --local ${file}`);
    expect(out).toMatch(/^1 user compared\n {2}1 {2}stay as they are[^]*\n1 group compared\n[^]*\nname +1 +0 +0$/m);
    expect(out).toContain("resync --local --mapping-changed");
    const alone = JSON.parse((await run(`mapping preview --local --json --type group ${file}`)).out);
    expect(alone).toMatchObject([{ type: "Group", seen: 1, changed: 1 }]);
    const { code, err } = await run(`mapping preview --local --type Device ${file}`);
    expect([code, err]).toEqual([2, 'There is no resource type "Device"; there are User, Group.\n']);
  });

  test("a mapping that makes the same profiles says that nothing is to be done", async () => {
    await store.createUser(ada);
    await store.work();
    const file = join(store.folder, "tenants/parking.json");
    const { code, out } = await run(`mapping preview --local ${file}`);
    expect([code, out]).toEqual([0, expect.stringContaining("nothing would have\nto be applied again")]);
    expect(out).not.toContain("resync");
  });

  test("of a file that is in force already says who is mended by it, and whose stamp alone would be renewed", async () => {
    const kind = { from: "title", required: true, table: { Countess: "noble" } };
    const path = join(store.folder, "tenants/parking.json");
    const write = (table: object) => {
      const mapping = { policy: "park", attributes: { login, kind: { ...kind, table } } };
      writeFileSync(path, JSON.stringify({ environment: { region: "eu-central-1" }, mapping }));
    };
    write(kind.table);
    await store.createUser(ada);
    await store.createUser({ ...ada, userName: "elif", title: "Counsel" });
    await store.work(loadTenant(join(store.folder, "tenants"), "parking").tenant);
    write({ ...kind.table, Counsel: "legal" });
    const { code, out } = await run(`mapping preview --local ${path}`);
    expect(out).toMatch(/1 {2}stay as they are\n {2}0 {2}would change\n {2}1 {2}would get their first entry/);
    expect(out).toContain("Parked today, and mended by it: `dlq replay` applies them\n  1  elif\n");
    expect(out.replaceAll("\n", " ")).toContain("1 entry was made by another mapping, and its profile stays the same");
    expect(out).toMatch(/bring it about:\n.*npm start`\n.*resync --local --mapping-changed\n.*dlq replay --local\n$/);
    expect(code).toBe(0);
  });

  test("--json is the same as data, --masked without names and values", async () => {
    await store.createUser(ada);
    await store.work();
    const file = fileOf({ attributes: { login, title: { from: "title" } } });
    const { out } = await run(`mapping preview --local --json --masked ${file}`);
    expect(JSON.parse(out)).toMatchObject([{ type: "User", seen: 1, changed: 1, attributes: expect.any(Array) }]);
    expect(out).toContain("C•••");
    expect(out).not.toMatch(/Countess|ada@/);
  });

  test.each([
    [
      "a key that is not known",
      { attributes: { x: { form: "title" } } },
      'mapping.attributes.x.form: unknown key; did you mean "from"?',
    ],
    [
      "a path that is none",
      { mapping: { attributes: { x: { from: "tittle" } } } },
      'mapping.attributes.x.from: "tittle" is not an attribute of User',
    ],
    ["a file without a mapping", {}, "there is no mapping in it; expected a tenant file"],
    ["text that is no JSON", "{", "line 1, column 2 is not JSON"],
    ["something that is no object", "[]", "found a list of 0; expected an object"],
  ])("%s is told with the file's name, and exit code 2", async (_name, draft, sentence) => {
    const file = fileOf(draft);
    const { code, out, err } = await run(`mapping preview --local ${file}`);
    expect([code, out, err]).toEqual([2, "", expect.stringContaining(`${file}: ${sentence}`)]);
  });

  test("each problem of a file has a line", async () => {
    const { err } = await run(`mapping preview --local ${fileOf({ attributes: { x: { a: 1 }, y: { from: 2 } } })}`);
    expect(err.trim().split("\n").length).toBeGreaterThan(1);
  });

  test("a file that is not there", async () => {
    const { code, err } = await run("mapping preview --local nowhere.json");
    expect([code, err]).toEqual([2, 'The file "nowhere.json" cannot be read: it is not there.\n']);
  });
});
