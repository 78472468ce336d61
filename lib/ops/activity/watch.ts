/** Activity as it comes: each row once, oldest first, with the status that it has when it is seen. */
import { aborted } from "../aborted.ts";
import { type ActivityOptions, type Store, tokensOf, walkOptions } from "./activity.ts";
import { described } from "./described.ts";
import { walk } from "./lists.ts";
import { merged, nameOfRefusal, type Pointed } from "./merged.ts";
import type { ActivityRow } from "./row.ts";

const everyMs = 2_000;
const pageSize = 25;
const describedAtOnce = 100;
/** The index is behind by a moment, and so may be the clock of one function: what comes late is looked for that long. */
const lateMs = 10_000;

/** Since then, and until `signal` is aborted. Five small reads every two seconds, and what is new. Errors: TableError. */
export async function* watchActivity(
  o: Store,
  { since, signal, ...wanted }: Pick<ActivityOptions, "kinds" | "who"> & { since: number; signal: AbortSignal },
): AsyncGenerator<ActivityRow> {
  const told = new Map<string, number>();
  const stopped = aborted(signal);
  let from = since;
  for (;;) {
    const fresh: Pointed[] = [];
    const { lists } = await walk(o, walkOptions(o, { ...wanted, since: from }, undefined, pageSize));
    for await (const pointed of merged(lists)) if (!told.has(nameOf(pointed))) fresh.push(pointed);
    const tokens = fresh.length === 0 ? new Map() : await tokensOf(o);
    fresh.reverse();
    for (let n = 0; n < fresh.length; n += describedAtOnce) {
      const part = fresh.slice(n, n + describedAtOnce);
      for (const row of await described(o.table, part, wanted, tokens)) if (row !== undefined) yield row;
    }
    for (const pointed of fresh) told.set(nameOf(pointed), pointed.at);
    from = Math.max(from, (fresh.at(-1)?.at ?? 0) - lateMs);
    for (const [name, at] of told) if (at < from) told.delete(name);
    if (signal.aborted) return;
    await Promise.race([o.clock.sleep(everyMs), stopped]);
  }
}

function nameOf(pointed: Pointed): string {
  if ("refusal" in pointed) return nameOfRefusal(pointed.refusal);
  return `${pointed.change.id}.${pointed.change.version}`;
}
