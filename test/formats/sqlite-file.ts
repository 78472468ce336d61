/** The embedded file of a release, made as that release made it, and opened by this one. */
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { openDatabase } from "../../lib/local/database.ts";
import { temporaryFolder } from "../local/temporary-database.ts";
import type { Fixture } from "./fixture.ts";

export function openedFile(fixture: Fixture, what: "all" | "messages"): { db: DatabaseSync; close: () => void } {
  const folder = temporaryFolder();
  const old = new DatabaseSync(join(folder.path, "formats.sqlite"));
  for (const sql of fixture.schema) old.exec(sql);
  old.exec(`PRAGMA user_version = ${fixture.userVersion}; BEGIN`);
  const item = old.prepare(
    "INSERT INTO item (tbl, pk, sk, attributes, wait_key, wait_at, expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  for (const { table, pk, sk, attributes } of what === "all" ? fixture.items : []) {
    const [waitKey, waitAt, expires] = ["waitKey", "waitAt", "expires"].map((name) => attributes[name]);
    const text = typeof waitKey === "string" ? waitKey : null;
    const numbers = [waitAt, expires].map((value) => (typeof value === "number" ? value : null));
    item.run(table, pk, sk, JSON.stringify(attributes), text, ...numbers);
  }
  const message = old.prepare("INSERT INTO message (queue, body, reason, sent_at, visible_at) VALUES (?, ?, ?, ?, ?)");
  for (const { queue, body, reason = null, sentAt } of fixture.messages)
    message.run(queue, body, reason, sentAt, sentAt);
  old.exec("COMMIT");
  old.close();
  const db = openDatabase({ folder: folder.path, tenant: "formats" });
  return {
    db,
    close: () => {
      db.close();
      folder.remove();
    },
  };
}
