import { afterEach, describe, expect, test } from "vitest";
import { allow, reject } from "../../../lib/ops/brake/decide.ts";
import { doctor } from "../../../lib/ops/doctor/doctor.ts";
import { readTenantFile } from "../../../lib/provisioning/tenant-file.ts";
import { type Played, played } from "../played.ts";
import { brakeTenantFile } from "../store.ts";

let world: Played;
afterEach(() => world.close());

const check = async (name: string) => (await doctor(world.operations)).checks.find((one) => one.name === name);

/** Five leave where three may. */
async function mass(action: "alarm" | "hold"): Promise<void> {
  world = played(readTenantFile("parking", { ...brakeTenantFile, leavers: { brake: { people: 3, action } } }));
  await world.connect("entra");
  const ids: string[] = [];
  for (const name of ["a", "b", "c", "d", "e"]) ids.push(await world.post(name));
  await world.work(world.operations.tenant);
  for (const id of ids) await world.patch(id, { active: false });
  await world.work(world.operations.tenant);
}

describe("the doctor's line about the brake", () => {
  test("fails while somebody is held, and ends with the decision", async () => {
    await mass("hold");
    expect(await check("brake")).toMatchObject({
      state: "failure",
      summary: "4 people left within 60 min, where 3 may; 2 held, who stay active until you decide.",
      command: "npx rollcall brake status --local",
    });
    await allow(world.operations);
    await world.work(world.operations.tenant);
    expect(await check("brake")).toMatchObject({ state: "ok" });
  });

  test("warns of a mass deactivation that it only told of", async () => {
    await mass("alarm");
    expect(await check("brake")).toMatchObject({
      state: "warning",
      summary: expect.stringMatching(/^4 people left within 60 min, where 3 may, \d+ s ago\. It only tells/),
    });
  });

  test("who was kept by a decision is no failure: neither parked nor a leaver who waits", async () => {
    await mass("hold");
    expect(await check("parked")).toMatchObject({ state: "failure" });
    world.pass(10 * 60_000);
    expect(await check("leavers")).toMatchObject({ state: "failure" });
    await reject(world.operations);
    for (const name of ["brake", "parked", "leavers"]) expect(await check(name)).toMatchObject({ state: "ok" });
  });
});
