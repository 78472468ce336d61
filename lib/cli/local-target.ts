/** The embedded data as a target. `npm start` may be running on the same file. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "../local/database.ts";
import { localEvents } from "../local/sinks.ts";
import { sqliteDeadLetters, sqliteLane } from "../local/sqlite-lane.ts";
import { groupedTable } from "../local/grouped-table.ts";
import { type LoopbackWebhooks, loopbackWebhooks } from "../outbound/loopback-post.ts";
import type { LaneName } from "../provisioning/ports.ts";
import { systemChance, systemClock } from "../system.ts";
import type { LoadedTenant } from "../tenant-folder.ts";
import { type Settings, UsageError } from "./io.ts";
import type { Target } from "./target.ts";

/** Errors: UsageError when there is no such data, or for what ROLLCALL_WEBHOOKS has; openDatabase's. */
export function openLocal(settings: Pick<Settings, "dataDir" | "webhooks" | "clock">, loaded: LoadedTenant): Target {
  const { dataDir: folder, webhooks, clock = systemClock } = settings;
  const { tenant } = loaded;
  // A typo in ROLLCALL_DATA must not make an empty store that has nothing to say.
  if (!existsSync(join(folder, `${tenant.name}.sqlite`))) {
    throw new UsageError(
      `There is no embedded data of tenant "${tenant.name}" in ${folder}: \`npm start\` makes it, ROLLCALL_DATA and ROLLCALL_TENANT say where it is.`,
    );
  }
  const db = openDatabase({ folder, tenant: tenant.name });
  const lane = (name: LaneName) => ({ db, name, clock });
  // What a command writes is told by the server, which looks now and then.
  const table = groupedTable(db, { streams: tenant.events !== undefined });
  return {
    loaded,
    operations: {
      table,
      lanes: { leavers: sqliteLane(lane("leavers")), changes: sqliteLane(lane("changes")) },
      deadLetters: { leavers: sqliteDeadLetters(lane("leavers")), changes: sqliteDeadLetters(lane("changes")) },
      clock,
      chance: systemChance,
      tenant,
      ...(tenant.events && { events: localEvents(db, { table, clock, tenant }, webhooksOf(webhooks)) }),
    },
    close: () => db.close(),
  };
}

function webhooksOf(text: string | undefined): LoopbackWebhooks {
  try {
    return text === undefined ? {} : loopbackWebhooks("ROLLCALL_WEBHOOKS", text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
