/** Whether the stream lost something: a change that the directory has had for as long as a stream keeps anything, and that nobody was told of. */
import { loggedChange } from "../provisioning/change.ts";
import { acceptedKeys, logKey, loggedId, stepKey, toldKey } from "../provisioning/keys.ts";
import { type Table, TableError, type Waiting } from "../provisioning/ports.ts";
import { groupType } from "../scim/resource-type.ts";
import type { Teller } from "./append.ts";
import { membersSubject } from "./event.ts";
import { entriesBehind, type Named } from "./tell-entries.ts";
import { toldOf, toldUpTo } from "./told.ts";

/** A stream loses a stretch of time and not a single change, so the newest of the window do, under each key of the index. */
const rowsMost = 250;

interface Window {
  /** Milliseconds since 1970; exclusive. */
  readonly from: number;
  readonly to: number;
}

/** An item that cannot be read counts as lost: the walk finds and notes it. Errors: TableError. */
export async function isLost(t: Teller, window: Window): Promise<boolean> {
  try {
    return await isAnyLost(t, window);
  } catch (error) {
    if (error instanceof TableError && error.kind !== "newer") throw error;
    return true;
  }
}

async function isAnyLost(t: Teller, { from, to }: Window): Promise<boolean> {
  const lists = await Promise.all(
    acceptedKeys.map(async (key) => await t.table.waiting(key, { before: to, descending: true, limit: rowsMost })),
  );
  const named = await resourcesOf(
    t.table,
    lists.flat().filter(({ waitAt }) => waitAt > from),
  );
  if (named.length === 0) return false;
  if ((await entriesBehind(t, named)).some(({ telling }) => telling.at <= to)) return true;
  return await areStepsLost(t, named, to);
}

/** The index has ids; of which type they are stands in the log. */
async function resourcesOf(table: Table, rows: readonly Waiting[]): Promise<Named[]> {
  const items = await table.batchGet(rows.map(({ pk, sk }) => logKey(loggedId(pk), Number(sk))));
  const named = new Map<string, Named>();
  for (const item of items) {
    if (item === undefined) continue;
    const { id, type } = loggedChange(item);
    if (type !== undefined) named.set(id, { type, id });
  }
  return [...named.values()];
}

async function areStepsLost(t: Teller, named: readonly Named[], to: number): Promise<boolean> {
  const groups = named.filter(({ type }) => type === groupType.id);
  const marks = await t.table.batchGet(groups.map(({ id }) => toldKey(membersSubject(id))));
  const steps = await t.table.batchGet(groups.map(({ id }) => stepKey(id)));
  return steps.some((step, n) => {
    const [at, mark] = [Number(step?.attributes["at"] ?? 0), marks[n]];
    return at !== 0 && at <= to && (mark === undefined || toldUpTo(toldOf(mark.attributes)) < at);
  });
}
