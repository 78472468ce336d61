import { afterAll, beforeAll, expect, test } from "vitest";
import { brakeStatus } from "../../../lib/ops/brake/status.ts";
import { company } from "../../../lib/ops/simulate/company.ts";
import { dailyLife } from "../../../lib/ops/simulate/daily-life.ts";
import { entra } from "../../../lib/ops/simulate/entra.ts";
import { firstCycle } from "../../../lib/ops/simulate/first-cycle.ts";
import { scimClient } from "../../../lib/ops/simulate/scim-client.ts";
import { newTally } from "../../../lib/ops/simulate/tally.ts";
import { systemClock } from "../../../lib/system.ts";
import { startServer, type TestServer } from "../../local/served.ts";

let aheadMs = 0;
const clock = { now: () => systemClock.now() + aheadMs, sleep: async (ms: number) => await systemClock.sleep(ms) };

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ clock });
});
afterAll(async () => await server.close());

test("in an hour people join, move and leave; nothing is refused, and too few leave for the brake", async () => {
  const tally = newTally();
  const client = scimClient({ ...server, clock, tally, patienceMs: 5_000 });
  const people = company({ users: 60, groups: 8, seed: 1 });
  const sent = await firstCycle({ company: people, dialect: entra, client, concurrency: 4 });
  aheadMs += 3_600_000;
  const before = tally.summary(1);
  const life = dailyLife({ client, sent, seed: 1, clock });
  for (let n = 0; n < 300; n += 1, aheadMs += 12_000) await life.next();
  const after = tally.summary(1);
  const more = (kind: string) => {
    const count = ({ kinds }: typeof after) => kinds.find((one) => one.kind === kind)?.requests ?? 0;
    return count(after) - count(before);
  };
  expect(after.failures).toEqual([]);
  expect(more("create user")).toBeGreaterThan(20);
  expect(more("update user")).toBeGreaterThan(100);
  expect(more("add member")).toBeGreaterThan(20);
  expect(more("remove member")).toBeGreaterThan(0);
  expect(more("deactivate user")).toBeGreaterThan(5);
  const { left, threshold, state } = await brakeStatus(server.operations);
  expect([state, left < threshold]).toEqual(["off", true]);
});
