/** Groups of a seeded store, by the program's own accept and apply: many writes share a commit. */
import type { DatabaseSync } from "node:sqlite";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import type { OnProgress } from "../../lib/ops/operations.ts";
import { apply, type Worker } from "../../lib/provisioning/apply.ts";
import { text } from "../../lib/provisioning/head.ts";
import { claimKey } from "../../lib/provisioning/keys.ts";
import type { Lane, Lanes, LaneName, Pointer, Table } from "../../lib/provisioning/ports.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { createResource } from "../../lib/provisioning/write-resource.ts";
import { groupType } from "../../lib/scim/resource-type.ts";
import { systemChance, systemClock } from "../../lib/system.ts";
import { seedNumber } from "./people.ts";
import { seededId } from "./users.ts";

export interface SeedGroups {
  readonly db: DatabaseSync;
  readonly tenant: Tenant;
  /** So many there are to be, those of an earlier seeding included. */
  readonly groups: number;
  /** Of each group: the next so many of the users, from the first again after the last. */
  readonly members: number;
  readonly users: number;
  readonly onProgress?: OnProgress;
  readonly isOver?: () => boolean;
}

/** Goes on where an earlier seeding ended. How many of its groups there are now. */
export async function seedGroups(options: SeedGroups): Promise<number> {
  const { db, tenant, groups, members, users, onProgress, isOver = () => false } = options;
  const commits = sharedCommits(db);
  const { lanes, work } = workingLanes();
  const chance = systemChance;
  const w: Worker = { table: sqliteTable(db), lanes, clock: systemClock, chance, tenant, workerId: "seed" };
  try {
    let done = 0;
    for (; done < groups && !isOver(); done += 1) {
      if ((await seededGroupId(w.table, done)) === undefined) {
        const ids: string[] = [];
        for (let n = 0; n < Math.min(members, users); n += 1)
          ids.push((await seededId(w.table, (done * members + n) % users)) ?? "");
        const body = { displayName: seedGroupName(done), members: ids.map((value) => ({ value })) };
        await createResource(w, groupType, body, { caller: { requestId: chance.uuid(), tokenId: "seed" } });
        await work(w);
        commits.commit();
      }
      onProgress?.(done + 1, groups);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    return done;
  } finally {
    commits.end();
  }
}

export function seedGroupName(n: number): string {
  return `Engineers ${seedNumber(n)}`;
}

/** `n`: from 0. */
export async function seededGroupId(table: Table, n: number): Promise<string | undefined> {
  const claim = await table.get(claimKey(groupType.id, "displayName", seedGroupName(n).toLowerCase()));
  return claim && text(claim.attributes, "id");
}

/** A group goes into the store as a whole: a commit waits for the disk, and a large group has thousands of steps. */
function sharedCommits(db: DatabaseSync): { commit: () => void; end: () => void } {
  const exec = db.exec.bind(db);
  db.exec = (sql) => {
    if (sql === "COMMIT" || (sql === "BEGIN IMMEDIATE" && db.isTransaction)) return;
    exec(sql);
  };
  return {
    commit: () => {
      if (db.isTransaction) exec("COMMIT");
    },
    end: () => {
      db.exec = exec;
      if (db.isTransaction) exec("ROLLBACK");
    },
  };
}

/** What is sent is worked off when `work` is called; a look that is to come later finds nothing in a new group. */
function workingLanes(): { lanes: Lanes; work: (w: Worker) => Promise<void> } {
  const sent: (readonly [LaneName, Pointer])[] = [];
  const lane = (name: LaneName): Lane => ({
    send: async (pointer, { delaySeconds = 0 } = {}) => {
      if (delaySeconds === 0) sent.push([name, pointer]);
    },
    sendAll: async (pointers) => void sent.push(...pointers.map((pointer) => [name, pointer] as const)),
    bury: async () => {},
    depth: async () => 0,
  });
  return {
    lanes: { leavers: lane("leavers"), changes: lane("changes") },
    work: async (w) => {
      for (let next = sent.shift(); next !== undefined; next = sent.shift()) await apply(w, ...next);
    },
  };
}
