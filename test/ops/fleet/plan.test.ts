/** Which tenants are deployed, and what is said of the others. */
import { describe, expect, test } from "vitest";
import { type PlanOptions, planOf } from "../../../lib/ops/fleet/plan.ts";
import type { FleetRow } from "../../../lib/ops/fleet/rows.ts";

const row = (tenant: string, more: Partial<FleetRow> = {}): FleetRow => ({
  tenant,
  state: "deployed",
  status: "UPDATE_COMPLETE",
  region: "eu-central-1",
  version: "0.2.0",
  baseUrl: "https://scim.example.com/scim/v2",
  drift: [],
  ...more,
});

function notMade(tenant: string, more: Partial<FleetRow>): FleetRow {
  const { baseUrl: _, version: __, ...rest } = row(tenant, more);
  return rest;
}

const rows: readonly FleetRow[] = [
  row("fine"),
  row("changed", { drift: ["tenant-file-changed"] }),
  row("older", { drift: ["older-release"] }),
  row("both", { drift: ["tenant-file-changed", "older-release"] }),
  row("newer", { drift: ["newer-release"], version: "9.0.0" }),
  row("undone", { state: "rolled-back", status: "UPDATE_ROLLBACK_COMPLETE" }),
  row("busy", { state: "updating", status: "UPDATE_IN_PROGRESS" }),
  row("stuck", { state: "failed", status: "UPDATE_ROLLBACK_FAILED", drift: ["older-release"] }),
  notMade("fresh", { state: "not-deployed" }),
  notMade("unborn", { state: "failed", status: "ROLLBACK_COMPLETE" }),
  notMade("broken", { state: "broken-file", problem: "Not JSON." }),
];

const planned = (options: Partial<PlanOptions> = {}) => {
  const plan = planOf(rows, { kind: "deploy", names: [], all: false, ...options });
  return { ...plan, deploy: plan.deploy.map(({ tenant, why }) => `${tenant}: ${why}`) };
};
const faults = ["busy", "stuck", "broken"];

describe("fleet deploy", () => {
  test("deploys what differs from its file or this release, what was rolled back, and what failed to be made", () => {
    const { deploy, passedOver, left } = planned();
    expect(deploy).toEqual([
      "changed: tenant file changed",
      "older: older release",
      "both: tenant file changed, older release",
      "undone: its last deployment was rolled back",
      "unborn: its first deployment failed",
    ]);
    expect(passedOver).toEqual(["fine"]);
    expect(left.map(({ tenant }) => tenant)).toEqual(["newer", "busy", "stuck", "fresh", "broken"]);
    expect(left.filter(({ isFault }) => isFault).map(({ tenant }) => tenant)).toEqual(faults);
  });

  test("makes a stack that there is not yet only for whoever is named, or with --all", () => {
    expect(planned().left).toContainEqual({ tenant: "fresh", why: expect.stringContaining("--all"), isFault: false });
    expect(planned({ names: ["fresh"] }).deploy).toContain("fresh: not deployed");
    expect(planned({ all: true }).deploy).toContain("fresh: not deployed");
  });

  test("never goes back to an older release unless --all says so", () => {
    expect(planned({ names: ["newer"] }).left).toContainEqual({
      tenant: "newer",
      why: "It runs 9.0.0, which is newer than what is here; `npm run deploy -- newer` goes back.",
      isFault: false,
    });
    expect(planned({ all: true }).deploy).toContain("newer: newer release");
  });

  test("with --all takes what is as it should be, too, and still not what cannot be deployed", () => {
    const { deploy, left } = planned({ all: true });
    expect(deploy).toContain("fine: as it should be");
    expect(left.map(({ tenant }) => tenant)).toEqual(faults);
  });
});

describe("fleet upgrade", () => {
  test("deploys what runs an older release, and says so where a changed file comes along", () => {
    const { deploy, passedOver, left } = planned({ kind: "upgrade" });
    expect(deploy).toEqual(["older: older release", "both: tenant file changed, older release"]);
    expect(passedOver).toEqual(["fine", "changed", "newer", "undone"]);
    expect(left.filter(({ isFault }) => isFault).map(({ tenant }) => tenant)).toEqual(faults);
  });
});
