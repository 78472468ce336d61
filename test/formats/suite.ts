/** Whoever has an earlier release and deploys this one loses nothing: what that release left is read, applied, told and mended. */
import type { DatabaseSync } from "node:sqlite";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiHandler } from "../../lib/handlers/api.ts";
import { invocation } from "../../lib/local/context.ts";
import { deleteMessage, receiveMessages, sqliteDeadLetters, sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { causesOf } from "../../lib/ops/dlq/causes.ts";
import { failedChanges } from "../../lib/ops/dlq/failed-changes.ts";
import { readDeadLetters, releaseAll } from "../../lib/ops/dlq/read-dead-letters.ts";
import { doctor } from "../../lib/ops/doctor/doctor.ts";
import { explain } from "../../lib/ops/explain/explain.ts";
import { laneNames, type Operations } from "../../lib/ops/operations.ts";
import { apply } from "../../lib/provisioning/apply.ts";
import { readEntry } from "../../lib/provisioning/entry.ts";
import { entryPartition, memberPrefix, reversePrefix } from "../../lib/provisioning/keys.ts";
import type { LaneName, Pointer, Table } from "../../lib/provisioning/ports.ts";
import { sweep } from "../../lib/provisioning/sweep.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { isObject, type JsonObject } from "../../lib/scim/json.ts";
import { systemChance } from "../../lib/system.ts";
import { apiEvent } from "../handlers/event.ts";
import { listening } from "../handlers/harness.ts";
import { expected } from "./company.ts";
import { type Fixture, releases, token } from "./fixture.ts";

export interface FormatStore {
  readonly table: Table;
  /** Of the lanes, wherever the table is. */
  readonly db: DatabaseSync;
  close(): Promise<void>;
}

const file: JsonObject = JSON.parse(readFileSync(join(import.meta.dirname, "tenant.json"), "utf8"));
const tenant = readTenantFile("formats", file);
/** As an operator mends it: nobody needs an e-mail. */
const mended = readTenantFile(
  "formats",
  JSON.parse(JSON.stringify(file).replace('"from":"emails.value","required":true', '"from":"emails.value"')),
);
const minute = 60_000;

export function formatSuite(store: string, open: (fixture: Fixture) => Promise<FormatStore>): void {
  describe.each(releases.map((fixture) => [fixture.release, fixture] as const))(
    `what %s left, on ${store}`,
    (_name, fixture) => {
      let opened: FormatStore;
      let o: Operations;
      const time = { aheadMs: 1_000 };
      const clock = { now: () => fixture.at + time.aheadMs, sleep: async () => {} };
      const lane = (name: LaneName) => ({ db: opened.db, name, clock });
      beforeAll(async () => {
        opened = await open(fixture);
        o = {
          table: opened.table,
          lanes: { leavers: sqliteLane(lane("leavers")), changes: sqliteLane(lane("changes")) },
          deadLetters: { leavers: sqliteDeadLetters(lane("leavers")), changes: sqliteDeadLetters(lane("changes")) },
          clock,
          chance: systemChance,
          tenant,
        };
      }, 120_000);
      afterAll(async () => await opened.close());

      const id = (name: string) => fixture.ids[name] ?? "";
      const names = new Map(Object.entries(fixture.ids).map(([name, one]) => [one, name]));
      const named = (ids: readonly string[]) => ids.map((one) => names.get(one) ?? one).sort();

      async function ask(
        target: string,
        authorization = `Bearer ${token}`,
      ): Promise<{ status: number; body: JsonObject }> {
        const handler = createApiHandler({ provisioning: o, telemetry: listening().telemetry });
        const event = apiEvent("GET", `/scim/v2${target}`, { headers: { authorization } });
        const { statusCode = 0, body = "{}" } = await handler(event, invocation("api", 28));
        const read: unknown = JSON.parse(body);
        return { status: statusCode, body: isObject(read) ? read : {} };
      }

      async function work(as: Tenant = tenant): Promise<void> {
        for (let round = 0; round < 6; round += 1) {
          for (const name of laneNames) await workLane(name, as);
          time.aheadMs += 1.5 * minute;
          await sweep(o);
        }
      }

      async function workLane(name: LaneName, as: Tenant): Promise<void> {
        for (;;) {
          const messages = receiveMessages(lane(name), { visibilityTimeoutSeconds: 30, maxReceiveCount: 5 });
          if (messages.length === 0) return;
          for (const { body, receipt } of messages) {
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own lane holds our own pointers
            await apply({ ...o, tenant: as, workerId: "test" }, name, JSON.parse(body) as Pointer);
            deleteMessage(lane(name), receipt);
          }
        }
      }

      async function causes() {
        const letters = await readDeadLetters(o, 30);
        await releaseAll(o, letters);
        return causesOf(await failedChanges(o, letters)).causes.map(({ cause, count }) => `${count} ${cause}`);
      }

      const membersIn = (body: JsonObject) => {
        const { members = [] } = body as { members?: readonly { value: string }[] };
        return named(members.map(({ value }) => value));
      };

      test("its token lets in, and nothing else does", async () => {
        expect(await ask("/Users?count=1")).toMatchObject({ status: 200 });
        expect(await ask("/Users", `Bearer ${token.slice(0, -1)}x`)).toMatchObject({ status: 401 });
      });

      test("what was accepted is read at once, applied or not", async () => {
        const { body } = await ask(`/Users/${id("ada")}`);
        expect(body).toMatchObject({ userName: "ada.byron@example.com", title: "Countess" });
        expect((await ask(`/Users/${id("bob")}`)).body).toMatchObject({ active: false });
        expect((await ask(`/Users/${id("cem")}`)).status).toBe(404);
        const found = await ask(`/Users?filter=${encodeURIComponent('userName eq "hal@example.com"')}`);
        expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id: id("hal") }] });
      });

      test("groups are read with their members, also one whose walk was under way", async () => {
        for (const name of ["Blue", "Green", "Walked"]) {
          const { body } = await ask(`/Groups/${id(name)}`);
          expect([body["displayName"], membersIn(body)]).toEqual([
            expected.groups[name]?.name,
            [...(expected.groups[name]?.members ?? [])].sort(),
          ]);
        }
        expect((await ask(`/Groups/${id("Old")}`)).status).toBe(404);
      });

      test("a walk through a list goes on at its cursor", async () => {
        const { status, body } = await ask(`/Users?cursor=${fixture.cursor}&count=5`);
        expect([status, body["detail"]]).toEqual([200, undefined]);
        expect(body["Resources"]).toHaveLength(5);
      });

      test("doctor, explain and dlq answer", async () => {
        const { checks } = await doctor(o);
        const state = (name: string) => checks.find((check) => check.name === name)?.state;
        expect([state("parked"), state("restore")]).toEqual(["failure", "ok"]);
        expect((await explain(o, "pat@example.com", {})).verdict.code).toBe("parked");
        expect((await explain(o, "hal@example.com", {})).verdict.code).toBe("waiting");
        expect(await causes()).toEqual(["1 mapping-required-missing"]);
      });

      test("all that was pending is applied: the directory is what was to become of it", async () => {
        await work();
        for (const [name, wanted] of Object.entries(expected.users)) {
          const entry = await readEntry(o.table, "User", id(name));
          const { login } = entry?.profile ?? {};
          const found = entry === undefined ? "not there" : `${typeof login === "string" ? login : "-"} ${entry.state}`;
          expect(`${name}: ${found}`).toBe(`${name}: ${wanted}`);
        }
        expect(await readEntry(o.table, "User", id("ada"))).toMatchObject({ profile: { title: "Countess" } });
        for (const [name, wanted] of Object.entries(expected.groups)) {
          const entry = await readEntry(o.table, "Group", id(name));
          expect([name, entry?.state]).toEqual([name, wanted === undefined ? "removed" : "active"]);
          expect([name, named(await memberIds(o.table, id(name)))]).toEqual([
            name,
            [...(wanted?.members ?? [])].sort(),
          ]);
          expect([name, entry?.profile["displayName"]]).toEqual([name, wanted?.name]);
        }
        expect(named(await groupIds(o.table, id("dan")))).toEqual(["Blue", "Green", "Large"]);
        expect(await groupIds(o.table, id("cem"))).toEqual([]);
      });

      test("nothing waits any more, and what was parked is mended by another tenant file and a replay", async () => {
        const { checks } = await doctor(o);
        expect(checks.find(({ name }) => name === "pending")?.summary).toBe("Nothing waits for the worker.");
        await o.lanes.changes.send({ type: "User", id: id("pat"), version: 1 });
        await work(mended);
        expect(await readEntry(o.table, "User", id("pat"))).toMatchObject({ profile: { login: "pat@example.com" } });
      });
    },
  );
}

async function memberIds(table: Table, id: string): Promise<string[]> {
  const range = { pk: entryPartition("Group", id), from: memberPrefix, to: `${memberPrefix}~` };
  return (await table.query({ table: "directory", ...range })).items.map(({ sk }) => sk.slice(memberPrefix.length));
}

async function groupIds(table: Table, id: string): Promise<string[]> {
  const range = { pk: entryPartition("User", id), from: reversePrefix, to: `${reversePrefix}~` };
  return (await table.query({ table: "directory", ...range })).items.map(({ sk }) => sk.slice(reversePrefix.length));
}
