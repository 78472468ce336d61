import { afterEach, describe, expect, test } from "vitest";
import { tableError } from "../../lib/aws/table-error.ts";
import { LaneError, TableError, type TableErrorKind } from "../../lib/provisioning/ports.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";
import { user } from "../local/served.ts";
import { type Harness, harness, scimErrorSchema, textOf } from "./harness.ts";

let api: Harness;
afterEach(() => api.close());

/** A table whose queries fail; tokens are still found. */
function queriesThrow(error: Error): (p: Provisioning) => Provisioning {
  const query = (): never => {
    throw error;
  };
  return (p) => ({ ...p, table: { ...p.table, query } });
}

describe("faults (R95)", () => {
  test.each<TableErrorKind>(["throttled", "lost", "conflict"])(
    "a table that is %s: 503 and when to come back",
    async (kind) => {
      api = await harness({ change: queriesThrow(new TableError(kind, "too much")) });
      const answer = await api.ask("GET", "/scim/v2/Users");
      expect(answer).toMatchObject({
        status: 503,
        headers: { "retry-after": "2" },
        body: { schemas: [scimErrorSchema], status: "503" },
      });
    },
  );

  describe("a table that is throttled", () => {
    /** Each call fails until so many have failed. `transact`: as DynamoDB cancels a transaction. */
    function throttled(calls: number): (p: Provisioning) => Provisioning {
      let left = calls;
      const or = <A extends unknown[], R>(call: (...given: A) => Promise<R>): ((...given: A) => Promise<R>) => {
        return async (...given) => {
          if (left > 0) {
            left -= 1;
            throw tableError(cancelledByThrottling);
          }
          return await call(...given);
        };
      };
      return (p) => ({
        ...p,
        table: {
          ...p.table,
          get: or(async (key) => await p.table.get(key)),
          batchGet: or(async (keys) => await p.table.batchGet(keys)),
          query: or(async (range) => await p.table.query(range)),
          write: or(async (write) => await p.table.write(write)),
          transact: or(async (writes) => await p.table.transact(writes)),
        },
      });
    }
    const cancelledByThrottling = Object.assign(new Error("cancelled"), {
      name: "TransactionCanceledException",
      CancellationReasons: [{ Code: "None" }, { Code: "ThrottlingError" }],
    });

    test.each([
      ["POST", "/scim/v2/Users", 201],
      ["GET", "/scim/v2/Users", 200],
      ["GET", '/scim/v2/Users?filter=userName+eq+"nobody@example.com"', 200],
      ["GET", "/scim/v2/Groups", 200],
    ])("for a moment: %s %s is answered as ever, from the look at the token on", async (method, target, status) => {
      api = await harness({ change: throttled(8) });
      const answer = await api.ask(method, target, method === "POST" ? { body: user("ann@example.com") } : {});
      expect(answer.status).toBe(status);
    });

    test.each([
      ["POST", "/scim/v2/Users"],
      ["GET", "/scim/v2/Users"],
      ["DELETE", "/scim/v2/Users/2819c223-7f76-453a-919d-413861904646"],
    ])(
      "for long: %s %s is answered in single seconds, by a SCIM error that says when to come back",
      async (method, target) => {
        api = await harness({ change: throttled(Number.POSITIVE_INFINITY) });
        const begun = api.provisioning.clock.now();
        const answer = await api.ask(method, target, method === "POST" ? { body: user("ann@example.com") } : {});
        expect(answer).toMatchObject({
          status: 503,
          headers: { "retry-after": "2", "content-type": expect.stringContaining("application/scim+json") },
          body: { schemas: [scimErrorSchema], status: "503" },
        });
        const seconds = (api.provisioning.clock.now() - begun) / 1000;
        expect([seconds >= 7, seconds < 10]).toEqual([true, true]);
      },
    );

    test("in the middle of a write: all of it is there, or nothing, and the same request succeeds later", async () => {
      const until = { failing: false };
      api = await harness({
        change: (p) => ({
          ...p,
          table: {
            ...p.table,
            transact: async (writes) => {
              if (until.failing) throw tableError(cancelledByThrottling);
              await p.table.transact(writes);
            },
          },
        }),
      });
      until.failing = true;
      expect((await api.ask("POST", "/scim/v2/Users", { body: user("ann@example.com") })).status).toBe(503);
      expect((await api.ask("GET", "/scim/v2/Users")).body).toMatchObject({ totalResults: 0 });
      until.failing = false;
      expect((await api.ask("POST", "/scim/v2/Users", { body: user("ann@example.com") })).status).toBe(201);
      expect((await api.ask("GET", "/scim/v2/Users")).body).toMatchObject({ totalResults: 1 });
    });
  });

  test("a fault of ours: 500 with the request id, which the log has too, with the place but without the value", async () => {
    api = await harness({ change: queriesThrow(new TypeError("cannot read alice@example.com")) });
    const { status, body } = await api.ask("GET", '/scim/v2/Users?filter=title+co+"alice@example.com"');
    const line = api.told.lines.find(({ level }) => level === "error");
    expect([status, line?.["error"], line?.["stack"]]).toEqual([
      500,
      "TypeError",
      expect.arrayContaining([expect.stringContaining("faults.test.ts")]),
    ]);
    expect(body["detail"]).toContain(String(line?.["requestId"]));
    expect(JSON.stringify([api.told, body])).not.toContain("alice");
  });

  test("an id that no key of DynamoDB can hold is an id that nobody has", async () => {
    api = await harness();
    const { body: group } = await api.ask("POST", "/scim/v2/Groups", { body: { displayName: "g" } });
    const long = "x".repeat(1_100);
    const patch = { Operations: [{ op: "remove", path: "members", value: [{ value: long }] }] };
    const answers = [
      await api.ask("GET", `/scim/v2/Users/${long}`),
      await api.ask("GET", `/scim/v2/Users?filter=id+eq+"${long}"`),
      await api.ask("GET", `/scim/v2/Groups?filter=members+eq+"${long}"`),
      await api.ask("PATCH", `/scim/v2/Groups/${textOf(group["id"])}`, { body: patch }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 200, 200, 204]);
  });

  test("a lane that takes nothing: the change is accepted all the same, and the log says so", async () => {
    const broken = async (): Promise<void> => await Promise.reject(new LaneError("down"));
    api = await harness({
      change: (p) => ({ ...p, lanes: { leavers: p.lanes.leavers, changes: { ...p.lanes.changes, send: broken } } }),
    });
    expect((await api.ask("POST", "/scim/v2/Users", { body: user("x") })).status).toBe(201);
    expect(api.told.lines.map(({ level }) => level)).toEqual(["info", "warn"]);
    expect(api.told.counts).toEqual([["Accepted", 1]]);
  });

  test("a lane that takes no leavers: the deletion is accepted all the same, and the log says so", async () => {
    const broken = async (): Promise<void> => await Promise.reject(new LaneError("down"));
    api = await harness({
      change: (p) => ({ ...p, lanes: { changes: p.lanes.changes, leavers: { ...p.lanes.leavers, send: broken } } }),
    });
    const { body } = await api.ask("POST", "/scim/v2/Users", { body: user("x") });
    expect((await api.ask("DELETE", `/scim/v2/Users/${textOf(body["id"])}`)).status).toBe(204);
    expect(api.told.lines.map(({ level }) => level)).toEqual(["info", "info", "warn"]);
  });

  test("a use of the token or a bookmark that cannot be noted is no reason to refuse a request", async () => {
    const lost = new TableError("lost", "no answer");
    api = await harness({
      change: (p) => ({ ...p, table: { ...p.table, write: async () => await Promise.reject(lost) } }),
    });
    for (const name of ["x", "y"]) await api.ask("POST", "/scim/v2/Users", { body: user(name) });
    expect((await api.ask("GET", "/scim/v2/Users?count=1")).status).toBe(200);
  });
});

describe("the log of a request (R122)", () => {
  test("has the route's template, the token's id, status and time; no path, no query, no value", async () => {
    api = await harness();
    const { body } = await api.ask("POST", "/scim/v2/Users", {
      body: user("bob@example.com", { password: "hunter2" }),
    });
    await api.ask("GET", `/scim/v2/Users/${textOf(body["id"])}`);
    await api.ask("GET", '/scim/v2/Users?filter=userName+eq+"bob@example.com"');
    expect(api.told.lines).toMatchObject([
      { message: "answered", method: "POST", route: "/Users", status: 201, accepted: true, enqueued: true },
      { message: "answered", method: "GET", route: "/Users/{id}", status: 200, tokenId: api.token.split("_")[1] },
      { message: "answered", method: "GET", route: "/Users", status: 200 },
    ]);
    const told = JSON.stringify(api.told);
    for (const value of ["bob", "hunter2", "userName", api.token]) expect(told).not.toContain(value);
  });

  test("refused writes are counted", async () => {
    api = await harness();
    await api.ask("POST", "/scim/v2/Users", { body: {} });
    await api.ask("GET", "/scim/v2/Users/1");
    expect(api.told.counts).toEqual([["Refused", 1]]);
  });
});
