/**
 * DynamoDB in memory, with what its guide promises and no more: a query is not a snapshot, a batch neither, and a
 * transaction becomes visible item by item while its items refuse other writers.
 */
import {
  type Attributes,
  type Check,
  type Condition,
  type Item,
  type Key,
  type Page,
  type QueryRange,
  type Table,
  TableError,
  type Update,
  type Value,
  type Waiting,
  type Write,
} from "../../lib/provisioning/ports.ts";
import type { DirectoryChange } from "../../lib/events/ports.ts";
import { readable } from "../../lib/provisioning/format.ts";
import type { Process, World } from "./world.ts";

function known(item: Item | undefined): Item | undefined {
  return item && readable(item);
}

/** Told when a transaction is decided, and when all its items are visible. */
export interface Watcher {
  decided(writes: readonly (Write | Check)[]): () => void;
  /** An item of a table has become another one. */
  became?(table: Key["table"], change: DirectoryChange): void;
}

export class MemoryStore {
  readonly items = new Map<string, Item>();
  readonly locks = new Set<string>();
  readonly world: World;
  readonly watcher: Watcher;

  constructor(world: World, watcher: Watcher) {
    this.world = world;
    this.watcher = watcher;
  }

  peek({ table, pk, sk }: Key): Item | undefined {
    return this.items.get(`${table}|${pk}|${sk}`);
  }

  /** All items of a table, for the checks at rest. */
  *all(table: Key["table"]): Generator<Item> {
    for (const [name, item] of this.items) if (name.startsWith(`${table}|`)) yield item;
  }

  /** The table as one process sees it. */
  tableFor(process: Process): Table {
    const { world } = this;
    const range = ({ table, pk, from = "", to = "\uffff" }: QueryRange) =>
      [...this.items.entries()]
        .filter(([name, item]) => name.startsWith(`${table}|${pk}|`) && item.sk >= from && item.sk <= to)
        .map(([, item]) => item)
        .sort((a, b) => (a.sk < b.sk ? -1 : 1));
    return {
      get: async (key) => {
        await this.call(process, false);
        return known(this.peek(key));
      },
      batchGet: async (keys) => {
        const found: (Item | undefined)[] = [];
        for (const [n, key] of keys.entries()) {
          if (n === 0 || world.random.chance(0.3)) await this.call(process, false);
          found.push(known(this.peek(key)));
        }
        return found;
      },
      query: async (asked): Promise<Page> => {
        await this.call(process, false);
        const rows = range(asked);
        if (asked.descending === true) rows.reverse();
        const rest = rows.filter(
          ({ sk }) => asked.after === undefined || (asked.descending === true ? sk < asked.after : sk > asked.after),
        );
        const items = rest
          .slice(0, Math.min(1 + world.random.int(3), asked.limit ?? Number.POSITIVE_INFINITY))
          .map(readable);
        const last = items.at(-1);
        return items.length < rest.length && last !== undefined ? { items, next: last.sk } : { items };
      },
      waiting: async (waitKey, { before = Number.POSITIVE_INFINITY, after, descending = false, limit }) => {
        await this.call(process, false);
        const rows: Waiting[] = [];
        for (const { pk, sk, attributes: a } of this.all("scim")) {
          if (a["waitKey"] !== waitKey || typeof a["waitAt"] !== "number" || a["waitAt"] > before) continue;
          const reason = a["reason"];
          const row = { pk, sk, waitAt: a["waitAt"], pendingSince: Number(a["pendingSince"] ?? 0) };
          rows.push(typeof reason === "string" ? { ...row, reason } : row);
        }
        const order = (a: Place, b: Place): number => (descending ? -1 : 1) * inOrder(a, b);
        return rows
          .sort(order)
          .filter((row) => after === undefined || order(row, after) > 0)
          .slice(0, limit);
      },
      write: async (write) => await this.commit(process, [write]),
      transact: async (writes) => await this.commit(process, writes),
    };
  }

  private async call(process: Process, writes: boolean): Promise<void> {
    await this.world.turn(process);
    if (this.world.happens("throttle")) throw new TableError("throttled", "injected");
    if (this.world.happens("lostAnswer") && (!writes || this.world.random.chance(0.5)))
      throw new TableError("lost", "injected, before");
  }

  private async commit(process: Process, writes: readonly (Write | Check)[]): Promise<void> {
    const { world } = this;
    await this.call(process, true);
    const names = writes.map(({ key }) => `${key.table}|${key.pk}|${key.sk}`);
    if (new Set(names).size !== names.length || names.length > 100)
      throw new Error(`not a transaction: ${names.join(" ")}`);
    if (names.some((name) => this.locks.has(name)) || (writes.length > 1 && world.happens("conflict"))) {
      throw new TableError("conflict", "injected");
    }
    const failed = writes.flatMap((write, n) =>
      (write.if ?? []).every((c) => holds(c, this.items.get(names[n] ?? ""))) ? [] : [n],
    );
    if (failed.length > 0) {
      world.note(`${process.name}: condition failed on ${failed.map((n) => names[n]).join(" ")}`);
      throw new TableError("condition", "", { failed });
    }
    world.note(`${process.name}: ${names.join(" ")}`);
    const visible = this.watcher.decided(writes);
    const changes = writes
      .map((write, n) => ({ write, name: names[n] ?? "" }))
      .filter(({ write }) => write.kind !== "check");
    for (const name of names) this.locks.add(name);
    const done = this.becomeVisible(process, changes, names, visible);
    if (world.happens("lostAnswer")) throw new TableError("lost", "injected, after");
    await done;
  }

  /** Item by item, in any order, whatever becomes of the process that asked. */
  private becomeVisible(
    process: Process,
    changes: { write: Write | Check; name: string }[],
    names: string[],
    visible: () => void,
  ): Promise<void> {
    const { world } = this;
    const changing = new Set(changes.map(({ name }) => name));
    // What was only checked is free again at once; what changes is free when it is visible.
    for (const name of names) if (!changing.has(name)) this.locks.delete(name);
    return new Promise((resolve) => {
      if (changes.length <= 1) {
        for (const { write, name } of changes) this.becomes(name, write);
        visible();
        resolve();
        return;
      }
      world.spawn(
        `${process.name}/commit`,
        async (committer) => {
          const order = changes.map((change) => ({ change, at: world.random.next() })).sort((a, b) => a.at - b.at);
          for (const { change } of order) {
            this.becomes(change.name, change.write);
            if (world.random.chance(0.5)) await world.turn(committer);
          }
          visible();
          // The caller goes on in a turn of its own, unless it died meanwhile.
          if (!process.ended) void world.turn(process).then(resolve);
        },
        undefined,
        false,
      );
    });
  }

  private becomes(name: string, write: Write | Check): void {
    this.locks.delete(name);
    const before = this.items.get(name);
    const { pk, sk } = write.key;
    if (write.kind === "put") this.items.set(name, { pk, sk, attributes: write.attributes });
    else if (write.kind === "delete") this.items.delete(name);
    else if (write.kind === "update")
      this.items.set(name, { pk, sk, attributes: updated(before?.attributes ?? {}, write) });
    const after = this.items.get(name);
    const images = { ...(before && { before: before.attributes }), ...(after && { after: after.attributes }) };
    this.watcher.became?.(write.key.table, { pk, sk, ...images });
  }
}

function updated(before: Attributes, { set = {}, setIfMissing = {}, remove = [], add = {} }: Update): Attributes {
  const after: Record<string, Value> = { ...setIfMissing, ...before, ...set };
  for (const [name, by] of Object.entries(add)) after[name] = Number(before[name] ?? 0) + by;
  for (const name of remove) delete after[name];
  return after;
}

function holds(condition: Condition, item: Item | undefined): boolean {
  switch (condition.is) {
    case "absent":
      return item === undefined;
    case "present":
      return item !== undefined;
    case "missing":
      return item?.attributes[condition.attribute] === undefined;
    case "equal":
      return item?.attributes[condition.attribute] === condition.value;
    case "below": {
      const value = item?.attributes[condition.attribute];
      return value !== undefined && typeof value === typeof condition.value && value < condition.value;
    }
  }
}

type Place = Pick<Waiting, "pk" | "sk" | "waitAt">;

function inOrder(a: Place, b: Place): number {
  if (a.waitAt !== b.waitAt) return a.waitAt - b.waitAt;
  return a.pk === b.pk ? Number(a.sk > b.sk) - Number(a.sk < b.sk) : Number(a.pk > b.pk) - Number(a.pk < b.pk);
}
