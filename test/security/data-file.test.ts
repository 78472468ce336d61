/** The file of the embedded mode holds people and the hashes of tokens: it is for the user who started it alone. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDatabase } from "../../lib/local/database.ts";
import { temporaryFolder } from "../local/temporary-database.ts";

const rights = (path: string) => (statSync(path).mode & 0o777).toString(8);

test("a new data folder and its files cannot be read by other users of the machine, whatever the umask", () => {
  const { path, remove } = temporaryFolder();
  const before = process.umask(0);
  try {
    const folder = join(path, "data");
    const db = openDatabase({ folder, tenant: "acme" });
    const files = readdirSync(folder);
    expect(files).toEqual(expect.arrayContaining(["acme.sqlite", "acme.sqlite-wal"]));
    expect([rights(folder), ...files.map((file) => rights(join(folder, file)))]).toEqual([
      "700",
      ...files.map(() => "600"),
    ]);
    db.close();
  } finally {
    process.umask(before);
    remove();
  }
});
