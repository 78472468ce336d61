import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../../lib/ops/clients.ts";
import type { Check } from "../../../lib/ops/doctor/check.ts";
import { type Diagnosis, doctor } from "../../../lib/ops/doctor/doctor.ts";
import type { Deployment, Operations, StoredTable } from "../../../lib/ops/operations.ts";
import { noteRestore } from "../../../lib/ops/restore/note.ts";
import { createToken, revokeToken } from "../../../lib/ops/tokens.ts";
import { noteRejected } from "../../../lib/provisioning/contact.ts";
import type { Table } from "../../../lib/provisioning/ports.ts";
import { readTenantFile } from "../../../lib/provisioning/tenant-file.ts";
import { readToken, revoke } from "../../../lib/provisioning/token.ts";
import { type Played, played } from "../played.ts";
import { mendedTenant, parkingTenantFile } from "../store.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let world: Played;
beforeEach(() => {
  world = played();
});
afterEach(() => world.close());

const check = async (name: string, more: Partial<Operations> = {}): Promise<Check> => {
  const found = (await doctor({ ...world.operations, ...more })).checks.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no check ${name}`);
  return found;
};
const emails = (value: string) => ({ emails: [{ value }] });
const lookUp = async (userName: string, token?: string) =>
  await world.ask("GET", `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`, undefined, token);

describe("contact", () => {
  test("without a token nobody can call", async () => {
    expect(await check("contact")).toMatchObject({ state: "failure", command: "npx rollcall connect entra --local" });
  });

  test("when the last token is revoked, whoever called with it is not forgotten", async () => {
    const token = await world.connect("okta");
    await lookUp("ada");
    world.pass(3 * minute);
    await revokeToken(world.operations, token);
    world.pass(2 * minute);
    expect(await check("contact")).toMatchObject({
      state: "failure",
      summary: expect.stringMatching(
        /^No token may be used any more, .* The last to call was Okta, 5 min ago, with token \S+ \("okta production"\), which was revoked 2 min ago\.$/,
      ),
      command: "npx rollcall connect okta --local",
    });
    await world.connect(undefined);
    expect(await check("contact")).toMatchObject({
      state: "warning",
      summary: expect.stringMatching(/^Nobody has called .* With one that has ended, Okta called 5 min ago\.$/),
    });
  });

  test("a token that nobody has shown yet is told with its age", async () => {
    await world.connect("okta");
    world.pass(3 * hour);
    expect(await check("contact")).toMatchObject({
      state: "warning",
      summary: expect.stringContaining("made 3 h ago"),
    });
  });

  test("an identity provider that was just here is well", async () => {
    await world.connect("entra");
    await lookUp("ada");
    expect(await check("contact")).toMatchObject({
      state: "ok",
      summary: expect.stringMatching(/^Microsoft Entra ID called \d s ago \(read \d s\), usual there 40 min\.$/),
    });
  });

  test.each([
    ["entra", 1.9, "ok"],
    ["entra", 2.1, "warning"],
    ["entra", 25, "failure"],
    ["okta", 25, "ok"],
    ["okta", 97, "warning"],
  ])("%s, silent for %d hours, is %s", async (idp, hours, state) => {
    await world.connect(idp);
    await lookUp("ada");
    world.pass(hours * hour);
    expect((await check("contact")).state).toBe(state);
  });

  test("its own rhythm counts where it is slower than usual", async () => {
    await world.connect("entra");
    for (let n = 0; n < 5; n += 1) {
      await lookUp("ada");
      world.pass(3 * hour);
    }
    expect(await check("contact")).toMatchObject({ state: "ok", summary: expect.stringContaining("every 3 h") });
  });

  test("a silence about as long as one that went by itself is none: only changes are sent", async () => {
    await world.connect("entra");
    for (const pause of [1, 1, 1, 60, 1, 59]) {
      await lookUp("ada");
      world.pass(pause * hour);
    }
    expect(await check("contact")).toMatchObject({ state: "ok" });
    world.pass(14 * hour);
    expect(await check("contact")).toMatchObject({ state: "warning" });
  });

  test("one call a day while most fail is Entra in quarantine; one call a day alone is little to send", async () => {
    await world.connect("entra");
    for (let n = 0; n < 3; n += 1) {
      await lookUp("ada");
      world.pass(day);
    }
    expect(await check("contact")).toMatchObject({ state: "ok" });
    world.pass(-hour);
    for (let n = 0; n < 3; n += 1) await world.post("");
    expect(await check("contact")).toMatchObject({
      state: "failure",
      summary: expect.stringContaining("in quarantine"),
      action: expect.stringContaining("Restart provisioning"),
    });
  });

  test("two identity providers are told one by one; a trial by hand beside them is none", async () => {
    const trial = await world.connect(undefined);
    await lookUp("ada", trial);
    world.pass(200 * hour);
    for (const idp of ["okta", "entra"]) await lookUp("ada", await world.connect(idp));
    const { checks } = await doctor(world.operations);
    const contacts = checks.filter(({ name }) => name === "contact");
    expect(contacts.map(({ state, summary }) => [state, summary.split(" called")[0]])).toEqual([
      ["ok", "Microsoft Entra ID"],
      ["ok", "Okta"],
    ]);
  });
});

describe("let in", () => {
  test("an expired token that is still shown fails, since it ended", async () => {
    await world.connect("entra", { expiresInDays: 1 });
    await lookUp("ada");
    world.pass(2 * day);
    await lookUp("ada");
    const found = await check("let in");
    expect(found).toMatchObject({
      state: "failure",
      summary: expect.stringContaining("which has expired, was turned away"),
      action: expect.stringMatching(
        /^Make a token and paste it into Microsoft Entra ID \(Secret Token\)\. Once the new one is used, this is a warning/,
      ),
      command: "npx rollcall connect entra --local",
    });
    expect((found.since ?? 0) - world.operations.clock.now()).toBeLessThan(-day + minute);
  });

  test.each(["token", "client"])(
    "a %s that was revoked after it was shown with a wrong secret is made anew, not pasted again",
    async (kind) => {
      const { operations } = world;
      const { id } =
        kind === "token"
          ? await createToken(operations, { label: "Entra", idp: "entra" })
          : await createClient(
              { ...operations, tenant: { ...operations.tenant, oauth: { tokenMinutes: 60 } } },
              { label: "Entra", idp: "entra" },
            );
      const stored = await readToken(operations.table, id);
      if (stored === undefined) throw new Error("it was not stored");
      const rejection = { why: "wrongSecret", requestId: "request" } as const;
      await noteRejected(operations.table, stored, rejection, operations.clock.now());
      expect(await check("let in")).toMatchObject({ action: expect.stringMatching(/^Paste (it|id and secret) again/) });
      await revoke(operations.table, id, operations.clock.now());
      expect(await check("let in")).toMatchObject({
        action: expect.stringMatching(new RegExp(`^Make a ${kind} and paste `)),
        command: expect.stringMatching(kind === "token" ? /connect entra/ : /client create .*--idp entra/),
      });
    },
  );

  test("whose token nobody can tell gets a token, and no other identity provider's instructions", async () => {
    await world.connect(undefined, { expiresInDays: 1 });
    world.pass(2 * day);
    await lookUp("ada");
    expect(await check("let in")).toMatchObject({
      action: expect.stringMatching(/^Make a token and paste it into the identity provider, as its bearer token\. /),
      command: "npx rollcall token create --label production --local",
    });
  });

  test("a revoked token that is shown while another works is a warning, and forgotten after a day", async () => {
    const old = await world.connect("okta");
    await revokeToken(world.operations, old);
    await lookUp("ada", old);
    await world.connect("okta");
    await lookUp("ada");
    expect(await check("let in")).toMatchObject({ state: "warning", summary: expect.stringContaining("revoked") });
    world.pass(day + minute);
    expect(await check("let in")).toMatchObject({ state: "ok" });
  });

  test("a client that was forgotten is no failure while the one that provisions is quiet as usual", async () => {
    const staging = await world.connect("okta", { expiresInDays: 1 });
    await lookUp("ada", staging);
    world.pass(2 * day);
    await world.connect("okta");
    await world.post("ada@example.com", emails("ada@example.com"));
    world.pass(5 * hour);
    await lookUp("ada", staging);
    expect(await check("let in")).toMatchObject({ state: "warning" });
    world.pass(5 * day);
    await lookUp("ada", staging);
    expect(await check("let in")).toMatchObject({ state: "failure" });
  });

  test("a token that was only tested takes nothing over", async () => {
    const old = await world.connect("entra", { expiresInDays: 1 });
    await world.post("ada@example.com", emails("ada@example.com"));
    world.pass(2 * day);
    await world.connect("entra");
    await lookUp("ada");
    world.pass(2 * hour);
    await lookUp("ada", old);
    expect(await check("let in")).toMatchObject({ state: "failure" });
  });

  test("a token that was copied in part, and then pasted again, is settled", async () => {
    const token = await world.connect("okta");
    await lookUp("ada", `${token}x`);
    expect(await check("let in")).toMatchObject({
      state: "failure",
      summary: expect.stringContaining("with a secret that is not its own"),
      action: expect.stringContaining("Paste it again, whole"),
    });
    world.pass(1_000);
    await lookUp("ada", token);
    expect(await check("let in")).toMatchObject({ state: "ok" });
  });

  test("anybody may knock; only when nobody else comes it is told as a warning", async () => {
    await world.connect("okta");
    const unknown = `rc_unknown_${"x".repeat(40)}`;
    await lookUp("ada", unknown);
    expect(await check("let in")).toMatchObject({ state: "warning", summary: expect.stringContaining("(unknown)") });
    world.pass(40_000);
    await lookUp("ada");
    expect(await check("let in")).toMatchObject({ state: "ok" });
    world.pass(25_000);
    await lookUp("ada", unknown);
    // Contact is noted once a minute: who was let in half a minute ago may have been let in since.
    expect(await check("let in")).toMatchObject({ state: "ok" });
  });
});

describe("refusals and faults", () => {
  const strict = readTenantFile("parking", {
    ...parkingTenantFile,
    mapping: { ...parkingTenantFile.mapping, policy: "reject" },
  });

  test("are told by cause with masked names, and counted in per cent", async () => {
    world.close();
    world = played(strict);
    await world.connect("entra");
    for (const name of ["ada@example.com", "bob@example.com", "cyd@example.com"]) await world.post(name);
    await world.post("dan@example.com", emails("dan@example.com"));
    await world.post("DAN@example.com", emails("dan@example.com"));
    const found = await check("refusals");
    expect(found).toMatchObject({
      state: "warning",
      summary:
        "4 of 5 writes failed in the last day (80 %); Entra's quarantine begins above 40 % once 5,000 failed, or above 40,000.",
      details: [
        expect.stringMatching(/^400 for [abc]•••@e•••\.com, [abc]•••@e•••\.com and 1 more: .*"email" is required/),
        expect.stringMatching(/^409 for D•••@e•••\.com: .*userName/),
      ],
    });
    expect(JSON.stringify(found)).not.toMatch(/ada|bob|cyd|dan@|example/i);
  });

  test("whoever asks for somebody who is gone is no cause", async () => {
    await world.connect("okta");
    await world.ask("GET", `/Users/${world.operations.chance.uuid()}`);
    expect(await check("refusals")).toMatchObject({
      state: "ok",
      summary: "1 of 1 write failed in the last day (100 %).",
    });
  });

  test("above 40 per cent once 5,000 failed is Entra's quarantine", async () => {
    await world.connect("entra");
    await world.ask("POST", "/Users", { userName: 1 });
    const { table } = world.operations;
    const hourNow = new Date(world.operations.clock.now()).toISOString().slice(0, 13);
    const key = { table: "scim", pk: "Tenant", sk: `Traffic#${hourNow}` } as const;
    await table.write({ kind: "update", key, add: { refused: 4_999, writes: 7_000 } });
    expect(await check("refusals")).toMatchObject({
      state: "failure",
      summary: expect.stringContaining("5,000 of 12,000"),
    });
    await table.write({ kind: "update", key, add: { writes: 1_000 } });
    expect(await check("refusals")).toMatchObject({ state: "warning" });
    await table.write({ kind: "update", key, add: { refused: 35_001, writes: 900_000 } });
    expect(await check("refusals")).toMatchObject({ state: "failure" });
  });

  test("a fault of ours is told with its request id", async () => {
    await world.connect("entra");
    const { table } = world.operations;
    const get = table.get.bind(table);
    Object.assign(table, {
      get: async (key: Parameters<Table["get"]>[0]) => {
        if (key.pk.startsWith("User#")) throw new Error("a bug");
        return await get(key);
      },
    });
    await world.ask("GET", `/Users/${world.operations.chance.uuid()}`);
    Object.assign(table, { get });
    expect(await check("faults")).toMatchObject({
      state: "failure",
      details: [expect.stringMatching(/^500 GET \/Users\/\{id\}, request [0-9a-f-]{36}$/)],
    });
  });
});

describe("tokens", () => {
  test.each([
    [31, true, "ok"],
    [29, true, "warning"],
    [6, true, "failure"],
    [6, false, "warning"],
  ])("one that ends in %i days, used: %s, is %s", async (days, used, state) => {
    await world.connect("okta", { expiresInDays: days });
    if (used) await lookUp("ada");
    expect(await check("tokens")).toMatchObject({ state });
  });

  test("one that reads events is no identity provider's: nobody can call with it, and it ends all the same", async () => {
    const tenant = { ...world.operations.tenant, events: { values: false, sinks: [] } };
    const asked = { label: "the application", use: "events", expiresInDays: 6 } as const;
    await createToken({ ...world.operations, tenant }, asked);
    expect(await check("contact")).toMatchObject({ state: "failure" });
    expect(await check("tokens")).toMatchObject({
      state: "failure",
      summary: expect.stringMatching(/\("the application", which reads events\) ends in 6 days\.$/),
      command: "npx rollcall token create --for events --label 'the application' --local",
    });
  });
});

describe("what waits", () => {
  test("a worker that is behind: how many, since when, why", async () => {
    await world.connect("okta");
    await world.post("ada", emails("ada@example.com"));
    expect(await check("pending")).toMatchObject({ state: "ok", summary: expect.stringContaining("1 change waits") });
    world.pass(3 * minute);
    expect(await check("pending")).toMatchObject({ state: "warning", details: ["1 not tried yet"] });
    world.pass(13 * minute);
    expect(await check("pending")).toMatchObject({ state: "failure" });
    await world.work();
    expect(await check("pending")).toMatchObject({ state: "ok", summary: "Nothing waits for the worker." });
  });

  test("parked changes by reason, with their dead letters", async () => {
    await world.connect("okta");
    await world.post("ada");
    await world.work();
    expect(await check("parked")).toMatchObject({
      state: "failure",
      summary: expect.stringMatching(/^1 change parked, the oldest for \d s; 1 dead letter\.$/),
      details: ["1 mapping-required-missing"],
      command: "npx rollcall dlq ls --local",
    });
  });

  test("a dead letter alone is no reason to be calm", async () => {
    await world.operations.lanes.leavers.bury("not ours", "unreadable-message");
    expect(await check("parked")).toMatchObject({
      state: "failure",
      summary: expect.stringContaining("1 dead letter of"),
    });
  });

  test("a leaver who is still active fails after the tenant's limit, and is measured when it is over", async () => {
    await world.connect("okta");
    const id = await world.post("ada", emails("ada@example.com"));
    await world.work();
    await world.patch(id, { active: false });
    world.pass(4 * minute);
    expect(await check("leavers")).toMatchObject({
      state: "ok",
      summary: expect.stringContaining("1 leaver still active"),
    });
    world.pass(2 * minute);
    expect(await check("leavers")).toMatchObject({ state: "failure", details: [`User ${id}: not tried yet`] });
    await world.work();
    expect(await check("leavers")).toMatchObject({ state: "ok" });
    expect(await check("leavers' clock")).toMatchObject({
      state: "warning",
      summary: expect.stringContaining("1 over the limit of 5 min"),
      details: [`User ${id}: 6 min`],
    });
  });

  test("another attribute of somebody who left long ago is no leaver that waits", async () => {
    await world.connect("okta");
    const id = await world.post("ada", emails("ada@example.com"));
    await world.work();
    await world.patch(id, { active: false });
    await world.work();
    world.pass(hour);
    await world.patch(id, { title: "Countess" });
    world.pass(hour);
    expect(await check("leavers")).toMatchObject({ state: "ok", summary: expect.stringContaining("Everybody") });
  });

  test("the sweep's sign of life", async () => {
    expect(await check("sweep")).toMatchObject({ state: "warning", summary: "The sweep has never run." });
    await world.sweep();
    expect(await check("sweep")).toMatchObject({ state: "ok" });
    world.pass(6 * minute);
    expect(await check("sweep", { deployment })).toMatchObject({ state: "ok" });
    world.pass(3 * minute);
    expect(await check("sweep", { deployment })).toMatchObject({ state: "failure" });
  });
});

const deployment: Deployment = { deployedHash: "aaa", fileHash: "aaa", alarms: async () => [], tables: async () => [] };

describe("the tables", () => {
  const table = { createdAt: 0, keepsEveryMoment: true, expires: true, isProtected: true };
  const scim: StoredTable = { ...table, table: "scim", tableName: "kept-scim", hasIndex: true };
  const directory: StoredTable = { ...table, table: "directory", tableName: "kept-directory" };
  const of = (...tables: StoredTable[]) => ({ deployment: { ...deployment, tables: async () => tables } });

  test("are well when they are protected, and embedded there is nothing to ask", async () => {
    expect(await check("tables", of(scim, directory))).toMatchObject({ state: "ok" });
    expect(await check("tables")).toMatchObject({ state: "skipped" });
    expect(await check("restore", of(scim, directory))).toMatchObject({ state: "ok" });
  });

  test("that a restore made lack what nobody switched on: each with its command", async () => {
    const bare = { ...directory, keepsEveryMoment: false, expires: false, isProtected: false };
    expect(await check("tables", of(scim, bare))).toMatchObject({
      state: "warning",
      details: [
        expect.stringContaining("aws dynamodb update-continuous-backups --table-name kept-directory"),
        expect.stringContaining("aws dynamodb update-time-to-live --table-name kept-directory"),
        expect.stringContaining("aws dynamodb update-table --table-name kept-directory"),
      ],
    });
    const indexless = { ...scim, hasIndex: false };
    expect(await check("tables", of(indexless, directory))).toMatchObject({ state: "failure" });
  });

  test("that cannot be asked are unknown", async () => {
    const tables = async () => await Promise.reject(new Error("no"));
    expect(await check("tables", { deployment: { ...deployment, tables } })).toMatchObject({ state: "unknown" });
  });

  test("that were restored are a failure until they were brought together, with the moment of the earlier one", async () => {
    await world.connect("entra");
    const [to, later] = [Date.UTC(2026, 0, 1, 12), Date.UTC(2026, 0, 1, 13)];
    const restored = of(
      { ...scim, restoredTo: later, createdAt: later },
      { ...directory, restoredTo: to, createdAt: later },
    );
    expect(await check("restore", restored)).toMatchObject({
      state: "failure",
      summary: expect.stringContaining(
        "The Scim table and the Directory table were restored to 2026-01-01 12:00:00 UTC.",
      ),
      details: expect.arrayContaining([expect.stringContaining("Provisioning → Restart provisioning")]),
      command: "npx rollcall resync --restored 2026-01-01T12:00:00.000Z --tenant parking",
    });
    await noteRestore(world.operations.table, { at: later - 1, since: to });
    expect(await check("restore", restored)).toMatchObject({ state: "failure" });
    await noteRestore(world.operations.table, { at: later + 1, since: later });
    expect(await check("restore", restored)).toMatchObject({ state: "failure" });
    await noteRestore(world.operations.table, { at: later + 1, since: to });
    expect(await check("restore", restored)).toMatchObject({ state: "ok" });
  });
});

describe("the mapping and the stack", () => {
  test("entries of another mapping are told from a sample, which says that it is one", async () => {
    await world.connect("okta");
    for (let n = 0; n < 3; n += 1) await world.post(`u${n}`, emails("u@example.com"));
    await world.work();
    expect(await check("mapping")).toMatchObject({ state: "ok", summary: expect.stringContaining("all 3 users") });
    expect(await check("mapping", { tenant: mendedTenant })).toMatchObject({
      state: "warning",
      summary: "The profiles of 3 of all 3 users were made by another mapping.",
      command: "npx rollcall resync --mapping-changed --dry-run --local",
    });
  });

  test("more users than the sample takes: it says about how many", async () => {
    for (let n = 0; n < 200; n += 1) await world.createUser({ userName: `u${n}`, ...emails("u@example.com") });
    await world.work();
    expect(await check("mapping", { tenant: mendedTenant })).toMatchObject({
      summary: expect.stringMatching(
        /^The profiles of (\d+) of a sample of \1 users were made by .*, which is about 100 % of all\.$/,
      ),
    });
  });

  test("a tenant file that was not deployed, and alarms that ring", async () => {
    const alarms: Deployment["alarms"] = async () => [
      { name: "rollcall-parking-AlarmsX", state: "ALARM", since: 1_700_000_000_000, description: "see the log" },
      { name: "rollcall-parking-AlarmsY", state: "OK" },
    ];
    const stale = { deployment: { ...deployment, fileHash: "bbb", alarms } };
    expect(await check("tenant file", stale)).toMatchObject({
      state: "warning",
      action: expect.stringContaining("npm run deploy -- parking"),
    });
    expect(await check("alarms", stale)).toMatchObject({
      state: "failure",
      summary: "1 of 2 alarms rings.",
      details: ["see the log"],
      since: 1_700_000_000_000,
    });
    expect(await check("tenant file", { deployment })).toMatchObject({ state: "ok" });
  });

  test("what another service does not tell is unknown, and the rest of the page stands", async () => {
    const refused = async () => await Promise.reject(Object.assign(new Error("no"), { name: "AccessDenied" }));
    const mute: Partial<Operations> = {
      deployment: { ...deployment, alarms: refused },
      deadLetters: {
        leavers: { ...world.operations.deadLetters.leavers, depth: refused },
        changes: world.operations.deadLetters.changes,
      },
    };
    expect(await check("alarms", mute)).toMatchObject({
      state: "unknown",
      summary: expect.stringContaining("AccessDenied: no"),
    });
    expect(await check("parked", mute)).toMatchObject({ state: "unknown" });
  });
});

describe("the page", () => {
  test("has the worst first, and counts", async () => {
    await world.post("nobody is let in");
    const { checks, failures, warnings } = await doctor(world.operations);
    const order = ["failure", "warning", "unknown", "ok", "skipped"];
    const states = checks.map(({ state }) => order.indexOf(state));
    expect(states).toEqual(states.toSorted((a, b) => a - b));
    expect([failures, warnings]).toEqual([
      checks.filter(({ state }) => state === "failure").length,
      checks.filter(({ state }) => state === "warning").length,
    ]);
  });

  test("needs no more reads for five hundred users than for two hundred: nothing is walked", async () => {
    const reads = async () => await countedReads(world.operations, doctor);
    for (let n = 0; n < 200; n += 1) await world.createUser({ userName: `u${n}`, ...emails("u@example.com") });
    await world.work();
    const few = await reads();
    for (let n = 200; n < 500; n += 1) await world.createUser({ userName: `u${n}`, ...emails("u@example.com") });
    const many = await reads();
    expect(many.items).toBeLessThan(1_500);
    expect(many.calls).toBeLessThanOrEqual(few.calls);
    expect(many.calls).toBeLessThan(80);
  }, 60_000);
});

/** Calls of the table, and items that they brought. */
async function countedReads(
  o: Operations,
  use: (o: Operations) => Promise<Diagnosis>,
): Promise<{ calls: number; items: number }> {
  const count = { calls: 0, items: 0 };
  const noted = <T>(items: number, value: T): T => {
    count.calls += 1;
    count.items += items;
    return value;
  };
  const { table } = o;
  const counting: Table = {
    ...table,
    get: async (key) => noted(1, await table.get(key)),
    batchGet: async (keys) => noted(keys.length, await table.batchGet(keys)),
    query: async (range) => {
      const page = await table.query(range);
      return noted(page.items.length, page);
    },
    waiting: async (key, options) => {
      const rows = await table.waiting(key, options);
      return noted(rows.length, rows);
    },
  };
  await use({ ...o, table: counting });
  return count;
}
