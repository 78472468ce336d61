/**
 * The guards of the program, each taken out by standing between it and its table: conditions dropped, attributes hidden,
 * reads reordered. The program itself has no switch for this.
 */
import type { Check, Condition, Item, Key, Table, Write } from "../../lib/provisioning/ports.ts";
import { queryAll } from "../../lib/provisioning/query-all.ts";
import type { WithoutGuard } from "./simulate.ts";

const isHead = (key: Key) => key.table === "scim" && (key.pk.startsWith("User#") || key.pk.startsWith("Group#"));
const isGroupHead = (key: Key) => key.table === "scim" && key.pk.startsWith("Group#");
const isEntry = (key: Key) => key.table === "directory" && key.sk === "Entry";
const isLog = (pk: string) => pk.startsWith("Log#");

function withWrites(table: Table, change: (write: Write | Check) => (Write | Check)[]): Table {
  return {
    ...table,
    write: async (write) => {
      for (const changed of change(write)) if (changed.kind !== "check") await table.write(changed);
    },
    transact: async (writes) => await table.transact(writes.flatMap(change)),
  };
}

function withoutConditions<T extends Write | Check>(write: T, drop: (condition: Condition) => boolean): T {
  return write.if === undefined ? write : { ...write, if: write.if.filter((condition) => !drop(condition)) };
}

function withHeads(table: Table, change: (attributes: Record<string, Item["attributes"][string]>) => void): Table {
  return {
    ...table,
    get: async (key) => {
      const item = await table.get(key);
      if (item === undefined || !isHead(key)) return item;
      const attributes = { ...item.attributes };
      change(attributes);
      return { ...item, attributes };
    },
  };
}

const on = (attribute: string) => (condition: Condition) =>
  "attribute" in condition && condition.attribute === attribute;

/** Trap 1: the lock of accept. */
export const noLock: WithoutGuard = (table) =>
  withWrites(table, (write) =>
    isHead(write.key) && write.kind === "update" && write.set?.["version"] !== undefined
      ? [withoutConditions(write, on("version"))]
      : [write],
  );

/** Trap 2: a reader that takes a log with a gap for the whole log. */
export const noGapCheck: WithoutGuard = (table) => {
  const versions = new Map<string, number>();
  return {
    ...table,
    get: async (key) => {
      const item = await table.get(key);
      if (item !== undefined && isGroupHead(key)) versions.set(key.sk, Number(item.attributes["version"]));
      return item;
    },
    query: async (range) => {
      if (!isLog(range.pk) || range.from === undefined) return await table.query(range);
      const found = new Map<number, Item>();
      for await (const item of queryAll(table, range)) found.set(Number(item.sk), item);
      const last = Math.max(versions.get(range.pk.slice("Log#".length)) ?? 0, ...found.keys());
      const items: Item[] = [];
      for (let version = Number(range.from); version <= Math.min(last, Number(range.to ?? last)); version += 1) {
        items.push(
          found.get(version) ?? { pk: range.pk, sk: String(version).padStart(10, "0"), attributes: { op: "patch" } },
        );
      }
      return { items };
    },
  };
};

/** Trap 3: a resumed walk folds up to the newest change, not up to where it was to end. */
export const noPin: WithoutGuard = (table) =>
  withHeads(
    withWrites(table, (write) => (isGroupHead(write.key) ? [withoutConditions(write, on("to"))] : [write])),
    (head) => delete head["to"],
  );

/** Trap 4: the worker adds a member without looking whether that user is deleted. */
export const noMemberCheck: WithoutGuard = (table, process) => {
  if (!process.startsWith("worker")) return table;
  const unchecked = withWrites(table, (write) => (write.kind === "check" ? [] : [write]));
  const alive = (item: Item | undefined) => item && { ...item, attributes: { ...item.attributes, state: "live" } };
  return {
    ...unchecked,
    batchGet: async (keys) =>
      (await table.batchGet(keys)).map((item, n) => (keys[n] && isHead(keys[n]) ? alive(item) : item)),
  };
};

/** Trap 4: nobody removes the memberships of a deleted user. */
export const noRemovals: WithoutGuard = (table) => ({
  ...table,
  query: async (range) =>
    range.table === "directory" && range.from?.startsWith("Group#") === true ? { items: [] } : await table.query(range),
});

/** Trap 4: no second look for memberships that were not yet visible. */
export const noSecondLook: WithoutGuard = (table) => {
  const deleted = new Set<string>();
  return withHeads(
    {
      ...table,
      query: async (range) => {
        const second =
          range.table === "directory" &&
          range.from?.startsWith("Group#") === true &&
          deleted.has(range.pk.split("#")[1] ?? "");
        return second ? { items: [] } : await table.query(range);
      },
      get: async (key) => {
        const item = await table.get(key);
        if (item?.attributes["lookAt"] !== undefined) deleted.add(key.sk);
        return item;
      },
    },
    () => {},
  );
};

/** Trap 5: the log is read before the members. */
export const logFirst: WithoutGuard = (table) => {
  const early = new Map<string, Item[]>();
  return {
    ...table,
    get: async (key) => {
      const item = await table.get(key);
      if (item === undefined || !isGroupHead(key)) return item;
      const rows: Item[] = [];
      for await (const row of queryAll(table, { table: "scim", pk: `Log#${key.sk}` })) rows.push(row);
      early.set(key.sk, rows);
      return item;
    },
    query: async (range) => {
      const id = range.pk.slice("Log#".length);
      const rows = isLog(range.pk) && range.to === undefined ? early.get(id) : undefined;
      if (rows === undefined) return await table.query(range);
      early.delete(id);
      return { items: rows.filter((row) => row.sk >= (range.from ?? "")) };
    },
  };
};

/** Trap 6: a lost answer is simply tried again. */
export const noOwnChange: WithoutGuard = (table) => ({
  ...table,
  query: async (range) => {
    const page = await table.query(range);
    if (!isLog(range.pk)) return page;
    return {
      ...page,
      items: page.items.map((item) => ({ ...item, attributes: { ...item.attributes, requestId: "-" } })),
    };
  },
});

/** Trap 7: what was parked stays in the sweep. */
export const parkedStaysDue: WithoutGuard = (table) =>
  withWrites(table, (write) => {
    const waitKey = write.kind === "update" ? write.set?.["waitKey"] : undefined;
    if (write.kind !== "update" || typeof waitKey !== "string") return [write];
    return [{ ...write, set: { ...write.set, waitKey: waitKey.replace("parked", "due") } }];
  });

/** Trap 8: a reader folds after `applied`, not after what was applied before the last step. */
export const noSince: WithoutGuard = (table) =>
  withHeads(table, (head) => {
    if (head["applied"] !== undefined) head["since"] = head["applied"];
  });

/** Trap 8: a worker does not wait for the step of another to become visible. */
export const noPause: WithoutGuard = (table) => withHeads(table, (head) => delete head["stepBy"]);

/** The steps of a walk are not fenced: two workers may both take one. */
export const noStepFence: WithoutGuard = (table) =>
  withWrites(table, (write) =>
    isGroupHead(write.key) && write.kind === "update" && write.set?.["stepAt"] !== undefined
      ? [{ ...write, if: [] }]
      : [write],
  );

/** Trap 10: the entry is written whatever stands there. */
export const noEntryFence: WithoutGuard = (table) =>
  withWrites(table, (write) => (isEntry(write.key) && write.kind === "put" ? [{ ...write, if: [] }] : [write]));

/** Trap 10: a removed entry leaves no tombstone, so a slow worker finds no fence. */
export const noTombstone: WithoutGuard = (table) =>
  withWrites(table, (write) => {
    if (!isEntry(write.key) || write.kind !== "put" || write.attributes["state"] !== "removed") return [write];
    return [{ kind: "delete", key: write.key, ...(write.if === undefined ? {} : { if: write.if }) }];
  });

/** An entry of one version is written anew whichever stands there. */
export const noRemakeFence: WithoutGuard = (table) =>
  withWrites(table, (write) => (isEntry(write.key) ? [withoutConditions(write, on("appliedAt"))] : [write]));

/** A claim is written whoever holds it: two live resources of one name. */
export const noClaim: WithoutGuard = (table) =>
  withWrites(table, (write) =>
    write.key.pk.startsWith("Claim#") && write.kind === "put" ? [{ ...write, if: [] }] : [write],
  );

// ---------------------------------------------------------------- the groups of somebody

const isGroupHeads = ({ table, pk }: { table: string; pk: string }) => table === "scim" && pk.startsWith("Group#");

function withListedHeads(table: Table, process: string, change: (a: Item["attributes"]) => Item["attributes"]): Table {
  if (!process.startsWith("members")) return table;
  return {
    ...table,
    query: async (range) => {
      const page = await table.query(range);
      if (!isGroupHeads(range)) return page;
      return { ...page, items: page.items.map((item) => ({ ...item, attributes: change(item.attributes) })) };
    },
  };
}

/** A group with changes pending is taken as the directory has it. */
export const noPending: WithoutGuard = (table, process) =>
  withListedHeads(table, process, (head) => ({ ...head, applied: head["version"] ?? 0, closedAt: 0 }));

/** So is a group whose last step may be visible by half. */
export const noSettling: WithoutGuard = (table, process) =>
  withListedHeads(table, process, (head) => ({ ...head, closedAt: 0 }));

/** Whoever is deleted is a member until the worker has accepted the removal. */
export const nobodyLeft: WithoutGuard = (table, process) => {
  if (!process.startsWith("members")) return table;
  const alive = (item: Item | undefined) => item && { ...item, attributes: { ...item.attributes, state: "live" } };
  return {
    ...table,
    batchGet: async (keys) =>
      (await table.batchGet(keys)).map((item, n) => (keys[n] && isHead(keys[n]) ? alive(item) : item)),
  };
};

// ---------------------------------------------------------------- roles

const asksForRoles = (write: Write | Check) => write.kind === "update" && write.add?.["rolesAsked"] !== undefined;

/** No mark with a membership or a name: only who is told by a message has the roles made anew. */
export const noRoleMarks: WithoutGuard = (table) =>
  withWrites(table, (write) =>
    asksForRoles(write) ? [{ kind: "check", key: write.key, if: write.if ?? [{ is: "present" }] }] : [write],
  );

/** A mark that came while the roles were made is answered with the others. */
export const noRoleCount: WithoutGuard = (table) =>
  withWrites(table, (write) =>
    isHead(write.key) && write.kind === "update" && !asksForRoles(write)
      ? [withoutConditions(write, on("rolesAsked"))]
      : [write],
  );

/** Of two workers who made the roles the slower one has the last word. */
export const noRoleFence: WithoutGuard = (table) =>
  withWrites(table, (write) => (isEntry(write.key) ? [withoutConditions(write, on("appliedAt"))] : [write]));

/** Roles are made with the name that was accepted, which no step of the group's walk knows of. */
export const noRoleName: WithoutGuard = (table) => ({
  ...table,
  batchGet: async (keys) =>
    (await table.batchGet(keys)).map((item, n) => {
      if (item === undefined || !isGroupHead(keys[n] as Key)) return item;
      const { roleName: _, ...attributes } = item.attributes;
      return { ...item, attributes };
    }),
});

/** A group's members are not marked when its name changes. */
export const noNameMarks: WithoutGuard = (table) => ({
  ...table,
  transact: async (writes) => {
    const isNameStep = writes.some((write) => write.kind === "update" && write.set?.["nameCursor"] !== undefined);
    await table.transact(isNameStep ? writes.filter((write) => !asksForRoles(write)) : writes);
  },
});

const tells = (process: string) => process.startsWith("publisher") || process.startsWith("catch-up");

/** Events: positions are given by whoever has read the head, whether or not it is still so. */
export const noFeedFence: WithoutGuard = (table, process) =>
  tells(process)
    ? withWrites(table, (write) =>
        write.key.pk === "Feed" && write.key.sk === "Head" ? [withoutConditions(write, () => true)] : [write],
      )
    : table;

/** Events: what was told is not looked at when something is told. */
export const noToldFence: WithoutGuard = (table, process) =>
  tells(process)
    ? withWrites(table, (write) => (write.key.sk === "Told" ? [withoutConditions(write, () => true)] : [write]))
    : table;

/** Events: a stream that lost something is taken for one that did not. */
export const noCatchUp: WithoutGuard = (table, process) =>
  process.startsWith("catch-up") ? { ...table, query: async () => ({ items: [] }) } : table;
