import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mendedTenant, type TestStore, testStore } from "../ops/store.ts";
import { commandOn, type Ran, type World } from "./run.ts";

let store: TestStore;
let run: (words: string | readonly string[], world?: World) => Promise<Ran>;
beforeEach(() => {
  store = testStore();
  run = commandOn(store);
});
afterEach(() => store.close());

const parkOne = async (userName = "ada@example.com") => {
  const id = await store.createUser({ userName });
  await store.work();
  return id;
};
const lettersLeft = async () => await store.operations.deadLetters.changes.depth();

describe("token", () => {
  test("create prints the token alone on stdout, so that a script can take it", async () => {
    const { code, out, err } = await run([
      "token",
      "create",
      "--local",
      "--label",
      "Entra production",
      "--expires-days",
      "30",
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^rc_[a-z0-9]+_[A-Za-z0-9]+\n$/);
    expect(err).toContain("shown this once");
    expect((await run("token ls --local")).out).toMatch(/Entra production +\d+ s ago +never +in 30 days/);
  });

  test("one is revoked, and listed with its end", async () => {
    const { out } = await run("token create --local --label x --json");
    const { id } = JSON.parse(out);
    expect(await run(`token revoke --local ${id}`)).toMatchObject({
      code: 0,
      out: expect.stringContaining("gets a 401"),
    });
    expect((await run("token ls --local")).out).toMatch(/revoked \d+ s ago/);
  });

  test("--json is data with ISO times, without the hash", async () => {
    await run("token create --local --label x");
    const [token] = JSON.parse((await run("token ls --local --json")).out);
    expect(token).toEqual({ id: expect.any(String), label: "x", createdAt: expect.stringMatching(/Z$/), alive: true });
  });
});

describe("dlq ls and show", () => {
  test("nothing is told as nothing", async () => {
    expect(await run("dlq ls --local")).toEqual({
      code: 0,
      out: "Nothing is parked, and there is no dead letter.\n",
      err: "",
    });
  });

  test("ls is a table by cause", async () => {
    await parkOne();
    const { out } = await run("dlq ls --local");
    expect(out).toMatch(
      /^cause +count +parked +letters +oldest +lanes\nmapping-required-missing +1 +1 +1 +\d+ s +changes\n$/,
    );
  });

  test("show tells who, why, since when and what is behind", async () => {
    const id = await parkOne();
    const { out } = await run("dlq show --local");
    expect(out).toContain("User ada@example.com");
    expect(out).toContain(id);
    expect(out).toMatch(/mapping-required-missing, parked, for \d+ s, lane changes/);
    expect(out).toContain('Profile attribute "email" is required');
    expect(out).toContain("version 1 accepted, 0 in the directory; 1 dead letter");
  });

  test("--json has no receipts", async () => {
    await parkOne();
    const [change] = JSON.parse((await run("dlq show --local --json")).out);
    expect(change).toMatchObject({
      type: "User",
      cause: "mapping-required-missing",
      status: "parked",
      deadLetters: 1,
      since: expect.stringMatching(/Z$/),
    });
    expect(JSON.stringify(change)).not.toContain("receipt");
  });
});

describe("dlq replay", () => {
  test("shows the plan, asks, and does nothing after a no", async () => {
    await parkOne();
    const { code, out, err } = await run("dlq replay --local", { answer: false });
    expect(out).toBe("1 change to replay\n  1 mapping-required-missing\n");
    expect(err).toContain("Replay them?\nNothing was changed.");
    expect([code, await lettersLeft()]).toEqual([0, 1]);
  });

  test("after a yes it sends, and the worker applies once the cause is mended", async () => {
    await parkOne();
    const { code, out } = await run("dlq replay --local", { answer: true });
    expect(code).toBe(0);
    expect(out).toContain("1 change sent to the worker");
    await store.work(mendedTenant);
    expect((await run("dlq ls --local")).out).toContain("Nothing is parked");
    expect((await run("show --local ada@example.com")).out).toContain("nothing is pending");
  });

  test("--yes asks nobody; --json tells plan and result", async () => {
    await parkOne();
    const { code, out } = await run("dlq replay --local --yes --json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ planned: { replay: 1, superseded: 0 }, sent: 1, stopped: false });
  });

  test("stopped by Ctrl-C it says how to go on", async () => {
    await parkOne();
    const { code, err } = await run("dlq replay --local --yes", { interrupted: true });
    expect([code, await lettersLeft()]).toEqual([1, 1]);
    expect(err).toContain("Run it again to go on.");
  });

  test("only what was chosen", async () => {
    await parkOne("ada");
    await parkOne("bob");
    expect((await run("dlq replay --local --yes --user bob")).out).toContain("1 change to replay");
    expect((await run("dlq replay --local --yes --older-than 1h")).out).toContain("0 changes to replay");
  });
});

describe("dlq drop", () => {
  test("asks, takes letters away, and says what stays parked", async () => {
    await parkOne();
    const { out, err } = await run("dlq drop --local", { answer: true });
    expect(err).toContain("Drop 1 dead letter of 1 change?");
    expect(out).toBe("1 dead letter dropped.\n1 change still parked in the table: `dlq replay` finds them.\n");
    expect(await lettersLeft()).toBe(0);
  });

  test("after a no everything is as it was", async () => {
    await parkOne();
    await run("dlq drop --local", { answer: false });
    expect(await store.operations.deadLetters.changes.receive({ hiddenSeconds: 1 })).toHaveLength(1);
  });
});

describe("show", () => {
  test("a parked user: what was said, why it is not applied, how it came to be", async () => {
    await parkOne();
    const { code, out } = await run("show --local ADA@example.com");
    expect(code).toBe(0);
    expect(out).toMatch(/^User ada@example.com\n/);
    expect(out).toMatch(/accepted +version 1, live/);
    expect(out).toMatch(/applied +version 0, parked for \d+ s/);
    expect(out).toContain("mapping-required-missing");
    expect(out).toContain("directory  no entry yet");
    expect(out).toContain("changed: userName");
  });

  test("--json is the same as data; the resource is left as it is", async () => {
    await parkOne();
    const [shown] = JSON.parse((await run("show --local ada@example.com --json")).out);
    expect(shown).toMatchObject({
      accepted: { version: 1, created: expect.stringMatching(/Z$/), resource: { userName: "ada@example.com" } },
      applied: { status: "parked", failure: { code: "mapping-required-missing" } },
      log: [{ kind: "create", attributes: expect.arrayContaining(["userName"]) }],
    });
  });
});

describe("what people read", () => {
  test("fits 80 columns, however long names and causes are", async () => {
    await run(["token", "create", "--local", "--label", "a very long label ".repeat(5)]);
    await store.operations.lanes.leavers.bury(
      { type: "User", id: store.operations.chance.uuid(), version: 1 },
      "x".repeat(100),
    );
    for (const words of ["token ls --local", "dlq ls --local"]) {
      const { out } = await run(words);
      expect(out.split("\n").filter((text) => text.length > 80)).toEqual([]);
    }
  });

  test("holds no escape sequence that an identity provider sent", async () => {
    await parkOne("\u001B[2Jada\u009B31m");
    await run(["token", "create", "--local", "--label", "a\u001B[2Jb"]);
    for (const words of ["dlq show --local", "token ls --local", "show --local \u001B[2Jada\u009B31m"]) {
      const { code, out } = await run(words);
      expect([code, /[^\n\P{Cc}]/u.test(out)]).toEqual([0, false]);
    }
  });

  test("a head in colours is as wide as a plain one", async () => {
    await parkOne();
    const [plain, coloured] = [await run("dlq ls --local"), await run("dlq ls --local", { colours: true })];
    expect(stripVTControlCharacters(coloured.out).split("\n")[0]).toBe(plain.out.split("\n")[0]);
  });

  test("has colours only where somebody sees them", async () => {
    await parkOne();
    const plain = await run("dlq show --local");
    const coloured = await run("dlq show --local", { colours: true });
    expect(plain.out).toBe(stripVTControlCharacters(plain.out));
    expect(coloured.out).not.toBe(stripVTControlCharacters(coloured.out));
  });
});
