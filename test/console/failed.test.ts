/** Failed syncs: from the list to what is applied, by the forms that a browser without script has. */
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Operations } from "../../lib/ops/operations.ts";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { countedReads, type Reads } from "../provisioning/counted-reads.ts";
import { brakeTenantFile, mendedTenant, parkingTenantFile, type TestStore, testStore } from "../ops/store.ts";
import { openPages, type Pages } from "./pages.ts";

const missing = "mapping-required-missing";
const ofMissing = `/failed/${missing}`;

let store: TestStore;
const opened: Pages[] = [];
beforeEach(() => {
  store = testStore();
});
afterEach(async () => {
  for (const pages of opened.splice(0)) await pages.close();
  store.close();
});

async function open(o: Operations = store.operations, file: object = parkingTenantFile): Promise<Pages> {
  const pages = await openPages(o, file);
  opened.push(pages);
  return pages;
}

/** After a deployment that mended the mapping, with its worker. */
async function openMended(): Promise<Pages> {
  return await open({ ...store.whileWorking(mendedTenant), tenant: mendedTenant });
}

async function park(...names: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const userName of names) ids.push(await store.createUser({ userName }));
  await store.work();
  return ids;
}

/** The page of a run when it has ended. */
async function ended(pages: Pages, path: string): Promise<string> {
  for (;;) {
    const html = await pages.get(path);
    if (html.includes("Ended ")) return textOf(html);
    await turn();
  }
}

async function run(pages: Pages, path: string, fields: Readonly<Record<string, string>> = {}): Promise<string> {
  const begun = await pages.post(path, fields);
  expect(begun.status).toBe(303);
  return await ended(pages, begun.path);
}

/** What somebody reads. */
function textOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll(/\s+/g, " ");
}

const depth = async () => await store.operations.deadLetters.changes.depth();
const stateOf = async (id: string) => (await readEntry(store.operations.table, "User", id))?.state;

describe("failed syncs", () => {
  test("on a quiet day say that nothing failed, and what it would look like", async () => {
    const text = textOf(await (await open()).get("/failed"));
    expect(text).toContain("Nothing failed");
    expect(text).toContain("would stand here by its cause, with the cure");
    expect(text).toContain("npx rollcall dlq ls --local");
  });

  test("stand by cause, with what each means, what to do and how many", async () => {
    await park("ada", "bob");
    const html = await (await open()).get("/failed");
    expect(html).toContain(`href="${ofMissing}"`);
    expect(textOf(html)).toMatch(/requires\. Have the identity provider send the value.* 2 (now|\d+ s ago)/);
    expect(textOf(html)).toContain("Changes' queue 2 dead letters");
  });

  test("are read from the table alone: no dead letter is hidden from anybody else", async () => {
    await park("ada");
    const pages = await open();
    for (const path of ["/failed", ofMissing, "/failed/all", `${ofMissing}/drop`, "/failed/letters"])
      await pages.get(path);
    expect(await store.operations.deadLetters.changes.receive({ hiddenSeconds: 1 })).toHaveLength(1);
  });

  test("without a parked change but with dead letters say that somebody has to look", async () => {
    await store.operations.lanes.changes.bury("?", "unreadable-message");
    const text = textOf(await (await open()).get("/failed"));
    expect(text).toContain("No change is parked, and yet 1 dead letter is left");
    expect(text).not.toContain("Nothing failed");
  });

  test("of one cause name who it is, how often it was tried and what the worker said, once for all who have the same", async () => {
    const [id] = await park("ada", "bob");
    const html = await (await open()).get(ofMissing);
    expect(html).toContain(`href="/people/${id}"`);
    expect(html.split("Profile attribute &quot;email&quot; is required")).toHaveLength(3);
    expect(textOf(html)).toContain(`npx rollcall dlq replay --cause ${missing} --local`);
  });

  test("name somebody deleted as the directory knows them", async () => {
    const id = await store.createUser({ userName: "del@example.com", emails: [{ value: "d@example.com" }] });
    await store.work();
    await store.deleteUser(id);
    store.parkHead("User", id, "throttled");
    expect(await (await open()).get("/failed/throttled")).toContain("del@example.com");
  });

  test("of a cause that there is not name those that there are", async () => {
    expect(await (await open()).get("/failed/nosuch", 400)).toContain("There is no cause");
    expect(textOf(await (await open()).get("/failed/throttled"))).toContain("Nothing waits any more");
  });

  test("are paged by fifty: everybody once, also when some are mended meanwhile, and all came at once", async () => {
    const ids = await park(...Array.from({ length: 120 }, (_, n) => `user-${n}`));
    // All of one millisecond.
    store.db.exec(
      "UPDATE item SET attributes = json_set(attributes, '$.pendingSince', 1) WHERE wait_key LIKE 'parked#%'",
    );
    const pages = await open();
    const seen: string[] = [];
    const rowsOf = (html: string) => [...html.matchAll(/data-href="\/people\/([^"]+)"/g)].map(([, id = ""]) => id);
    let html = await pages.get(ofMissing);
    seen.push(...rowsOf(html));
    expect(seen).toHaveLength(50);
    const [first = ""] = seen;
    await store.patchUser(first, { emails: [{ value: "mended@example.com" }] });
    await store.work();
    for (let next = nextOf(html); next !== undefined; next = nextOf(html)) {
      html = await pages.get(next);
      seen.push(...rowsOf(html));
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });
});

function nextOf(html: string): string | undefined {
  return /rel="next" href="([^"]+)"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
}

describe("replay", () => {
  test("after the mapping was mended: from the plan to what was applied", async () => {
    const [ada = "", bob = ""] = await park("ada", "bob");
    const pages = await openMended();
    expect(textOf(await pages.get(ofMissing))).toContain("2 changes would be sent to the worker");
    const text = await run(pages, `${ofMissing}/replay`);
    expect(text).toContain("Done: 2 changes applied.");
    expect([await stateOf(ada), await stateOf(bob), await depth()]).toEqual(["active", "active", 0]);
    expect(textOf(await pages.get("/failed"))).toContain("Nothing failed");
  });

  test("while nothing was mended sends nobody, and says why", async () => {
    await park("ada", "bob");
    const pages = await open(store.whileWorking());
    const plan = textOf(await pages.get(ofMissing));
    expect(plan).toContain(
      "0 changes would be sent to the worker. 2 changes would fail again and stay where they are.",
    );
    expect(plan).toContain("ada , bob");
    const text = await run(pages, `${ofMissing}/replay`);
    expect(text).toContain("Nothing was sent: 2 changes would fail again.");
    expect(await depth()).toBe(2);
  });

  test("all the same tells what failed again, by cause", async () => {
    await park("ada");
    const text = await run(await open(store.whileWorking()), `${ofMissing}/replay`, { even: "yes" });
    expect(text).toContain("1 change failed again.");
    expect(text).toMatch(new RegExp(`Cause Changes Tried again by itself ${missing} 1 0`));
  });

  test("against a worker that still has the old mapping says that it is another one", async () => {
    await park("ada");
    const pages = await open({ ...store.whileWorking(), tenant: mendedTenant });
    expect(await run(pages, `${ofMissing}/replay`)).toContain(
      "The worker runs another mapping than tenants/parking.json here",
    );
  });

  test("that nobody answers says so: the worker has the pointers", async () => {
    await park("ada");
    const pages = await open({ ...store.whileWorking("nobody"), tenant: mendedTenant });
    const text = await run(pages, `${ofMissing}/replay`);
    expect(text).toContain("0 of 1 change applied so far.");
    expect(text).toContain(
      "1 change not answered yet: the worker has the pointers and goes on by itself. Is npm start running?",
    );
  });

  describe("of a hundred, while it runs", () => {
    /** Sends so many, and then waits until it is let go. */
    async function held(most: number): Promise<{ pages: Pages; path: string; letGo: () => void }> {
      await park(...Array.from({ length: 100 }, (_, n) => `user-${n}`));
      const [gate, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const o = store.whileWorking(mendedTenant);
      let sent = 0;
      const send: Operations["lanes"]["changes"]["send"] = async (pointer) => {
        sent += 1;
        if (sent > most) {
          reached.resolve();
          await gate.promise;
        }
        await o.lanes.changes.send(pointer);
      };
      const lanes = { ...o.lanes, changes: { ...o.lanes.changes, send } };
      const pages = await open({ ...o, lanes, tenant: mendedTenant });
      const { path } = await pages.post(`${ofMissing}/replay`);
      await reached.promise;
      return { pages, path, letGo: () => gate.resolve() };
    }

    test("its page says how far it is, has a button that stops it, and can be left and found again", async () => {
      const { pages, path, letGo } = await held(40);
      const html = await pages.get(path);
      expect(textOf(html)).toMatch(/Sent to the worker: 40 of 100/);
      expect(html).toContain(`data-live="/live${path}"`);
      expect(html).toContain(`action="${path}/stop"`);
      expect(await pages.get("/failed")).toContain(`href="${path}"`);
      letGo();
      expect(await ended(pages, path)).toContain("100 changes applied");
      expect(textOf(await pages.get("/failed"))).toMatch(/Done from here .*Replay: mapping-required-missing ended/);
    });

    test("it can be stopped, and begun again to go on: nothing is lost", async () => {
      const { pages, path, letGo } = await held(40);
      await pages.post(`${path}/stop`);
      letGo();
      expect(await ended(pages, path)).toContain(
        "Stopped before the end. The rest waits as before: replay again to go on.",
      );
      await store.work(mendedTenant);
      const left = Number(/By cause (\d+) changes/.exec(textOf(await pages.get("/failed")))?.[1]);
      expect(left).toBeGreaterThan(40);
      expect(left).toBeLessThan(60);
      expect(await run(pages, `${ofMissing}/replay`)).toContain("changes applied.");
      expect(textOf(await pages.get("/failed"))).toContain("Nothing failed");
    });

    test("another one is not begun: its page is one click away", async () => {
      const { pages, path, letGo } = await held(0);
      const again = await pages.post("/failed/all/replay");
      expect(again.status).toBe(409);
      expect(again.html).toContain(`href="${path}"`);
      expect(textOf(again.html)).toContain("is still running");
      letGo();
      await ended(pages, path);
    });
  });

  test("of a run that nobody knows any more says where to go on", async () => {
    expect(textOf(await (await open()).get("/failed/replays/none", 404))).toContain("may simply be begun again");
  });
});

describe("giving up", () => {
  const until = () => String(store.operations.clock.now());

  test("asks first, for a reason too, and says what becomes of it and how it is taken back", async () => {
    await park("ada");
    const pages = await open();
    const html = await pages.get(`${ofMissing}/drop`);
    expect(html).toMatch(/<input\s+name="reason"\s+required/);
    expect(textOf(html)).toContain(
      "The directory stays as it is for it until the identity provider says something new.",
    );
    expect(textOf(html)).toContain("It can be taken back");
    const refused = await pages.post(`${ofMissing}/drop`, { until: until(), reason: "  " });
    expect([refused.status, textOf(refused.html)]).toEqual([400, expect.stringContaining("Say why")]);
    const long = await pages.post(`${ofMissing}/drop`, { until: until(), reason: "x".repeat(501) });
    expect([long.status, long.html]).toEqual([400, expect.stringContaining("x".repeat(501))]);
    expect(await depth()).toBe(1);
  });

  test("names how many people left and would keep access by it", async () => {
    const id = await store.createUser({ userName: "lea", emails: [{ value: "lea@example.com" }] });
    await store.work();
    await store.patchUser(id, { active: false });
    store.parkHead("User", id);
    expect(textOf(await (await open()).get("/failed/throttled/drop"))).toContain(
      "1 person left and would keep access by it.",
    );
  });

  test("leaves it listed with its reason, until it is taken up again", async () => {
    const [ada = "", bob = ""] = await park("ada", "bob");
    const pages = await openMended();
    const text = await run(pages, `${ofMissing}/drop`, { until: until(), who: ada, reason: "a test account" });
    expect(text).toContain("1 change given up; 1 dead letter taken away.");
    const list = await pages.get("/failed?given-up=yes");
    expect([list, textOf(list)]).toEqual([
      expect.stringContaining(`href="/people/${ada}"`),
      expect.stringContaining("a test account"),
    ]);
    expect(list).not.toContain(`/people/${bob}`);
    expect(await run(pages, "/failed/given-up/replay", { who: ada, even: "yes" })).toContain("Done: 1 change applied.");
    expect([await stateOf(ada), await stateOf(bob)]).toEqual(["active", undefined]);
    expect(textOf(await pages.get("/failed?given-up=yes"))).toContain("Nothing is given up");
  });

  test("takes no more than what was shown: who began to wait later stays", async () => {
    const [ada = ""] = await park("ada");
    const shownAt = until();
    store.pass(60_000);
    const [bob = ""] = await park("bob");
    await run(await open(), `${ofMissing}/drop`, { until: shownAt, reason: "a test account" });
    const keyOf = async (id: string) => (await readHead(store.operations.table, "User", id))?.waitKey?.split("#")[0];
    expect([await keyOf(ada), await keyOf(bob)]).toEqual(["given", "parked"]);
  });
});

describe("the dead-letter queues", () => {
  beforeEach(async () => {
    const id = await store.createUser({ userName: "eve", emails: [{ value: "eve@example.com" }] });
    await store.work();
    await store.operations.lanes.changes.bury({ type: "User", id, version: 1 }, "internal");
    await store.operations.lanes.changes.bury("secret of somebody else", "unreadable-message");
  });

  test("a look can be stopped: what was read is given back", async () => {
    const { changes } = store.operations.deadLetters;
    const gate = Promise.withResolvers<void>();
    const slow = {
      ...changes,
      receive: async (options: Parameters<typeof changes.receive>[0]) => {
        await gate.promise;
        return await changes.receive(options);
      },
    };
    const pages = await open({ ...store.operations, deadLetters: { ...store.operations.deadLetters, changes: slow } });
    const { path } = await pages.post("/failed/letters");
    await pages.post(`${path}/stop`);
    gate.resolve();
    expect(await ended(pages, path)).toContain("Stopped: what was read was given back.");
    expect(await run(await open(), "/failed/letters")).toContain("2 dead letters");
  });

  test("are looked into when asked: what tells of nothing any more, and what is none of ours, masked", async () => {
    const pages = await open();
    const { path } = await pages.post("/failed/letters");
    const text = await ended(pages, path);
    expect(text).toMatch(/eve internal superseded: a later change was applied/);
    expect(text).toContain("a message of 23 characters that is none of ours s•••");
    await pages.post("/values", { show: "yes", back: path });
    expect(await pages.get(path)).toContain("secret of somebody else");
    expect(await store.operations.deadLetters.changes.receive({ hiddenSeconds: 1 })).toHaveLength(2);
  });

  test("are cleared: a replay takes away what is superseded, a drop what is none of ours, without a reason", async () => {
    const pages = await open(store.whileWorking());
    expect(await run(pages, "/failed/all/replay")).toContain("1 message that is none of ours stayed");
    expect(await depth()).toBe(1);
    expect(textOf(await pages.get("/failed/unreadable-message/drop"))).toContain("It cannot be brought back");
    const until = String(store.operations.clock.now());
    expect(await run(pages, "/failed/unreadable-message/drop", { until })).toContain("1 dead letter taken away");
    expect(await depth()).toBe(0);
  });
});

describe("the brake", () => {
  const tenant = readTenantFile("parking", brakeTenantFile);

  /** Six leave where three may; the ids of those who are held. */
  async function mass(): Promise<string[]> {
    store.close();
    store = testStore(tenant);
    const ids: string[] = [];
    for (const name of ["a", "b", "c", "d", "e", "f"])
      ids.push(await store.createUser({ userName: `${name}@example.com` }));
    await store.work();
    for (const id of ids) await store.patchUser(id, { active: false });
    await store.work();
    return ids.slice(3);
  }

  test("says that it is on, why, and whom it holds; the cause leads there", async () => {
    const [held = ""] = await mass();
    const pages = await open(store.operations, brakeTenantFile);
    expect(await pages.get("/failed")).toContain('href="/failed/brake"');
    const html = await pages.get("/failed/brake");
    expect(textOf(html)).toContain("It is on: whoever leaves is held until you decide.");
    expect(textOf(html)).toMatch(/4 left within 60 min, 3 may .*Held 3 people/);
    expect(html).toContain(`href="/people/${held}"`);
    const elsewhere = await pages.raw("/failed/brake-held", { headers: { cookie: pages.cookie } });
    expect(elsewhere.headers.get("location")).toBe("/failed/brake");
  });

  test("allow asks first, then lets everybody go", async () => {
    const held = await mass();
    const pages = await open(store.operations, brakeTenantFile);
    expect(textOf(await pages.get("/failed/brake/allow"))).toContain(
      "May leave: 3 people: d@example.com, e@example.com",
    );
    expect(await run(pages, "/failed/brake/allow")).toMatch(/3 leavers sent to the worker\. Everybody may leave until/);
    await store.work();
    expect(await Promise.all(held.map(stateOf))).toEqual(["suspended", "suspended", "suspended"]);
    expect(textOf(await pages.get("/failed/brake"))).toContain("It is off.");
  });

  test("one may be let go alone", async () => {
    const [one = "", ...others] = await mass();
    const pages = await open(store.operations, brakeTenantFile);
    expect(textOf(await pages.get(`/failed/brake/allow?who=${one}`))).toContain(
      "d@example.com may leave; whoever else is held",
    );
    await run(pages, "/failed/brake/allow", { who: one });
    await store.work();
    expect([await stateOf(one), ...(await Promise.all(others.map(stateOf)))]).toEqual([
      "suspended",
      "active",
      "active",
    ]);
    expect(textOf(await pages.get(`/failed/brake/allow?who=${one}`))).toContain("does not keep this person any more");
  });

  test("reject asks first, then keeps them; they can be allowed to leave after all", async () => {
    const held = await mass();
    const pages = await open(store.operations, brakeTenantFile);
    expect(textOf(await pages.get("/failed/brake/reject"))).toContain("Stay active in the directory");
    expect(await run(pages, "/failed/brake/reject")).toContain("3 leavers kept as they were.");
    const text = textOf(await pages.get("/failed/brake"));
    expect(text).toContain("Kept by an earlier reject");
    expect(textOf(await pages.get("/failed"))).toContain("Nothing failed");
    await run(pages, "/failed/brake/allow", { rejected: "yes" });
    await store.work();
    expect(await Promise.all(held.map(stateOf))).toEqual(["suspended", "suspended", "suspended"]);
  });

  test("while it is off and nobody is held has nothing to decide", async () => {
    const pages = await open(store.operations, brakeTenantFile);
    expect(textOf(await pages.get("/failed/brake"))).toContain("It is off");
    expect((await pages.post("/failed/brake/reject")).path).toBe("/failed/brake");
    expect(pages.actions).toEqual([]);
  });
});

describe("every action", () => {
  test("stands in the log with who did it and what came of it, and without a value", async () => {
    const [ada = ""] = await park("ada@example.com", "bob@example.com");
    const pages = await openMended();
    const until = String(store.operations.clock.now());
    await run(pages, `${ofMissing}/drop`, { until, who: ada, reason: "asked by eve@example.com" });
    await run(pages, `${ofMissing}/replay`);
    await run(pages, "/failed/letters");
    const by = { who: "ada@test", tenant: "parking" };
    expect(pages.actions).toMatchObject([
      { ...by, action: "drop", subject: `User/${ada}`, outcome: "begun" },
      { action: "drop", outcome: "1 given up, 1 dead letters taken away" },
      { ...by, action: "replay", subject: `cause ${missing}`, outcome: "begun" },
      { action: "replay", outcome: "1 sent, 1 applied" },
      { action: "look", outcome: "begun" },
      { action: "look", outcome: "nothing to do" },
    ]);
    expect(JSON.stringify(pages.actions)).not.toContain("example.com");
  });

  test("that failed says by what kind of error, and the page the sentence", async () => {
    await park("ada");
    const { deadLetters } = store.operations;
    const receive = async () => await Promise.reject(new Error("the queue is gone, said ada@example.com"));
    const o = { ...store.operations, deadLetters: { ...deadLetters, changes: { ...deadLetters.changes, receive } } };
    const pages = await open(o);
    expect(await run(pages, `${ofMissing}/replay`)).toContain("the queue is gone");
    expect(pages.actions.at(-1)).toMatchObject({ action: "replay", outcome: "failed: Error" });
  });
});

describe("somebody called <script>", () => {
  test("is text on every page", async () => {
    const userName = "<script>alert(1)</script>";
    const [id = ""] = await park(userName, "bob");
    const pages = await open(store.whileWorking());
    const seen = [];
    for (const path of ["/failed", ofMissing, "/failed/all", `${ofMissing}/drop`, `${ofMissing}/drop?who=${id}`])
      seen.push(await pages.get(path));
    const until = String(store.operations.clock.now());
    const begun = await pages.post(`${ofMissing}/replay`);
    await ended(pages, begun.path);
    const dropped = await pages.post(`${ofMissing}/drop`, { until, who: id, reason: userName });
    await ended(pages, dropped.path);
    for (const path of [begun.path, dropped.path, "/failed?given-up=yes"]) seen.push(await pages.get(path));
    expect(seen.filter((html) => html.includes("<script>alert"))).toEqual([]);
    expect(seen.filter((html) => html.includes("&lt;script&gt;alert")).length).toBeGreaterThan(4);
  });
});

describe("however many are parked", () => {
  /** Calls are the same; of the index sixteen keys, and of heads no more than are shown or asked. */
  test("each page makes the same few reads", async () => {
    const counts: Record<string, Reads>[] = [];
    for (const many of [60, 300]) {
      await park(...Array.from({ length: many }, (_, n) => `${many}-${n}`));
      const { table, readsOf } = countedReads(store.operations.table);
      const pages = await open({ ...store.operations, table });
      const next = nextOf(await pages.get(ofMissing)) ?? "";
      const reads: Record<string, Reads> = {};
      for (const path of ["/failed", ofMissing, `${ofMissing}/drop`, "/failed/brake", "/failed?given-up=yes"])
        reads[path] = await readsOf(async () => await pages.get(path));
      reads["next"] = await readsOf(async () => await pages.get(next));
      counts.push(reads);
    }
    const [few = {}, more = {}] = counts;
    const callsOf = (reads: Record<string, Reads>) => Object.entries(reads).map(([path, { calls }]) => [path, calls]);
    expect(callsOf(more)).toEqual(callsOf(few));
    const rows = 360;
    // Beside the rows of the index fifty heads, and the names of nobody else.
    expect(more["/failed"]?.items).toBe(rows);
    expect(more["next"]?.items).toBe(rows + 50);
  });
});
