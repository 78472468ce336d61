/** A large store, quickly. */
import type { DatabaseSync } from "node:sqlite";

/** All items of one user, as the code wrote them, for so many more. `name`: what its userName begins with. */
export function multiply(db: DatabaseSync, { id, name, times }: { id: string; name: string; times: number }): void {
  const rows = db
    .prepare("SELECT tbl, pk, sk, attributes FROM item WHERE instr(pk || sk || attributes, ?) > 0")
    .all(id);
  const insert = db.prepare("INSERT INTO item (tbl, pk, sk, attributes) VALUES (?, ?, ?, ?)");
  db.exec("BEGIN");
  for (let n = 0; n < times; n += 1) {
    const other = `${((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, "0")}-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
    const renamed = (text: unknown) => String(text).replaceAll(id, other).replaceAll(name, `user${n}`);
    for (const { tbl, pk, sk, attributes } of rows) {
      const shard = String(pk).replace(/^User#.$/, `User#${other.slice(0, 1)}`);
      insert.run(String(tbl), renamed(shard), renamed(sk), renamed(attributes));
    }
  }
  db.exec("COMMIT");
}
