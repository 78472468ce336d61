import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { parkingTenantFile } from "../ops/store.ts";
import { type Played, played } from "../ops/played.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { commandOn, type Ran, type World } from "./run.ts";

const tenantFile = { ...parkingTenantFile, events: {} };
const emails = [{ value: "someone@example.com" }];

let world: Played;
let run: (words: string, as?: World) => Promise<Ran>;
beforeEach(async () => {
  world = played(readTenantFile("parking", tenantFile));
  run = commandOn(world, tenantFile);
  await world.connect("okta");
  for (let n = 0; n < 3; n += 1) await world.post(`u${n}`, { emails });
  await world.work();
});
afterEach(() => world.close());

describe("events catch-up", () => {
  test("tells what is in the directory and was never told, and says how much", async () => {
    expect(await run("events catch-up --local")).toMatchObject({
      code: 0,
      out: "parking: 3 resources looked at, 3 events told.\n",
    });
    expect((await run("events catch-up --local")).out).toBe(
      "parking: 3 resources looked at, nothing was left to tell.\n",
    );
    await world.post("u3", { emails });
    await world.work();
    expect(JSON.parse((await run("events catch-up --local --json")).out)).toEqual({
      seen: 4,
      events: 1,
      left: 0,
      stopped: false,
      unqueued: [],
    });
  });

  test("stopped, it fails and goes on where it was", async () => {
    const { code, err } = await run("events catch-up --local", { interrupted: true });
    expect(code).toBe(1);
    expect(err).toContain("Stopped before the end. Run it again.");
    const behindAll = "User/ffffffff-ffff-4fff-bfff-ffffffffffff";
    expect((await run(`events catch-up --local --after ${behindAll}`)).out).toMatch(/^parking: 0 resources looked at/);
    expect((await run("events catch-up --local")).out).toContain("3 events told");
  });

  test("a queue that does not take what was told is named, and it fails when none does; the feed has it", async () => {
    const file = { ...tenantFile, events: { webhooks: { app: { url: "https://app.example.com/events" } } } };
    const other = played(readTenantFile("parking", file));
    onTestFinished(() => other.close());
    await other.connect("okta");
    await other.post("u0", { emails });
    await other.work();
    const runOther = commandOn(other, file);
    other.db.exec("DROP TABLE sent");
    const { code, out } = await runOther("events catch-up --local");
    expect(code).toBe(1);
    expect(out).toContain("1 event told");
    expect(out.replaceAll(/\s+/g, " ")).toContain(
      'The queue of the sink "app" did not take everything (the database did not take or give messages).',
    );
    expect((await runOther("events ls --local")).out).toContain("user.created");
    expect(JSON.parse((await runOther("events catch-up --local --json")).out)).toMatchObject({
      events: 0,
      unqueued: [{ sink: "app", problem: "the database did not take or give messages" }],
    });
  });

  test("a tenant without events is told so", async () => {
    const plain = played();
    const { code, err } = await commandOn(plain)("events catch-up --local");
    expect(code).toBe(1);
    expect(err).toContain('Tenant "parking" tells nobody of changes: its file has no key "events".');
    plain.close();
  });
});
