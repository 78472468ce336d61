/** A store in which very many changes wait, quickly. */
import type { DatabaseSync } from "node:sqlite";
import { acceptedKey, waitKey, type WaitKind } from "../../lib/provisioning/keys.ts";

export interface ManyPending {
  /** Of a user whose creation waits for the worker. */
  readonly id: string;
  /** What its userName begins with. */
  readonly name: string;
  readonly times: number;
  /** As if each pointer had been sent, too. */
  readonly messages: boolean;
  /** Told now and then. */
  readonly progress?: (done: number) => void;
}

const perTransaction = 50_000;

/** All items of a user who waits, as the code wrote them, for so many more. */
export function multiplyPending(db: DatabaseSync, { id, name, times, messages, progress }: ManyPending): void {
  const rows = db
    .prepare("SELECT tbl, pk, sk, attributes, wait_at FROM item WHERE instr(pk || sk || attributes, ?) > 0")
    .all(id);
  const put = db.prepare("INSERT INTO item (tbl, pk, sk, attributes, wait_key, wait_at) VALUES (?, ?, ?, ?, ?, ?)");
  const send = db.prepare(
    "INSERT INTO message (queue, body, sent_at, visible_at) SELECT queue, replace(body, ?, ?), sent_at, visible_at FROM message WHERE body LIKE ? LIMIT 1",
  );
  for (let from = 0; from < times; from += perTransaction) {
    db.exec("BEGIN");
    for (let n = from; n < Math.min(times, from + perTransaction); n += 1) {
      const other = idOf(n);
      const renamed = (text: unknown) => String(text).replaceAll(id, other).replaceAll(name, `user${n}`);
      for (const { tbl, pk, sk, attributes, wait_at: waitAt } of rows) {
        const shard = String(pk).replace(/^User#.$/, `User#${other.slice(0, 1)}`);
        const key = keyLike(String(attributes), other);
        const whole = renamed(attributes).replace(/"waitKey":"[^"]+"/, `"waitKey":"${key}"`);
        put.run(String(tbl), renamed(shard), renamed(sk), whole, key, waitAt ?? null);
      }
      if (messages) send.run(id, other, `%${id}%`);
    }
    db.exec("COMMIT");
    progress?.(Math.min(times, from + perTransaction));
  }
}

/** The key of the index that the same item of another has. */
function keyLike(attributes: string, id: string): string | null {
  const kind = /"waitKey":"(\w+)#\d+"/.exec(attributes)?.[1];
  if (kind === undefined) return null;
  return kind === "accepted" ? acceptedKey(id) : waitKey((kind === "leaver" ? "leaver" : "due") satisfies WaitKind, id);
}

/** Spread over all shards. */
function idOf(n: number): string {
  const head = ((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, "0");
  return `${head}-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
}
