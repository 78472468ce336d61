/** What is told of each tenant, whatever its stack is like. */
import { describe, expect, test } from "vitest";
import { releaseOrder } from "../../../lib/ops/fleet/release.ts";
import { type FleetFile, rowsOf, stacksWithoutFile } from "../../../lib/ops/fleet/rows.ts";
import type { FleetStack, Stacks } from "../../../lib/ops/fleet/stack.ts";

const region = "eu-central-1";
const file = (tenant: string, more: object = {}): FleetFile => ({ tenant, region, hash: "here", ...more });
const stack = (tenant: string, more: Partial<FleetStack> = {}): FleetStack => ({
  tenant,
  region,
  status: "UPDATE_COMPLETE",
  deployedAt: 1,
  costTag: tenant,
  baseUrl: "https://scim.example.com/scim/v2",
  version: "0.2.0",
  tenantHash: "here",
  ...more,
});

/** A region that is not there cannot be asked. */
function cloud(stacks: readonly FleetStack[], regions: readonly string[] = [region]) {
  const watched = { atOnce: 0, most: 0 };
  const known = (asked: string) => {
    if (!regions.includes(asked)) throw new Error(`no access to ${asked}`);
  };
  const port: Stacks = {
    account: async () => "111122223333",
    find: async (tenant, asked) => {
      watched.most = Math.max(watched.most, (watched.atOnce += 1));
      await new Promise((resolve) => setImmediate(resolve));
      watched.atOnce -= 1;
      known(asked);
      return stacks.find((one) => one.tenant === tenant && one.region === asked);
    },
    tenantsIn: async (asked) => {
      known(asked);
      return stacks.filter((one) => one.region === asked).map(({ tenant }) => tenant);
    },
  };
  const sentence = (error: unknown) => (error instanceof Error ? error.message : "");
  return { watched, sight: { stacks: port, release: "0.2.0", sentence } };
}

describe("a row", () => {
  test.each([
    ["UPDATE_COMPLETE", "deployed"],
    ["CREATE_COMPLETE", "deployed"],
    ["IMPORT_COMPLETE", "deployed"],
    ["CREATE_IN_PROGRESS", "updating"],
    ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "updating"],
    ["UPDATE_ROLLBACK_IN_PROGRESS", "updating"],
    ["UPDATE_ROLLBACK_COMPLETE", "rolled-back"],
    ["ROLLBACK_COMPLETE", "failed"],
    ["UPDATE_ROLLBACK_FAILED", "failed"],
    ["DELETE_FAILED", "failed"],
    ["REVIEW_IN_PROGRESS", "not-deployed"],
  ])("of a stack in %s says %s", async (status, state) => {
    const { sight } = cloud([stack("acme", { status })]);
    expect(await rowsOf(sight, [file("acme")])).toMatchObject([{ tenant: "acme", region, state, status }]);
  });

  test("of a tenant without a stack says that it is not deployed", async () => {
    expect(await rowsOf(cloud([]).sight, [file("acme")])).toEqual([
      { tenant: "acme", region, state: "not-deployed", drift: [] },
    ]);
  });

  test.each([
    ["neither", {}, []],
    ["another file", { tenantHash: "there" }, ["tenant-file-changed"]],
    ["an older release", { version: "0.1.9" }, ["older-release"]],
    ["both", { tenantHash: "there", version: "0.1.0" }, ["tenant-file-changed", "older-release"]],
    ["a newer release", { version: "0.10.0" }, ["newer-release"]],
  ])("tells drift: %s", async (_, more, drift) => {
    const { sight } = cloud([stack("acme", more)]);
    expect(await rowsOf(sight, [file("acme")])).toMatchObject([{ drift }]);
  });

  test("of a stack of before 0.1, which does not say its release, says that it is older", async () => {
    const { version: _, tenantHash: __, ...old } = stack("acme");
    const [row] = await rowsOf(cloud([old]).sight, [file("acme")]);
    expect(row).toMatchObject({ state: "deployed", drift: ["older-release"] });
    expect(row).not.toHaveProperty("version");
  });

  test("of a first deployment that is under way tells no drift", async () => {
    const { baseUrl: _, version: __, tenantHash: ___, ...begun } = stack("acme", { status: "CREATE_IN_PROGRESS" });
    expect(await rowsOf(cloud([begun]).sight, [file("acme")])).toMatchObject([{ state: "updating", drift: [] }]);
  });

  test("that cannot be made is a sentence, and the others are there", async () => {
    const { sight } = cloud([stack("acme"), stack("initech", { region: "us-east-1" })], [region, "us-east-1"]);
    const files = [
      file("acme"),
      { tenant: "broken", problem: "tenants/broken.json is not JSON." },
      file("far", { region: "eu-west-9" }),
      file("initech", { region: "us-east-1" }),
      file("other", { account: "999999999999" }),
    ];
    expect(await rowsOf(sight, files)).toMatchObject([
      { tenant: "acme", state: "deployed" },
      { tenant: "broken", state: "broken-file", problem: "tenants/broken.json is not JSON." },
      { tenant: "far", state: "unknown", problem: "no access to eu-west-9" },
      { tenant: "initech", state: "deployed", region: "us-east-1" },
      {
        tenant: "other",
        state: "unknown",
        problem: "The tenant file is for account 999999999999, and these credentials are of 111122223333.",
      },
    ]);
  });

  test("of many is asked for four at a time", async () => {
    const { sight, watched } = cloud([]);
    await rowsOf(
      sight,
      Array.from({ length: 30 }, (_, n) => file(`tenant-${n}`)),
    );
    expect(watched.most).toBe(4);
  });
});

describe("a stack without a tenant file here", () => {
  const { costTag: _, ...foreign } = stack("website");

  test("is told for each region that the files name; one without our tag is somebody else's", async () => {
    const stacks = [stack("acme"), stack("gone"), foreign, stack("moved"), stack("broken")];
    const { sight } = cloud(stacks, [region, "us-east-1"]);
    const files = [file("acme"), file("moved", { region: "us-east-1" }), { tenant: "broken", problem: "Not JSON." }];
    expect(await stacksWithoutFile(sight, files)).toMatchObject({
      rows: [
        { tenant: "gone", state: "without-file", region },
        { tenant: "moved", state: "without-file", region, problem: "The tenant file is for us-east-1." },
      ],
      problems: [],
    });
  });

  test("a region that cannot be looked through is a sentence, and the others are looked through", async () => {
    const { sight } = cloud([stack("gone")]);
    expect(await stacksWithoutFile(sight, [file("far", { region: "eu-west-9" }), file("acme")])).toMatchObject({
      rows: [{ tenant: "gone" }],
      problems: [{ region: "eu-west-9", problem: "no access to eu-west-9" }],
    });
  });
});

test.each([
  ["0.1.0", "0.1.0", 0],
  ["0.9.0", "0.10.0", -1],
  ["1.0.0", "0.10.0", 1],
  ["1.0.0-rc.1", "1.0.0", -1],
  ["1.0.0", "1.0.0-rc.1", 1],
  ["1.0.0-rc.1", "1.0.0-rc.2", -1],
  ["1.0", "1.0.0", 0],
])("the order of releases: %s and %s: %s", (a, b, order) => {
  expect(releaseOrder(a, b)).toBe(order);
});
