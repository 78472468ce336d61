/** Fills the embedded store with users, some ten thousand a second, by a template of what the program itself writes. */
import type { DatabaseSync } from "node:sqlite";
import { inTransaction, prepared } from "../../lib/local/database.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import type { OnProgress } from "../../lib/ops/operations.ts";
import { text } from "../../lib/provisioning/head.ts";
import { claimKey, countKey } from "../../lib/provisioning/keys.ts";
import type { Table } from "../../lib/provisioning/ports.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import { systemChance } from "../../lib/system.ts";
import { seedNumber, seedUserName } from "./people.ts";
import { type Row, templateOf } from "./template.ts";

/** All of a batch is in the store, or nothing of it: also after kill -9. */
const batchUsers = 10_000;

export interface SeedUsers {
  readonly db: DatabaseSync;
  readonly tenant: Tenant;
  /** So many there are to be, those of an earlier seeding included. */
  readonly users: number;
  /** False: they are accepted and wait for the worker. Absent: they are applied. */
  readonly applied?: boolean;
  readonly onProgress?: OnProgress;
  /** Asked between the batches. */
  readonly isOver?: () => boolean;
}

/** Goes on where an earlier seeding ended. How many of its users there are now. */
export async function seedUsers(options: SeedUsers): Promise<number> {
  const { db, tenant, users, applied = true, onProgress, isOver = () => false } = options;
  const rowsOf = await templateOf(tenant, applied);
  // A transaction that does not fit the cache writes its pages twice. Units: KiB, when negative.
  db.exec("PRAGMA cache_size = -262144");
  let done = await seeded(sqliteTable(db), users);
  while (done < users && !isOver()) {
    const end = Math.min(done + batchUsers, users);
    const rows: Row[] = [];
    const ids: string[] = [];
    for (; done < end; done += 1) {
      const id = systemChance.uuid();
      ids.push(id);
      rows.push(...rowsOf({ id, number: seedNumber(done), requestId: systemChance.uuid() }));
    }
    // In the order of the keys: most of a large store's time goes into finding the places of its rows.
    rows.sort((a, b) => (a.pk < b.pk ? -1 : 1));
    const counts = countsOf(ids);
    inTransaction(db, () => {
      for (const row of rows) insert(db, row);
      for (const count of counts) addCount(db, count);
    });
    onProgress?.(done, users);
    // So that a signal is heard.
    await new Promise((resolve) => void setImmediate(resolve));
  }
  return done;
}

/** Of the people of this seeding, who come in their order, so many are there. */
async function seeded(table: Table, most: number): Promise<number> {
  let [there, missing] = [0, most];
  while (there < missing) {
    const middle = Math.floor((there + missing) / 2);
    if ((await seededId(table, middle)) === undefined) missing = middle;
    else there = middle + 1;
  }
  return there;
}

/** `n`: from 0. */
export async function seededId(table: Table, n: number): Promise<string | undefined> {
  const claim = await table.get(claimKey(userType.id, "userName", seedUserName(seedNumber(n))));
  return claim && text(claim.attributes, "id");
}

/** Plain INSERT: where something stands already, there is something that this seeding did not make. */
function insert(db: DatabaseSync, { tbl, pk, sk, attributes, wait_key, wait_at, expires }: Row): void {
  prepared(
    db,
    "INSERT INTO item (tbl, pk, sk, attributes, wait_key, wait_at, expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
  ).run(tbl, pk, sk, attributes, wait_key, wait_at, expires);
}

interface Count {
  readonly pk: string;
  readonly sk: string;
  readonly by: number;
}

function countsOf(ids: readonly string[]): Count[] {
  const counts = new Map<string, Count>();
  for (const id of ids) {
    const { pk, sk } = countKey(userType.id, id);
    counts.set(sk, { pk, sk, by: (counts.get(sk)?.by ?? 0) + 1 });
  }
  return [...counts.values()];
}

function addCount(db: DatabaseSync, { pk, sk, by }: Count): void {
  prepared(
    db,
    `INSERT INTO item (tbl, pk, sk, attributes) VALUES ('scim', ?1, ?2, json_object('count', ?3))
     ON CONFLICT DO UPDATE SET attributes = json_set(attributes, '$.count', attributes ->> '$.count' + ?3)`,
  ).run(pk, sk, by);
}
