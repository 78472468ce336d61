import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DatabaseSync } from "node:sqlite";
import { purgeExpired } from "../../lib/local/purge.ts";
import { sqliteDeadLetters, sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import type { Key } from "../../lib/provisioning/ports.ts";
import { manualClock, temporaryDatabase } from "./temporary-database.ts";

describe("purge", () => {
  const key = (sk: string): Key => ({ table: "scim", pk: "Sighting#a", sk });
  let db: DatabaseSync;
  let close: () => void;
  beforeEach(() => {
    ({ db, close } = temporaryDatabase());
  });
  afterEach(() => close());

  test("takes away items whose `expires` has come, and no others", async () => {
    const table = sqliteTable(db);
    await table.write({ kind: "put", key: key("gone"), attributes: { expires: 1000 } });
    await table.write({ kind: "put", key: key("later"), attributes: { expires: 1001 } });
    await table.write({ kind: "put", key: key("never"), attributes: { at: 1 } });
    await table.write({ kind: "put", key: key("kept after all"), attributes: { expires: 1000 } });
    await table.write({ kind: "update", key: key("kept after all"), remove: ["expires"] });
    purgeExpired(db, 1000);
    const { items } = await table.query({ table: "scim", pk: key("").pk });
    expect(items.map((item) => item.sk)).toEqual(["kept after all", "later", "never"]);
  });

  // Trap 9: a TTL deletes late, so a reader has to look at `expires` itself.
  test("until then, an expired item is there", async () => {
    await sqliteTable(db).write({ kind: "put", key: key("old"), attributes: { expires: 1 } });
    expect(await sqliteTable(db).get(key("old"))).toBeDefined();
  });

  test("takes away dead letters fourteen days after their first send", async () => {
    const options = { db, name: "changes", clock: manualClock() } as const;
    await sqliteLane(options).bury({ type: "User", id: "a", version: 1 }, "mapping-required");
    await options.clock.sleep(14 * 86_400_000);
    purgeExpired(db, options.clock.now() / 1000);
    expect(await sqliteDeadLetters(options).depth()).toBe(1);
    await options.clock.sleep(1000);
    purgeExpired(db, options.clock.now() / 1000);
    expect(await sqliteDeadLetters(options).depth()).toBe(0);
  });
});
