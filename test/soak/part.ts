/** One process of the soak, as one Lambda environment: the api behind a gateway, or a worker with its sweep. */
import { createApiHandler } from "../../lib/handlers/api.ts";
import { nameOfQueue } from "../../lib/handlers/name-of-queue.ts";
import { createSweeperHandler } from "../../lib/handlers/sweeper.ts";
import { createWorkerHandler } from "../../lib/handlers/worker.ts";
import { openDatabase } from "../../lib/local/database.ts";
import { gateway } from "../../lib/local/gateway.ts";
import { listen } from "../../lib/local/listen.ts";
import { purgeExpired } from "../../lib/local/purge.ts";
import { repeat } from "../../lib/local/repeat.ts";
import { sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { workerLoop } from "../../lib/local/worker-loop.ts";
import { laneNames } from "../../lib/ops/operations.ts";
import type { Lane, LaneName } from "../../lib/provisioning/ports.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";
import { systemChance } from "../../lib/system.ts";
import { silence } from "../local/served.ts";
import { type Chances, faultsOf } from "./faults.ts";
import { type Pace, quickClock } from "./quick-clock.ts";
import { soakTenant } from "./tenant.ts";

export interface PartOptions {
  readonly role: "api" | "worker";
  readonly folder: string;
  /** Of the api; 0: any free one. */
  readonly port: number;
  readonly seed: number;
  readonly chances: Chances;
  readonly pace: Pace;
}

/** What a part tells the soak; `port` is that of the api. */
export interface PartSays {
  readonly port?: number;
  readonly faults: number;
}

const minute = 60_000;
const hour = 60 * minute;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fleet.ts writes it
const options = JSON.parse(process.argv[2] ?? "") as PartOptions;
const { role, folder, pace } = options;
const db = openDatabase({ folder, tenant: soakTenant.name });
const clock = quickClock(pace);
const faults = faultsOf(options.chances, options.seed);
const lane = (name: LaneName): Lane => faults.lane(sqliteLane({ db, name, clock }));
const provisioning: Provisioning = {
  table: faults.table(sqliteTable(db)),
  lanes: { leavers: lane("leavers"), changes: lane("changes") },
  clock,
  chance: systemChance,
  tenant: soakTenant,
};

// Whoever started it is gone.
process.on("disconnect", () => process.exit());
const tell = (says: Omit<PartSays, "faults">) => process.send?.({ ...says, faults: faults.taken() });
setInterval(() => tell({}), 500);
if (role === "api") await serve();
else work();

async function serve(): Promise<void> {
  const server = gateway(createApiHandler({ provisioning, telemetry: silence }));
  tell({ port: await listen(server, "127.0.0.1", options.port) });
}

function work(): void {
  const laneOf = nameOfQueue({ leavers: "leavers", changes: "changes" });
  for (const name of laneNames) {
    // Small steps: every walk has many, and workers meet in them.
    const worker = { ...provisioning, workerId: systemChance.uuid(), stepMembers: 3 };
    workerLoop({ db, name, clock }, createWorkerHandler({ worker, laneOf, telemetry: silence }));
  }
  repeat(createSweeperHandler({ provisioning, telemetry: silence }), minute / pace.speed);
  repeat(async () => purgeExpired(db, Math.floor(clock.now() / 1000)), hour / pace.speed);
  tell({});
}
