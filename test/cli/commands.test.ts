import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
  // A failure is told from the next one by its time.
  store.tick();
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
    expect((await run("token ls --local")).out).toMatch(/Entra production +SCIM +\d+ s ago +never +in 30 days/);
  });

  test("one is made for an identity provider by its name, and for no other", async () => {
    await run("token create --local --label x --idp entra");
    const [token] = JSON.parse((await run("token ls --local --json")).out);
    expect(token).toMatchObject({ idp: "entra" });
    expect(await run("token create --local --label x --idp entro")).toMatchObject({
      code: 2,
      err: expect.stringContaining("entra"),
    });
  });

  test("one for events is made only where there are any, and is none of an identity provider", async () => {
    expect(await run("token create --local --label app --for events")).toMatchObject({
      code: 1,
      err: expect.stringContaining('add "events": {} to the tenant file'),
    });
    expect(await run("token create --local --label app --for events --idp okta")).toMatchObject({
      code: 2,
      err: expect.stringContaining("leave it out"),
    });
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

  test("ls is a table by cause, a total, and what each means and needs", async () => {
    await parkOne();
    await parkOne("bob@example.com");
    const { out } = await run("dlq ls --local");
    expect(out).toMatch(
      /^cause +count +parked +letters +oldest +lanes\nmapping-required-missing +2 +2 +2 +\d+ s +changes\n/,
    );
    expect(out).toMatch(/\n2 failed changes of 1 cause, 2 parked; 2 dead letters; the oldest waits for \d+ s\.\n/);
    expect(out).toContain("\n  The user has no value for a profile attribute that the tenant file requires.\n");
    expect(out).toContain("\n  $ npx rollcall dlq replay --cause mapping-required-missing --local\n");
  });

  test("show tells how many more there are than it shows", async () => {
    for (const name of ["a", "b", "c"]) await parkOne(name);
    const { out } = await run("dlq show --local --limit 2");
    expect(out.match(/^User /gm)).toHaveLength(2);
    expect(out).toContain("… and 1 more change: --limit shows more of them, --json all.");
    expect(JSON.parse((await run("dlq show --local --limit 2 --json")).out)).toHaveLength(3);
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
  const parkTwo = async () => {
    await parkOne("ada");
    await parkOne("bob");
  };
  const quick = "dlq replay --local --even-failing --no-wait";

  test("shows the plan, asks, and does nothing after a no", async () => {
    await parkOne();
    const { code, out, err } = await run(quick, { answer: false });
    expect(out).toBe("1 change to replay\n  1 mapping-required-missing\n");
    expect(err).toContain("Replay them?\nNothing was changed.");
    expect([code, await lettersLeft()]).toEqual([0, 1]);
  });

  test("what would fail again under the present mapping is told and left out", async () => {
    await parkTwo();
    const { code, out } = await run("dlq replay --local --yes");
    expect(out).toContain("0 changes to replay\n2 changes would fail again and stay where they are\n");
    expect(out.replaceAll(/\n +/g, " ")).toMatch(/2 Profile attribute "email" is required.*\(ada, bob\)/);
    expect([code, await lettersLeft()]).toEqual([0, 2]);
  });

  test("waits for the worker, and tells what was applied and what failed again", async () => {
    await parkOne("bob");
    const ada = await store.createUser({ userName: "ada", emails: [{ value: "ada@example.com" }] });
    store.parkHead("User", ada);
    const stop = store.keepWorking();
    const { code, out } = await run("dlq replay --local --even-failing --yes");
    await stop();
    expect(out).toContain("1 change applied");
    expect(out).toContain("1 change failed again:\n  1 mapping-required-missing\n");
    expect(code).toBe(1);
  });

  test("a worker that has another mapping than the file here is told from a change that cannot be mended", async () => {
    await parkOne("bob");
    const path = join(store.folder, "tenants/parking.json");
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace('{"from":"emails.value","required":true}', '{"from":"title"}'),
    );
    const stop = store.keepWorking();
    const { code, out } = await run("dlq replay --local --yes");
    await stop();
    expect(out).toContain("1 change failed again:");
    expect(out.replaceAll("\n", " ")).toContain(
      "The worker runs another mapping than tenants/parking.json here, which can carry them: stop and start `npm start`, then replay.",
    );
    expect(code).toBe(1);
  });

  test.each(["show", "replay", "drop --reason x"])(
    "dlq %s of a cause that there is not names those that there are",
    async (words) => {
      await parkOne();
      const { code, out, err } = await run(`dlq ${words} --local --cause nosuch`);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toContain('There is no cause "nosuch"; there are mapping-required-missing,');
      store.parkHead("User", await store.createUser({ userName: "cy" }), "of-another-version");
      expect((await run("dlq show --local --cause of-another-version")).code).toBe(0);
    },
  );

  test("after a yes it sends, and the worker applies once the cause is mended", async () => {
    await parkOne();
    const { code, out } = await run(quick, { answer: true });
    expect(code).toBe(0);
    expect(out).toContain("1 change sent to the worker");
    await store.work(mendedTenant);
    expect((await run("dlq ls --local")).out).toContain("Nothing is parked");
    expect((await run("show --local ada@example.com")).out).toContain("nothing is pending");
  });

  test("--yes asks nobody; --json tells plan and result", async () => {
    await parkOne();
    const { code, out } = await run(`${quick} --yes --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ planned: { replay: 1, superseded: 0 }, sent: 1, stopped: false });
  });

  test("without a terminal and without --yes the plan is shown, and nothing done", async () => {
    await parkOne();
    const { code, out, err } = await run(quick);
    expect(out).toBe("1 change to replay\n  1 mapping-required-missing\n");
    expect(err).toContain("Nobody is there to be asked: add --yes to go on without a question.");
    expect([code, await lettersLeft()]).toEqual([2, 1]);
    const asData = await run(`${quick} --json`);
    expect([asData.code, JSON.parse(asData.out)]).toMatchObject([2, { planned: { replay: 1 } }]);
  });

  test("--dry-run is the plan alone", async () => {
    await parkOne();
    expect(await run(`${quick} --dry-run`)).toMatchObject({
      code: 0,
      out: "1 change to replay\n  1 mapping-required-missing\n",
    });
    const { out } = await run("dlq replay --local --dry-run --json");
    expect(JSON.parse(out)).toMatchObject({
      planned: { replay: 0, failing: { count: 1, reasons: [{ count: 1, examples: ["ada@example.com"] }] } },
    });
    expect(await lettersLeft()).toBe(1);
  });

  test("stopped by Ctrl-C it says how to go on", async () => {
    await parkOne();
    const { code, err } = await run(`${quick} --yes`, { interrupted: true });
    expect([code, await lettersLeft()]).toEqual([1, 1]);
    expect(err).toContain("Run it again to go on.");
  });

  test("only what was chosen", async () => {
    await parkTwo();
    expect((await run(`${quick} --yes --user bob`)).out).toContain("1 change to replay");
    expect((await run(`${quick} --yes --older-than 1h`)).out).toContain("0 changes to replay");
  });
});

describe("dlq drop", () => {
  const drop = ["dlq", "drop", "--local", "--reason", "a test account"];

  test("shows what is given up, asks, and lists it no more", async () => {
    await parkOne();
    const { out, err } = await run(drop, { answer: true });
    expect(err).toContain("Drop them?");
    expect(out).toContain("1 change to drop, with 1 dead letter\n  1 mapping-required-missing\n");
    expect(out).toContain("1 change given up; 1 dead letter taken away.\n");
    expect(await lettersLeft()).toBe(0);
    expect((await run("dlq ls --local")).out).toContain("Nothing is parked");
  });

  test("the reason stays: show tells it, and dlq show --given-up lists it", async () => {
    await parkOne();
    await run([...drop, "--yes"]);
    const { out } = await run("show --local ada@example.com");
    expect(out).toContain("version 0, given up by the operator");
    expect(out).toMatch(/UTC: version 1, mapping-required-missing: a test account/);
    expect((await run("dlq show --local --given-up")).out).toContain("a test account");
    const [change] = JSON.parse((await run("dlq show --local --given-up --json")).out);
    expect(change).toMatchObject({ status: "givenUp", givenUp: { at: expect.stringMatching(/Z$/) } });
  });

  test("what was given up is taken up again by replay --given-up", async () => {
    await parkOne();
    await run([...drop, "--yes"]);
    await run("dlq replay --local --given-up --even-failing --no-wait --yes");
    await store.work(mendedTenant);
    expect((await run("show --local ada@example.com")).out).toContain("nothing is pending");
  });

  test("whoever left and keeps access because of it is named", async () => {
    const id = await store.createUser({ userName: "lea", emails: [{ value: "lea@example.com" }] });
    await store.work();
    await store.patchUser(id, { active: false });
    store.parkHead("User", id);
    expect((await run([...drop, "--dry-run"])).out).toContain("Of them, 1 left and would keep access:\n  lea\n");
  });

  test("without a reason it is refused, unless the messages are none of ours", async () => {
    await parkOne();
    await store.operations.lanes.changes.bury("?", "unreadable-message");
    expect(await run("dlq drop --local --yes")).toMatchObject({ code: 2, err: expect.stringContaining("--reason") });
    expect((await run("dlq drop --local --yes --cause unreadable-message")).out).toContain("1 dead letter taken away");
    expect(await lettersLeft()).toBe(1);
  });

  test("after a no everything is as it was", async () => {
    await parkOne();
    await run(drop, { answer: false });
    expect(await store.operations.deadLetters.changes.receive({ hiddenSeconds: 1 })).toHaveLength(1);
  });

  test("stopped by Ctrl-C it says how to go on", async () => {
    await parkOne();
    const { code, err } = await run([...drop, "--yes"], { interrupted: true });
    expect([code, await lettersLeft()]).toEqual([1, 1]);
    expect(err).toContain("Run it again to go on.");
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
    await parkOne();
    for (const words of [
      "token ls --local",
      "dlq ls --local",
      "dlq show --local",
      "dlq replay --local --dry-run",
      "show --local ada@example.com",
    ]) {
      const { out } = await run(words);
      expect(out.split("\n").filter((text) => text.length > 80 && !text.includes("x".repeat(100)))).toEqual([]);
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
