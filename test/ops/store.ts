/** An embedded store in a temporary folder, whose worker runs when a test says so, and whose clock a test can move. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../lib/local/database.ts";
import { deleteMessage, receiveMessages, sqliteDeadLetters, sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { laneNames, type Operations } from "../../lib/ops/operations.ts";
import { apply } from "../../lib/provisioning/apply.ts";
import type { LaneName, Pointer } from "../../lib/provisioning/ports.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { createResource, deleteResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import type { ResourceType } from "../../lib/scim/schema.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { systemChance, systemClock } from "../../lib/system.ts";

export interface TestStore {
  readonly operations: Operations;
  readonly folder: string;
  readonly db: DatabaseSync;
  /** A user or a group as an IdP sends it; the id. */
  createUser(body: JsonObject): Promise<string>;
  createGroup(displayName: string, members?: readonly string[]): Promise<string>;
  patchUser(id: string, value: JsonObject): Promise<void>;
  renameGroup(id: string, displayName: string): Promise<void>;
  /** `operations`: of a PATCH. */
  patchGroup(id: string, operations: readonly JsonObject[]): Promise<void>;
  deleteUser(id: string): Promise<void>;
  deleteGroup(id: string): Promise<void>;
  /** As if its retries were used up, without a letter: what waits in the lanes for it is taken away. */
  parkHead(type: string, id: string, code?: string): void;
  /** Handles what is in the lanes; with `tenant`, as after a deployment of another tenant file. */
  work(tenant?: Tenant): Promise<void>;
  /** The same for whoever waits for the worker: it works while they sleep, and time passes. `worker`: as another tenant. */
  whileWorking(worker?: Tenant | "nobody"): Operations;
  /** Works until the function that it gives is called, for a command that waits for the worker. */
  keepWorking(worker?: Tenant): () => Promise<void>;
  pass(ms: number): void;
  /** Waits for the next millisecond, so that what comes is later than all that was. */
  tick(): void;
  close(): void;
}

/** The mapping requires an e-mail, and parks who has none. */
export const parkingTenantFile = {
  environment: { region: "eu-central-1" },
  mapping: {
    policy: "park",
    attributes: {
      login: { from: "userName", required: true, lookup: true },
      email: { from: "emails.value", required: true },
    },
  },
};
export const parkingTenant = readTenantFile("parking", parkingTenantFile);

/** Three may leave within an hour; whoever leaves after them is held. */
export const brakeTenantFile = {
  environment: { region: "eu-central-1" },
  mapping: { attributes: { login: { from: "userName", required: true, lookup: true } } },
  leavers: { brake: { people: 3, action: "hold" } },
};

/** The same without the requirement: what an operator deploys to mend it. */
export const mendedTenant = readTenantFile("parking", {
  ...parkingTenantFile,
  mapping: { policy: "park", attributes: { login: { from: "userName", required: true, lookup: true } } },
});

export function testStore(tenant: Tenant = parkingTenant): TestStore {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-ops-"));
  const db = openDatabase({ folder, tenant: tenant.name });
  const time = { aheadMs: 0 };
  const clock = { now: () => Date.now() + time.aheadMs, sleep: async () => {} };
  const options = (name: LaneName) => ({ db, name, clock });
  const operations: Operations = {
    table: sqliteTable(db, tenant.events === undefined ? {} : { onChange: () => {} }),
    lanes: { leavers: sqliteLane(options("leavers")), changes: sqliteLane(options("changes")) },
    deadLetters: { leavers: sqliteDeadLetters(options("leavers")), changes: sqliteDeadLetters(options("changes")) },
    clock,
    chance: systemChance,
    tenant,
  };
  const users = tenant.types.find(({ id }) => id === userType.id) ?? userType;
  const tick = () => {
    const at = clock.now();
    while (clock.now() === at);
  };
  const caller = () => {
    tick();
    return { caller: { requestId: systemChance.uuid(), tokenId: "test" } };
  };
  const patch = async (type: ResourceType, id: string, value: JsonObject) => {
    const body = { schemas: [patchUrn], Operations: [{ op: "replace", value }] };
    await patchResource(operations, type, id, body, caller());
  };
  const work = async (as = tenant) => {
    for (const name of laneNames) await workLane({ ...operations, tenant: as }, name, options(name));
  };
  return {
    operations,
    folder,
    db,
    createUser: async (body) => (await createResource(operations, users, body, caller())).state.id,
    createGroup: async (displayName, members = []) => {
      const body = { displayName, members: members.map((value) => ({ value })) };
      return (await createResource(operations, groupType, body, caller())).state.id;
    },
    patchUser: async (id, value) => await patch(users, id, value),
    patchGroup: async (id, all) => {
      const body = { schemas: [patchUrn], Operations: [...all] };
      await patchResource(operations, groupType, id, body, caller());
    },
    renameGroup: async (id, displayName) => await patch(groupType, id, { displayName }),
    deleteUser: async (id) => void (await deleteResource(operations, users, id, caller())),
    deleteGroup: async (id) => void (await deleteResource(operations, groupType, id, caller())),
    parkHead: (type, id, code = "throttled") => {
      const shard = id.slice(0, 1);
      const waitKey = `parked#${Number.parseInt(shard, 16)}`;
      const failure = JSON.stringify({ code, message: "as a test wants it", at: 0, attempts: 7 });
      db.prepare(
        `UPDATE item SET wait_key = ?1, attributes = json_set(json_insert(attributes, '$.pendingSince', ?5, '$.waitAt', ?5),
         '$.waitKey', ?1, '$.failure', ?2, '$.reason', ?6), wait_at = coalesce(wait_at, ?5) WHERE pk = ?3 AND sk = ?4`,
      ).run(waitKey, failure, `${type}#${shard}`, id, clock.now(), code);
      db.prepare("DELETE FROM message WHERE body LIKE ?").run(`%${id}%`);
    },
    work,
    whileWorking: (worker = tenant) => {
      const sleep = async (ms: number) => {
        time.aheadMs += ms;
        if (worker !== "nobody") await work(worker);
      };
      return { ...operations, clock: { now: () => clock.now(), sleep } };
    },
    keepWorking: (worker = tenant) => {
      const state = { working: true };
      const loop = async () => {
        for (; state.working; await systemClock.sleep(20)) await work(worker);
      };
      const running = loop();
      return async () => {
        state.working = false;
        await running;
      };
    },
    pass: (ms) => {
      time.aheadMs += ms;
    },
    tick,
    close: () => {
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const patchUrn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

async function workLane(o: Operations, name: LaneName, options: Parameters<typeof receiveMessages>[0]): Promise<void> {
  for (;;) {
    const messages = receiveMessages(options, { visibilityTimeoutSeconds: 30, maxReceiveCount: 5 });
    if (messages.length === 0) return;
    for (const { body, receipt } of messages) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own lane holds our own pointers
      await apply({ ...o, workerId: "test" }, name, JSON.parse(body) as Pointer);
      deleteMessage(options, receipt);
    }
  }
}
