/** Deployments of several at a time: how many, in which order, until when. */
import { describe, expect, test } from "vitest";
import { type RunChange, runDeployments, type RunOptions } from "../../../lib/ops/fleet/run.ts";

const tenants = ["a", "b", "c", "d", "e", "f"];

/** Deployments that end when the test says so: with nothing, or with a failure. */
function started(options: Partial<RunOptions> = {}) {
  const ends = new Map<string, (failure?: string) => void>();
  const changes: RunChange[] = [];
  const clock = { ms: 0 };
  const control = new AbortController();
  const result = runDeployments(tenants, {
    deploy: async (tenant) => await new Promise((resolve) => ends.set(tenant, resolve)),
    atOnce: 2,
    keepGoing: false,
    signal: control.signal,
    now: () => clock.ms,
    onChange: (change) => changes.push(change),
    ...options,
  });
  const end = async (tenant: string, failure?: string) => {
    ends.get(tenant)?.(failure);
    ends.delete(tenant);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { ends, end, changes, clock, control, result };
}

describe("deployments of many", () => {
  test("are as many at once as were asked for, in order, until all are done", async () => {
    const { ends, end, result } = started();
    for (const [n, tenant] of tenants.entries()) {
      expect([...ends.keys()]).toEqual(tenants.slice(n, n + 2));
      await end(tenant);
    }
    expect(await result).toMatchObject({ notStarted: [], stopped: false });
    expect((await result).ended.map(({ tenant }) => tenant)).toEqual(tenants);
  });

  test("stop at the first failure: what runs ends, nothing more begins", async () => {
    const { ends, end, result } = started();
    await end("a", "exit code 1");
    expect([...ends.keys()]).toEqual(["b"]);
    await end("b");
    expect(await result).toEqual({
      ended: [
        { tenant: "a", tookMs: 0, failure: "exit code 1" },
        { tenant: "b", tookMs: 0 },
      ],
      notStarted: ["c", "d", "e", "f"],
      stopped: false,
    });
  });

  test("go on after a failure where that was asked for", async () => {
    const { end, result } = started({ keepGoing: true });
    for (const tenant of tenants) await end(tenant, tenant === "b" ? "exit code 1" : undefined);
    const { ended, notStarted } = await result;
    expect([ended.filter(({ failure }) => failure !== undefined).length, ended.length, notStarted]).toEqual([1, 6, []]);
  });

  test("are stopped by the operator: what runs ends, nothing more begins", async () => {
    const { end, control, result } = started();
    control.abort();
    await end("a");
    await end("b");
    expect(await result).toMatchObject({ notStarted: ["c", "d", "e", "f"], stopped: true });
  });

  test("tell how many are done, running and left, and about how long it will take", async () => {
    const { end, changes, clock } = started();
    expect(changes.at(-1)).toEqual({ tenant: "b", done: 0, running: ["a", "b"], left: 4 });
    clock.ms = 60_000;
    await end("a");
    // b is as old as a was, so it is about to end; four are left, two at a time.
    expect(changes.at(-2)).toMatchObject({ tenant: "a", done: 1, running: ["b"], left: 4, leftMs: 120_000 });
    expect(changes.at(-1)).toMatchObject({ tenant: "c", done: 1, running: ["b", "c"], left: 3, leftMs: 120_000 });
  });
});
