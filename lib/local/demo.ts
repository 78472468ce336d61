/**
 * The demonstration: the embedded mode with a small company whose identity provider is played, seven planted faults included.
 * Its last day is played in a few seconds, on a clock that is moved on; then it is now, and life goes on.
 */
import { createSweeperHandler } from "../handlers/sweeper.ts";
import { quietTelemetry, type Telemetry } from "../handlers/telemetry.ts";
import { company } from "../ops/simulate/company.ts";
import { type DailyLife, dailyLife } from "../ops/simulate/daily-life.ts";
import { entra } from "../ops/simulate/entra.ts";
import { firstCycle } from "../ops/simulate/first-cycle.ts";
import { type PlantedFault, plantFaults } from "../ops/simulate/plant-faults.ts";
import { scimClient, type ScimClient } from "../ops/simulate/scim-client.ts";
import { newTally } from "../ops/simulate/tally.ts";
import { createToken } from "../ops/tokens.ts";
import type { Clock } from "../provisioning/ports.ts";
import type { Tenant } from "../provisioning/tenant.ts";
import { waitingRows } from "../provisioning/waiting-rows.ts";
import { systemClock } from "../system.ts";
import { serve, type Served } from "./serve.ts";

export interface Demo extends Served {
  /** What somebody complains about. */
  readonly faults: readonly PlantedFault[];
  /** Somebody joins, moves or leaves every few seconds, until `close`. */
  goOn(): void;
}

export interface DemoOptions {
  readonly dataDir: string;
  readonly tenant: Tenant;
  /** The same number: the same people. */
  readonly seed: number;
}

const [users, groups] = [60, 8];
const hour = 3_600_000;
const hoursOfHistory = 26;
/** The faults are of this morning, and not all at once with the rest. */
const faultsBefore = 2;
const eventEveryMs = 4_000;
const patienceMs = 10_000;

/** Errors: StartError, and openDatabase's: one sentence each. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { tenant, seed } = options;
  const telemetry = faultsAlone(tenant.name);
  const late = lateClock(hoursOfHistory * hour);
  const served = await serve({ ...options, host: "127.0.0.1", port: 0, clock: late.clock, telemetry });
  const { operations, baseUrl } = served;
  const { clock } = operations;
  const { token } = await createToken(operations, { label: "Entra production", idp: "entra", expiresInDays: 180 });
  const client = scimClient({ baseUrl, token, clock, tally: newTally(), patienceMs });
  const sent = await firstCycle({ company: company({ users, groups, seed }), dialect: entra, client, concurrency: 4 });
  const life = dailyLife({ client, sent, seed, clock });
  const sweep = createSweeperHandler({ provisioning: operations, telemetry });
  let faults: readonly PlantedFault[] = [];
  for (let left = hoursOfHistory; left > 0; left -= 1) {
    if (left === faultsBefore) faults = (await plantFaults({ baseUrl, token, operations })).faults;
    await playHour(client, life, left);
    await applied(served);
    late.pass(hour);
    await sweep();
  }
  return { ...served, faults, ...goingOn(served, life) };
}

/** What is planted is not to be read on the terminal. */
function faultsAlone(tenant: string): Telemetry {
  const { logger, ...rest } = quietTelemetry({ tenant });
  const silent = (): void => {};
  return { ...rest, logger: { info: silent, warn: silent, error: logger.error.bind(logger) } };
}

/** A cycle looks whether we are there, and brings what there is: most by day. */
async function playHour(client: ScimClient, life: DailyLife, left: number): Promise<void> {
  for (const request of entra.connection) await client.send(request);
  for (let n = left % 5; n > 0; n -= 1) await life.next();
}

function goingOn(served: Served, life: DailyLife): Pick<Demo, "goOn" | "close"> {
  const stop = new AbortController();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (; !stop.signal.aborted; await pause(eventEveryMs, stop.signal)) await life.next();
  };
  return {
    goOn: () => {
      running ??= run();
    },
    close: async () => {
      stop.abort();
      await running;
      await served.close();
    },
  };
}

/** Time passes when nothing is under way: nobody has waited an hour for being applied. */
async function applied({ operations }: Served): Promise<void> {
  const deadline = systemClock.now() + patienceMs;
  while (systemClock.now() < deadline) {
    if ((await waitingRows(operations, ["leaver", "due"], 1)).rows.length === 0) return;
    await systemClock.sleep(5);
  }
}

/** Behind that of this machine, until so much time has passed. */
function lateClock(behindMs: number): { readonly clock: Clock; pass(ms: number): void } {
  let behind = behindMs;
  return {
    clock: { now: () => systemClock.now() - behind, sleep: async (ms: number) => await systemClock.sleep(ms) },
    pass: (ms) => {
      behind = Math.max(0, behind - ms);
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
