/** A database in a temporary folder, and a clock that a test moves. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../../lib/local/database.ts";
import type { Clock } from "../../lib/provisioning/ports.ts";

export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => void;
}

export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "rollcall-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** `close` also removes the file. */
export function temporaryDatabase(): { readonly db: DatabaseSync; readonly close: () => void } {
  const folder = temporaryFolder();
  const db = openDatabase({ folder: folder.path, tenant: "acme" });
  return {
    db,
    close: () => {
      db.close();
      folder.remove();
    },
  };
}

/** Time passes only while somebody sleeps, and then at once. */
export function manualClock(startMs = Date.UTC(2026, 0, 1)): Clock {
  let now = startMs;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}
