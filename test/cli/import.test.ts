import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestStore, testStore } from "../ops/store.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { enterpriseUserSchema } from "../../lib/scim/schemas/enterprise-user.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { commandOn, type Ran } from "./run.ts";

let store: TestStore;
let run: ReturnType<typeof commandOn>;
beforeEach(() => {
  store = testStore();
  run = commandOn(store);
});
afterEach(() => store.close());

function file(name: string, text: string | Buffer): string {
  const path = join(store.folder, name);
  writeFileSync(path, text);
  return path;
}

async function imported(text: string | Buffer, name = "people.csv", options = ""): Promise<Ran> {
  return await run(`import ${file(name, text)} --local${options}`);
}

/** All users as they were accepted, by userName. */
async function users(): Promise<JsonObject> {
  const { out } = await run("export --local --type users");
  const all = out.trim().split("\n").filter(Boolean);
  return Object.fromEntries(
    all.map((text) => {
      const { schemas: _schemas, meta: _meta, id: _id, userName, ...rest } = JSON.parse(text) as JsonObject;
      return [userName, rest];
    }),
  );
}

function items(): number {
  return Number(store.db.prepare("SELECT count(*) AS n FROM item").get()?.["n"]);
}

const two = "userName,emails.value\nada@example.com,ada@example.com\nbob@example.com,bob@example.com\n";

describe("rollcall import of a CSV", () => {
  test.each<[string, string | Buffer]>([
    ["with commas", 'userName,name.givenName,active,department\nada@example.com,"Ada, Countess",yes,Engines\n'],
    [
      "with semicolons, CRLF, a byte order mark and other letter case",
      "\uFEFFUSERNAME;name.givenname;Active;Department\r\nada@example.com;Ada, Countess;TRUE;Engines\r\n\r\n",
    ],
    [
      "with tabs and quotation marks",
      'userName\tname.givenName\tactive\turn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department\nada@example.com\t"Ada, Countess"\t1\tEngines',
    ],
    [
      "in UTF-16, as PowerShell writes it",
      Buffer.from(
        '\uFEFFuserName,name.givenName,active,department\nada@example.com,"Ada, Countess",true,Engines\n',
        "utf16le",
      ),
    ],
  ])("%s", async (_how, text) => {
    expect(await imported(text)).toMatchObject({ code: 0 });
    expect(await users()).toEqual({
      "ada@example.com": {
        name: { givenName: "Ada, Countess" },
        active: true,
        [enterpriseUserSchema.id]: { department: "Engines" },
      },
    });
  });

  test("columns with the same filter are about one element of a list, and an empty cell says nothing", async () => {
    const header = [
      "userName",
      'emails[type eq "work"].value',
      'emails[type eq "work"].primary',
      'emails[type eq "home"].value',
    ];
    const quoted = header.map((name) => `"${name.replaceAll('"', '""')}"`).join(";");
    await imported(
      `${quoted};title\nada@example.com;ada@example.com;true;ada@home.example.com;\nbob@example.com;;;;\n`,
    );
    expect(await users()).toEqual({
      "ada@example.com": {
        active: true,
        emails: [
          { value: "ada@example.com", type: "work", primary: true },
          { value: "ada@home.example.com", type: "home" },
        ],
      },
      "bob@example.com": { active: true },
    });
  });

  test("an id that is a UUIDv4 is kept, another makes a new one", async () => {
    const id = "0b9a1f6e-7d1c-4f3e-9a55-2f5f0c6d7e81";
    await imported(`id,userName,emails.value\n${id},ada@example.com,a@example.com\n17,bob@example.com,b@example.com\n`);
    expect(await run(`show ${id} --local`)).toMatchObject({ code: 0 });
    const { out } = await run("export --local");
    const ids = out
      .trim()
      .split("\n")
      .map((text) => (JSON.parse(text) as { id: string }).id);
    expect(ids).toHaveLength(2);
    expect(ids.every((one) => /^[0-9a-f-]{14}4[0-9a-f-]{21}$/.test(one))).toBe(true);
  });
});

describe("a file that is not in order is refused before anything is written", () => {
  test.each<[string, string, string]>([
    ["an unknown header", "userName,emial.value\na,b\n", 'row 1, column "emial.value": is no SCIM path of a user'],
    ["one that is nearly right", "usrName\na\n", 'column "usrName": is no SCIM path of a user; did you mean userName?'],
    ["a name that applications use", "userName,first_name\na,b\n", "did you mean name.givenName?"],
    ["one short by a letter", "userName,departmnt\na,b\n", "did you mean department?"],
    ["no userName", "title\nCountess\n", 'there is no column "userName", which every User needs'],
    ["one place twice", "userName,title,TITLE\na,b,c\n", 'column "TITLE": is the same place as column "title"'],
    ["what the server gives", "userName,meta.created\na,b\n", "is given by the server; leave the column out"],
    ["an attribute with parts", "userName,name\na,b\n", "has parts; expected one of them, such as name.formatted"],
    ["no row", "userName\n", "the file has no rows"],
    ["a quotation mark that is not closed", 'userName\n"ada\n', "row 2 has a quotation mark that is not closed"],
    [
      "another number of cells",
      "userName,title\nada,b,c\n",
      "row 2: has 3 columns; expected as many as the header has",
    ],
    [
      "no userName in a row",
      "userName,title\nada@example.com,a\n,b\n",
      'row 3, column "userName": "userName" is required',
    ],
    [
      "no boolean",
      "userName,active\nada@example.com,perhaps\n",
      'row 2, column "active": found "perhaps"; expected true or false',
    ],
    [
      "the same person twice",
      "userName\nada@example.com\nADA@example.com\n",
      'row 3, column "userName": is the same as in row 2',
    ],
    [
      "the same id twice",
      "id,userName\n7,a@example.com\n7,b@example.com\n",
      'row 3, column "id": is the same as in row 2',
    ],
  ])("%s", async (_what, text, message) => {
    const before = items();
    const { code, err } = await imported(text);
    expect(code).toBe(1);
    expect(err).toContain("nothing was written");
    expect(err).toContain(message);
    expect(items()).toBe(before);
  });

  test("in an encoding of one country, as spreadsheets write it, is refused: names would be stored wrong", async () => {
    const before = items();
    const latin1 = Buffer.from("userName,title\nada@example.com,Engineer\nbob@example.com,B\u00FCrger\n", "latin1");
    const { code, err } = await imported(latin1);
    expect(code).toBe(2);
    expect(err.replaceAll(/\s+/g, " ")).toContain("is not in UTF-8: row 3 has letters of another encoding");
    expect(items()).toBe(before);
  });

  test("row 40,001 of 50,000 is named, with column and what was expected", async () => {
    const rows = Array.from({ length: 50_000 }, (_, n) => `person${n}@example.com,${n === 39_999 ? "maybe" : "true"}`);
    const before = items();
    const { code, err } = await imported(`userName,active\n${rows.join("\n")}\n`);
    expect(code).toBe(1);
    expect(err).toContain('row 40,001, column "active": found "maybe"; expected true or false');
    expect(items()).toBe(before);
  });

  test.each<[string, string, string, string]>([
    ["a line that is no JSON", "all.jsonl", '{"userName":"a"}\n{"userName":\n', "row 2: is no JSON"],
    [
      "another resource type",
      "all.jsonl",
      '{"schemas":["urn:x"],"userName":"a"}',
      'row 1, column "schemas": names no resource type',
    ],
    ["a text that is no JSON", "all.json", "[1,", "the file is no JSON"],
    ["no object", "all.json", "[1]", "row 1: is no JSON object"],
    ["a wrong value", "all.json", '[{"userName":"a","active":7}]', 'row 1, column "active":'],
  ])("as JSON: %s", async (_what, name, text, message) => {
    const { code, err } = await imported(text, name);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  test("all that is wrong stands in the data: a row with too few columns hides no other", async () => {
    const { code, out } = await imported("userName,active\na,x\nb\nc,y\nd,true,z\n", "people.csv", " --json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      file: "people.csv",
      problems: [
        { row: 2, column: "active" },
        { row: 3, problem: "has 1 column; expected as many as the header has" },
        { row: 4, column: "active" },
        { row: 5, problem: "has 3 columns; expected as many as the header has" },
      ],
    });
  });
});

describe("a row that cannot be written", () => {
  test("is told with its reason, the others go on, and the same file brings it once the reason is gone", async () => {
    const id = await store.createUser({ userName: "bob@example.com" });
    const first = await imported(two);
    expect(first.code).toBe(1);
    expect(first.out).toMatch(/1 {2}brought\n {2}1 {2}refused/);
    expect(first.out).toContain("bob@example.com");
    expect(Object.keys(await users()).toSorted()).toEqual(["ada@example.com", "bob@example.com"]);
    await store.deleteUser(id);
    const again = await imported(two);
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toMatch(/1 {2}brought\n {2}1 {2}brought by this import before/);
    expect((await run("import ls --local")).out).toMatch(/done +2 +2 +0/);
  });

  test("because the mapping refuses it is told by the dry run as by the run", async () => {
    const strict = {
      environment: { region: "eu-central-1" },
      mapping: { attributes: { email: { from: "emails.value", required: true } } },
    };
    const other = testStore();
    const runStrict = commandOn(other, strict);
    const path = join(other.folder, "people.csv");
    writeFileSync(path, "userName,emails.value\nada@example.com,\nbob@example.com,bob@example.com\n");
    for (const option of [" --dry-run", ""]) {
      const { code, out } = await runStrict(`import ${path} --local --json${option}`);
      expect(code).toBe(1);
      const { brought, refused } = JSON.parse(out) as { brought: number; refused: JsonObject[] };
      expect(brought).toBe(1);
      expect(refused).toMatchObject([{ row: 2, name: "ada@example.com" }]);
    }
    other.close();
  });
});

describe("rollcall import --dry-run", () => {
  test("says what would be brought, refused and parked, and writes nothing", async () => {
    await store.createUser({ userName: "bob@example.com" });
    const before = items();
    const { code, out } = await imported(`${two}eve@example.com,\n`, "people.csv", " --dry-run");
    expect(code).toBe(1);
    expect(out).toContain("people.csv: 3 Users");
    expect(out).toMatch(/2 {2}would be brought\n {2}1 {2}would be refused\n {2}1 {2}of those brought would be parked/);
    expect(items()).toBe(before);
  });

  test("of groups says which members are nowhere", async () => {
    const lines = [
      {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        id: "g1",
        displayName: "Pilots",
        members: [{ value: "u1" }, { value: "g2" }],
      },
      {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        id: "g2",
        displayName: "Crew",
        members: [{ value: "nobody" }],
      },
      { id: "u1", userName: "ada@example.com", emails: [{ value: "a@example.com" }] },
    ];
    const text = lines.map((line) => JSON.stringify(line)).join("\n");
    const { out } = await imported(text, "all.jsonl", " --dry-run --json");
    expect(JSON.parse(out)).toMatchObject({ brought: 2, refused: [{ row: 2, type: "Group", name: "Crew" }] });
  });

  test.each(["", " --dry-run"])("refuses a group one of whose members is refused: import%s", async (option) => {
    await store.createUser({ userName: "ada@example.com" });
    const group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    const lines = [
      { id: "u1", userName: "ada@example.com", emails: [{ value: "a@example.com" }] },
      { id: "g1", schemas: [group], displayName: "Pilots", members: [{ value: "u1" }] },
    ];
    const text = lines.map((one) => JSON.stringify(one)).join("\n");
    const { out } = await imported(text, "all.jsonl", ` --json${option}`);
    expect(JSON.parse(out)).toMatchObject({ brought: 0, refused: [{ row: 1 }, { row: 2 }] });
  });
});

describe("an import that was stopped", () => {
  test("has written nothing more, and the same file goes on there", async () => {
    const stopped = await run(`import ${file("people.csv", two)} --local`, { interrupted: true });
    expect(stopped.code).toBe(1);
    expect(stopped.err).toContain("Stopped before the end. The same file goes on there: npx rollcall import");
    expect((await run("import ls --local")).out).toContain("at 0 of 2");
    expect(await imported(two)).toMatchObject({ code: 0 });
    expect((await run("import ls --local --json")).out.match(/"id"/g)).toHaveLength(1);
  });
});

describe("rollcall import undo", () => {
  test("deletes whom nobody has spoken of since, and says who stays", async () => {
    await imported(`${two}eve@example.com,eve@example.com\nold@example.com,old@example.com\n`);
    await store.work();
    const [{ id = "" } = {}] = JSON.parse((await run("import ls --local --json")).out) as { id?: string }[];
    const idOf = async (name: string) =>
      (JSON.parse((await run(`show ${name} --local --json`)).out) as { id: string }[])[0]?.id ?? "";
    await store.patchUser(await idOf("bob@example.com"), { title: "Pilot" });
    await store.deleteUser(await idOf("old@example.com"));
    const dry = await run(`import undo ${id} --local --dry-run`);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toMatch(/2 {2}to delete/);
    expect(dry.out).toMatch(/1 {2}stay: somebody has spoken of them since\n {2}1 {2}were deleted since/);
    expect(dry.out).toContain("bob@example.com");
    expect(Object.keys(await users())).toHaveLength(3);
    expect(await run(`import undo ${id} --local`)).toMatchObject({ code: 2 });
    const { code, out } = await run(`import undo ${id} --local`, { answer: true });
    expect(code).toBe(0);
    expect(out).toContain("2 resources deleted");
    expect(Object.keys(await users())).toEqual(["bob@example.com"]);
    await store.work();
    expect((await run("import ls --local")).out).toContain("undone");
    const again = await run(`import undo ${id} --local`);
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toMatch(/was undone at 20[^]*Nothing was left to delete\./);
  });

  test("stopped, it is half undone, no run goes on with the file, and the same words end it", async () => {
    await imported(two);
    const [{ id = "" } = {}] = JSON.parse((await run("import ls --local --json")).out) as { id?: string }[];
    expect(await run(`import undo ${id} --local --yes`, { interrupted: true })).toMatchObject({ code: 1 });
    expect(Object.keys(await users())).toHaveLength(2);
    expect(await run(`import undo ${id} --local --yes`)).toMatchObject({ code: 0 });
    expect(await users()).toEqual({});
    expect(await imported(two)).toMatchObject({ code: 0 });
    expect((await run("import ls --local --json")).out.match(/"id"/g)).toHaveLength(2);
  });

  test("knows no import that there is not", async () => {
    const { code, err } = await run("import undo nothing --local --yes");
    expect(code).toBe(1);
    expect(err).toContain('There is no import "nothing"; `npx rollcall import ls` lists them.');
  });
});

describe("who made a change", () => {
  test("is told as the import by show, explain and activity", async () => {
    await imported(two);
    await store.work();
    const [{ id = "" } = {}] = JSON.parse((await run("import ls --local --json")).out) as { id?: string }[];
    for (const words of ["show ada@example.com", "explain ada@example.com", "activity"])
      expect((await run(`${words} --local`)).out.replaceAll(/\s+/g, " ")).toContain(`imported (import ${id})`);
  });
});

describe("rollcall export", () => {
  test("writes users first, then groups with their members, for this user alone, and never over a file", async () => {
    const ada = await store.createUser({ userName: "ada@example.com" });
    await store.createGroup("Pilots", [ada]);
    await store.work();
    const path = join(store.folder, "all.jsonl");
    const { code, out, err } = await run(`export --local --out ${path}`);
    expect(code).toBe(0);
    expect(out).toBe(`${path}\n`);
    expect(err).toContain("1 User, 1 Group: personal data, for your eyes alone.");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const [user, group] = readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as JsonObject);
    expect(user).toMatchObject({ id: ada, userName: "ada@example.com", meta: { resourceType: "User" } });
    expect(group).toMatchObject({ displayName: "Pilots", members: [{ value: ada, type: "User" }] });
    const again = await run(`export --local --out ${path}`);
    expect(again).toMatchObject({ code: 2, err: `${path} is there already: name another with --out.\n` });
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  test.each(["users", "groups"])("of %s alone", async (type) => {
    await store.createUser({ userName: "ada@example.com" });
    await store.createGroup("Pilots");
    const { out } = await run(`export --local --type ${type}`);
    expect(
      out
        .trim()
        .split("\n")
        .map((text) => (JSON.parse(text) as { meta: { resourceType: string } }).meta.resourceType),
    ).toEqual([type === "users" ? "User" : "Group"]);
  });

  test("stopped leaves no part of a file", async () => {
    await store.createUser({ userName: "ada@example.com" });
    const path = join(store.folder, "all.jsonl");
    expect(await run(`export --local --out ${path}`, { interrupted: true })).toMatchObject({ code: 1 });
    expect([existsSync(path), existsSync(`${path}.part`)]).toEqual([false, false]);
  });

  test("a mark of an import is no part of it", async () => {
    await imported(two);
    const { out } = await run("export --local");
    const first = JSON.parse(out.split("\n")[0] ?? "") as { id: string };
    expect((await readHead(store.operations.table, "User", first.id))?.imported).toBeDefined();
    expect(out).not.toContain("imported");
  });
});
