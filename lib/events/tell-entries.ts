/** Tells entries from the table, where they are not what was told last. What was told is read first: an entry is never older than that. */
import { pausesOf } from "../provisioning/backoff.ts";
import { entryKey, toldKey } from "../provisioning/keys.ts";
import { TableError } from "../provisioning/ports.ts";
import { append, type Teller } from "./append.ts";
import { entryAgain, entryGone } from "./entry-telling.ts";
import { entrySubject } from "./event.ts";
import type { Telling } from "./telling.ts";
import { storedEntry } from "./tellings-of.ts";
import { toldOf } from "./told.ts";

export interface Named {
  readonly type: string;
  readonly id: string;
}

/** The stream tells the same ones meanwhile. */
const patience = { firstMs: 20, mostMs: 500, times: 10, forMs: 5_000 };

/**
 * How many events it made. `until`: those that were applied later are left to the stream; in milliseconds since 1970.
 *
 * Errors: TableError; any, for an item that is not as we write it.
 */
export async function tellEntries(
  t: Teller,
  named: readonly Named[],
  until = Number.POSITIVE_INFINITY,
): Promise<number> {
  let events = 0;
  let left = named;
  for await (const _attempt of pausesOf(t, patience)) {
    const behind = (await entriesBehind(t, left)).filter(({ telling }) => telling.at <= until);
    if (behind.length === 0) return events;
    events += (
      await append(
        t,
        [...behind.values()].map(({ telling }) => telling),
      )
    ).events;
    left = behind.map(({ of }) => of);
  }
  throw new TableError("conflict", "entries are told by others at the same time");
}

interface EntryBehind {
  readonly of: Named;
  readonly telling: Telling;
}

/** Those whose entry is not what was told last; `telling.at` says since when. Errors: as above. */
export async function entriesBehind(t: Teller, named: readonly Named[]): Promise<EntryBehind[]> {
  const marks = await t.table.batchGet(named.map(({ type, id }) => toldKey(entrySubject(type, id))));
  const items = await t.table.batchGet(named.map(({ type, id }) => entryKey(type, id)));
  return named.flatMap((of, n) => {
    const [mark, item] = [marks[n], items[n]];
    const told = mark && toldOf(mark.attributes);
    const telling =
      item === undefined
        ? told && entryGone(told, of, t.tenant)
        : entryAgain(t.tenant, told, storedEntry(of.type, of.id, item.attributes));
    return telling?.say(told, {}) === undefined ? [] : [{ of, telling }];
  });
}
