import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refuseOtherFile } from "../../lib/ops/other-file.ts";
import { loadTenant } from "../../lib/tenant-folder.ts";
import { mendedTenant, parkingTenant, parkingTenantFile, type TestStore, testStore } from "../ops/store.ts";
import { commandOn, type Ran, type World } from "./run.ts";

let store: TestStore;
let run: (words: string | readonly string[], world?: World) => Promise<Ran>;
beforeEach(async () => {
  // Everybody was applied before the tenant file had an e-mail in it.
  store = testStore(mendedTenant);
  run = commandOn(store);
  await store.createUser({ userName: "ann", emails: [{ value: "ann@example.com" }] });
  await store.createUser({ userName: "bob" });
  await store.work();
});
afterEach(() => store.close());

/** With a server that runs on the tenant file as it is now. */
const served = async (words: string, tenant = parkingTenant): Promise<Ran> => {
  const stop = store.keepWorking(tenant);
  const ran = await run(words);
  await stop();
  return ran;
};

const tenantsDir = () => join(store.folder, "tenants");
const tenantNow = () => loadTenant(tenantsDir(), "parking").tenant;
const writeTenantFile = (mapping: object) =>
  writeFileSync(join(tenantsDir(), "parking.json"), JSON.stringify({ ...parkingTenantFile, mapping }));

const parkAnn = async () => {
  const [{ id }] = JSON.parse((await run("show --local ann --json")).out);
  await store.patchUser(id, { title: "Dr" });
  store.parkHead("User", id);
};

describe("resync --mapping-changed", () => {
  test("shows what it would change and who would fail, applies them again, and tells what became of it", async () => {
    const { code, out } = await served("resync --local --mapping-changed --yes");
    expect(out).toContain("2 resources compared\n  1  to apply again\n  1    get another entry\n  1  fail:");
    expect(out).toMatch(/\nattribute +for example +now +then\nemail +ann +– +ann@example.com\n/);
    expect(out.replaceAll(/\n +/g, " ")).toMatch(/1 {2}Profile attribute "email" is required.*\(bob\)/);
    expect(out).toMatch(/\n1 resource applied again.\n$/);
    expect(code).toBe(1);
    expect((await run("show --local ann")).out).toContain('"email": "ann@example.com"');
  });

  test("--even-failing parks whom the mapping cannot carry, with the reason", async () => {
    const { code, out } = await served("resync --local --mapping-changed --even-failing --yes");
    expect(out).toContain("1 resource applied again.\n1 resource failed:\n  1 mapping-required-missing\n");
    expect(code).toBe(1);
    expect((await run("resync --local --mapping-changed --dry-run")).out).toContain(
      "  1  made by the mapping of today\n  0  to apply again\n  1  parked: `npx rollcall dlq replay --local`\n",
    );
  });

  test("--dry-run changes nothing", async () => {
    const { code, out } = await run("resync --local --mapping-changed --dry-run --json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      planned: {
        seen: 2,
        again: 1,
        changed: 1,
        failing: [{ code: "mapping-required-missing", count: 1, examples: [{ name: "bob" }] }],
        attributes: [{ attribute: "email", gets: 1, examples: [{ name: "ann", after: "ann@example.com" }] }],
      },
    });
    expect((await run("show --local ann")).out).not.toContain('"email":');
  });

  test("without a terminal and without --yes the plan is shown, and nothing done", async () => {
    const { code, out, err } = await run("resync --local --mapping-changed");
    expect([code, err]).toEqual([
      2,
      expect.stringContaining("Nobody is there to be asked: add --yes to go on without a question.\n"),
    ]);
    expect(out).toContain("1  to apply again");
    expect(await run("resync --local --mapping-changed", { answer: false })).toMatchObject({
      err: expect.stringContaining("Apply 1 again?\nNothing was changed.\n"),
    });
  });

  test("stopped by Ctrl-C it says how to go on", async () => {
    const { code, err } = await run("resync --local --mapping-changed --yes", { interrupted: true });
    expect([code, err]).toEqual([
      1,
      "Stopped before the end. This begins anew: npx rollcall resync --mapping-changed --local\n",
    ]);
    const position = `User/${"0".repeat(8)}-0000-4000-8000-${"0".repeat(12)}`;
    const again = `resync --local --mapping-changed --yes --after ${position}`;
    expect((await run(again, { interrupted: true })).err).toContain(
      `To go on: npx rollcall resync --mapping-changed --after ${position}`,
    );
  });

  test("whose profile is the same is counted apart: only the stamp is renewed", async () => {
    const table = { from: "userName", table: { ann: "A", bob: "B" } };
    const { login } = parkingTenantFile.mapping.attributes;
    writeTenantFile({ attributes: { login, kind: table } });
    await served("resync --local --mapping-changed --yes", tenantNow());
    writeTenantFile({ attributes: { login, kind: { ...table, table: { ...table.table, cy: "C" } } } });
    const plan = await run("resync --local --mapping-changed --dry-run");
    expect(plan.out).toContain("  2  to apply again\n  2    keep the same profile: only their stamp is renewed\n");
    expect((await run("doctor --local")).out).toMatch(/mapping +The profiles of 2 of all 2 users were made by/);
    await served("resync --local --mapping-changed --yes", tenantNow());
    expect((await run("resync --local --mapping-changed --dry-run")).out).toContain("2  made by the mapping of today");
    expect((await run("resync --local --all --dry-run")).out).toContain(
      "  2  to apply again\n  2    keep the same profile: only their stamp is renewed\n",
    );
  });

  test("a server with another tenant file is noticed", async () => {
    const { code, out } = await served("resync --local --mapping-changed --yes", mendedTenant);
    expect(code).toBe(1);
    expect(out).toMatch(/stop and start\s`npm start`/);
  });
});

describe("resync --user", () => {
  test("shows the profile before and after, and applies it again", async () => {
    const { code, out } = await served("resync --local --user ann --yes");
    expect(out).toMatch(/^User ann\nattribute +now +then\nemail +– +ann@example.com\n1 resource applied again.\n$/);
    expect(code).toBe(0);
    expect((await run("resync --local --user ann")).out).toContain(
      "The directory has what the mapping of today makes.",
    );
  });

  test("who would fail stays, and it is said why", async () => {
    const { code, out } = await run("resync --local --user bob --yes");
    expect(code).toBe(1);
    expect(out).toContain('User bob\n  Would fail: Profile attribute "email" is required');
    expect(out).toContain("The entry stays as it is");
  });

  test("who is parked goes the way of a replay", async () => {
    await parkAnn();
    const { code, out } = await served("resync --local --user ann --yes");
    expect([code, out]).toEqual([0, expect.stringContaining("1 change to replay")]);
    expect(out).toContain("1 change applied.");
  });

  test("--json is the plan and what became of it", async () => {
    const { out } = await served("resync --local --user ann --yes --json");
    expect(JSON.parse(out)).toMatchObject({
      planned: [{ name: "ann", standing: "settled", differences: [{ attribute: "email", after: "ann@example.com" }] }],
      applied: 1,
      failedAgain: [],
    });
  });
});

describe("resync --parked, --all and --reindex", () => {
  test("--parked is dlq replay", async () => {
    await parkAnn();
    expect((await run("resync --local --parked --dry-run")).out).toBe("1 change to replay\n  1 throttled\n");
  });

  test("--all takes those, too, that are as they should be", async () => {
    await store.createGroup("g");
    await store.work();
    expect((await run("resync --local --all --dry-run")).out).toContain("3 resources compared\n  2  to apply again\n");
  });

  test("--reindex tells that nothing is missing where nothing is", async () => {
    const { code, out } = await run("resync --local --reindex --yes");
    expect([code, out]).toEqual([0, "2 resources looked at\n  0 lookups and 0 unique values added\n"]);
    expect(JSON.parse((await run("resync --local --reindex --dry-run --json")).out)).toMatchObject({
      seen: 2,
      dryRun: true,
    });
  });
});

test("is refused while the stack has another tenant file than the one here", () => {
  const deployment = { fileHash: "here", alarms: async () => [], tables: async () => [] };
  const stack = (deployedHash: string) => ({ ...store.operations, deployment: { ...deployment, deployedHash } });
  expect(() => refuseOtherFile(stack("there"))).toThrow("`npm run deploy -- parking` first");
  expect(() => refuseOtherFile(stack("here"))).not.toThrow();
});

test.each([
  [
    "resync --local",
    "Name exactly one of --user <who>, --parked, --mapping-changed, --all, --reindex, --restored <moment>.",
  ],
  ["resync --local --all --parked", "Name exactly one of"],
  ["resync --local --all --after x", '"x" is no position'],
  ["resync --local --parked --after User/1", "--after goes with --mapping-changed, --all, --reindex and --restored."],
  ["resync --local --restored 2026-11-24", "Expected a moment that is past, with its time zone"],
  ["resync --local --restored 2999-01-01T00:00:00Z", "Expected a moment that is past"],
])("%s is refused", async (words, sentence) => {
  const { code, out, err } = await run(words);
  expect([code, out, err]).toEqual([2, "", expect.stringContaining(sentence)]);
});
