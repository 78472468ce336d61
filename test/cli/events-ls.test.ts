import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DirectoryEvent } from "../../lib/events/event.ts";
import { append, appendMany, userEvent } from "../events/fed.ts";
import { parkingTenantFile, type TestStore, testStore } from "../ops/store.ts";
import { commandOn } from "./run.ts";

let store: TestStore;
let run: ReturnType<typeof commandOn>;
beforeEach(() => {
  store = testStore();
  run = commandOn(store, { ...parkingTenantFile, events: {} });
});
afterEach(() => store.close());

const now = () => store.operations.clock.now();
const add = async (...events: DirectoryEvent[]) => await append(store.operations.table, events, now());
const withId = (event: DirectoryEvent, id: string): DirectoryEvent =>
  JSON.parse(JSON.stringify(event).replaceAll(/00000000-0000-4000-8000-\d{12}/g, id));
const positionsIn = (out: string) => JSON.parse(out).events.map(({ position }: { position: number }) => position);

describe("rollcall events ls", () => {
  test("shows the newest fifty, newest last", async () => {
    await appendMany(store.operations.table, 60, now());
    const { code, out } = await run("events ls --local");
    expect(code).toBe(0);
    expect(out.match(/user\.updated/g)).toHaveLength(50);
    expect(out.indexOf("  11  user.updated")).toBeLessThan(out.indexOf("  60  user.updated"));
    expect(out).toContain(userEvent(60, 1).data.subject);
  });

  test("begins at a position, an age or a moment, and prints the command that goes on", async () => {
    const before = now();
    await appendMany(store.operations.table, 5, before);
    store.pass(3_600_000);
    await appendMany(store.operations.table, 5, now(), 6);
    const { out } = await run("events ls --local --after 2 --most 3");
    expect(out).toContain("$ npx rollcall events ls --after 5 --most 3 --local");
    expect(positionsIn((await run("events ls --local --after 5 --most 3 --json")).out)).toEqual([6, 7, 8]);
    const { operations } = store;
    expect(new Date(before).getTime()).toBeLessThan(operations.clock.now());
    expect(positionsIn((await run("events ls --local --after 3d --json")).out)).toHaveLength(10);
  });

  test("shows only some types", async () => {
    await add(userEvent(1, 5), userEvent(2, 6, "user.suspended"), userEvent(3, 7, "group.updated"));
    expect(positionsIn((await run("events ls --local --json --type user.suspended")).out)).toEqual([2]);
    expect(positionsIn((await run("events ls --local --json --type user,group.updated")).out)).toEqual([1, 2, 3]);
    expect(positionsIn((await run("events ls --local --json --type use")).out)).toEqual([]);
  });

  test("shows only what tells of somebody, by any name that is known", async () => {
    const id = await store.createUser({ userName: "ada@example.com" });
    await add(userEvent(1, 5), withId(userEvent(1, 6), id), userEvent(2, 7));
    expect(positionsIn((await run("events ls --local --json --person ada@example.com")).out)).toEqual([2]);
    expect(await run("events ls --local --person nobody")).toMatchObject({
      code: 1,
      err: expect.stringContaining('Nobody and nothing is called "nobody"'),
    });
  });

  test("masks values, unless they are asked for", async () => {
    const event = userEvent(1, 5) as any;
    await add({
      ...event,
      data: { ...event.data, values: { email: { old: "ada@example.com", new: "ada@example.org" } } },
    });
    for (const words of ["events ls --local", "events ls --local --json"]) {
      expect((await run(words)).out).not.toMatch(/ada@example/);
      expect((await run(`${words} --values`)).out).toMatch(/ada@example\.com.*ada@example\.org/s);
    }
  });

  test("says where it stopped looking when what is wanted is rare", async () => {
    await add(userEvent(1, 5, "group.removed"));
    await appendMany(store.operations.table, 20_500, now());
    const { out, err } = await run("events ls --local --type group");
    expect(out).toContain("Nothing of that was told.");
    expect(err).toContain("Not looked at: position 501 and before");
  }, 60_000);

  test("says what to do for a tenant without events", async () => {
    const without = testStore();
    expect(await commandOn(without)("events ls --local")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/add\s+"events":\s+\{\}\s+and\s+deploy\s+it/),
    });
    without.close();
  });

  test.each([
    ["--after yesterday", "Expected a position such as 1200"],
    ["--type user,", "Expected types of events"],
    ["--most 0", "Expected a whole number from 1 to 1000"],
  ])("refuses %s in a sentence", async (option, words) => {
    const { code, err } = await run(`events ls --local ${option}`);
    expect([code, err.replaceAll(/\s+/g, " ")]).toEqual([2, expect.stringContaining(words)]);
  });
});

describe("rollcall events ls --follow", () => {
  test("shows each that comes, once, until it is ended", async () => {
    const shown: string[] = [];
    const end = new AbortController();
    const { main } = await import("../../lib/cli/main.ts");
    await appendMany(store.operations.table, 3, now());
    const running = main(["events", "ls", "--local", "--follow", "--json", "--after", "2"], {
      stdout: (text) => {
        shown.push(...text.trim().split("\n"));
        if (shown.length === 2) end.abort();
      },
      stderr: () => {},
      colours: false,
      interruption: () => end.signal,
      settings: { dataDir: store.folder, tenant: "parking", tenantsDir: `${store.folder}/tenants` },
    });
    while (shown.length < 1) await new Promise((resolve) => void setTimeout(resolve, 10));
    await appendMany(store.operations.table, 1, now(), 4);
    expect(await running).toBe(0);
    expect(shown.map((text) => JSON.parse(text).position)).toEqual([3, 4]);
  });
});
