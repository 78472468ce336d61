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
