/**
 * Write and read units by the published rules, counted at the Table port. DynamoDB Local's own report leaves updates inside
 * transactions out and does not count transactions twice, so it is printed beside this, not instead.
 *
 * Source: DynamoDB developer guide, "Provisioned capacity mode": a write unit is 1 KB, a read unit 4 KB (strongly
 * consistent); a transaction costs twice, a condition check like a write; a changed index entry is a write of its own.
 */
import { itemBytes } from "../lib/local/item-size.ts";
import type { Attributes, Check, Item, Key, Table, Write } from "../lib/provisioning/ports.ts";

export interface UnitCount {
  write: number;
  read: number;
  /** Requests to the store, whatever they cost. */
  calls: number;
}

export function countingTable(table: Table): { table: Table; count: UnitCount } {
  const count: UnitCount = { write: 0, read: 0, calls: 0 };
  const before = async (writes: readonly (Write | Check)[]) => await table.batchGet(writes.map(({ key }) => key));
  const note = async (writes: readonly (Write | Check)[], was: readonly (Item | undefined)[], times: 1 | 2) => {
    const is = await before(writes);
    for (const [n, { key }] of writes.entries()) {
      const largest = Math.max(sizeOf(key, was[n]), sizeOf(key, is[n]));
      count.write += times * Math.max(1, Math.ceil(largest / 1024)) + indexUnits(was[n]?.attributes, is[n]?.attributes);
    }
  };
  const read = (bytes: number) => {
    count.read += Math.max(1, Math.ceil(bytes / 4096));
  };
  const counted: Table = {
    get: async (key) => {
      count.calls += 1;
      const item = await table.get(key);
      read(sizeOf(key, item));
      return item;
    },
    batchGet: async (keys) => {
      count.calls += 1;
      const items = await table.batchGet(keys);
      for (const [n, key] of keys.entries()) read(sizeOf(key, items[n]));
      return items;
    },
    query: async (range) => {
      count.calls += 1;
      const page = await table.query(range);
      read(page.items.reduce((sum, item) => sum + sizeOf({ table: range.table, pk: item.pk, sk: item.sk }, item), 0));
      return page;
    },
    waiting: async (key, options) => {
      count.calls += 1;
      const rows = await table.waiting(key, options);
      // An index is read eventually consistently, at half the price; a row of it has some 100 bytes.
      count.read += Math.max(1, Math.ceil((rows.length * 100) / 4096)) / 2;
      return rows;
    },
    write: async (write) => {
      count.calls += 1;
      const was = await before([write]);
      await table.write(write);
      await note([write], was, 1);
    },
    transact: async (writes) => {
      count.calls += 1;
      const was = await before(writes);
      await table.transact(writes);
      await note(writes, was, 2);
    },
  };
  return { table: counted, count };
}

function sizeOf(key: Key, item: Item | undefined): number {
  return item === undefined ? 0 : itemBytes(key, item.attributes);
}

const projected = ["waitKey", "waitAt", "pendingSince", "reason"] as const;

/** Of the sparse index: put, delete, or both when its key moves. Its entries are far below 1 KB. */
function indexUnits(was: Attributes = {}, is: Attributes = {}): number {
  const had = was["waitKey"] !== undefined;
  const has = is["waitKey"] !== undefined;
  if (!had || !has) return had === has ? 0 : 1;
  if (was["waitKey"] !== is["waitKey"] || was["waitAt"] !== is["waitAt"]) return 2;
  return projected.some((name) => was[name] !== is[name]) ? 1 : 0;
}
