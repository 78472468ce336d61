/**
 * One run of a mass deactivation under faults: clients, workers, sweeps and, in the middle of it, an operator who decides. One
 * seed is the whole run.
 */
import { apply } from "../../lib/provisioning/apply.ts";
import { noteAllow } from "../../lib/provisioning/brake-decision.ts";
import { laneOfHead, readHead } from "../../lib/provisioning/head.ts";
import { leaversPartition, waitKeys } from "../../lib/provisioning/keys.ts";
import { type LaneName, LaneError, TableError } from "../../lib/provisioning/ports.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";
import { createResource, deleteResource, patchResource } from "../../lib/provisioning/write-resource.ts";
import { ScimError } from "../../lib/scim/error.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import { MemoryLane } from "./memory-lane.ts";
import { MemoryStore } from "./memory-table.ts";
import type { WithoutGuard } from "./simulate.ts";
import { simulatedTenant } from "./tenant.ts";
import { type Process, World } from "./world.ts";
import { sweepOnce } from "./sweep-job.ts";

const faults = { crash: 0.004, lostAnswer: 0.006, throttle: 0.004, conflict: 0.02, lostSend: 0.1, duplicate: 0.15 };
const people = 14;
/** Workers at the same time. */
export const workers = 3;
export const threshold = 4;
/** So many may leave before an operator allows it. */
export const bound = threshold + workers - 1;

export interface BrakeRun {
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  /** How many had left when the operator decided; and whether anybody was held by then. */
  readonly left: number;
  readonly held: number;
}

export async function simulateBrake(seed: number, without: WithoutGuard = (table) => table): Promise<BrakeRun> {
  const run = new Run(seed, without);
  await run.employ();
  await run.busy(400);
  await run.untilStill();
  const { left, held } = run.leftAndHeld();
  // The guard of those who are under way is at stake while the operator decides.
  await run.leaveAgain();
  await run.operator();
  await run.busy(200);
  await run.untilStill();
  await run.check();
  return { violations: run.violations, trace: run.world.trace, left, held };
}

class Run {
  readonly world: World;
  readonly violations: string[] = [];
  private readonly store: MemoryStore;
  private readonly lanes: Record<LaneName, MemoryLane>;
  private readonly without: WithoutGuard;
  private readonly tenant = {
    ...simulatedTenant(false),
    leavers: {
      limitMinutes: 5,
      brake: { windowMinutes: 1_440, people: threshold, percent: 100, action: "hold" as const },
    },
  };
  private readonly users: string[] = [];
  private allowed = false;
  private working = 0;
  private calling = 0;
  private sweeping = false;
  private requests = 0;

  constructor(seed: number, without: WithoutGuard) {
    this.world = new World(seed, faults);
    this.without = without;
    this.store = new MemoryStore(this.world, { decided: () => () => {} });
    this.lanes = { leavers: new MemoryLane("leavers", this.world), changes: new MemoryLane("changes", this.world) };
  }

  async employ(): Promise<void> {
    this.world.calm = true;
    for (let n = 0; n < people; n += 1) {
      this.call("create", async (p) => {
        const options = { caller: { requestId: `create${n}`, tokenId: "t" } };
        this.users.push((await createResource(p, userType, { userName: `u${n}` }, options)).state.id);
      });
    }
    await this.untilStill();
    this.world.calm = false;
  }

  async busy(steps: number): Promise<void> {
    const { random } = this.world;
    this.world.calm = false;
    for (let n = 0; n < steps; n += 1) {
      const roll = random.next();
      if (roll < 0.06 && this.calling < 5) this.someCall();
      else if (roll < 0.3) this.startWorker();
      else if (roll < 0.304) this.startSweep();
      else await this.world.step();
      this.watch();
    }
  }

  /** Nothing is under way, and nothing waits but what is parked. */
  async untilStill(): Promise<void> {
    this.world.calm = true;
    for (let round = 0; round < 200; round += 1) {
      for (let n = 0; n < 100_000 && (await this.world.step()); n += 1) this.watch();
      const waiting = Object.values(this.lanes).flatMap((lane) => lane.messages.map(({ visibleAt }) => visibleAt));
      if (waiting.length > 0) {
        this.world.time = Math.max(this.world.time, Math.min(...waiting));
        for (let n = 0; n < workers; n += 1) this.startWorker();
      } else {
        if (![...this.store.all("scim")].some((item) => /^(due|leaver)#/.test(String(item.attributes["waitKey"]))))
          return;
        this.world.time += 60_000;
        this.startSweep();
      }
    }
    this.violations.push("it does not come to rest");
  }

  leftAndHeld(): { left: number; held: number } {
    const items = [...this.store.all("scim")];
    return {
      left: items.filter(({ pk }) => pk === leaversPartition).length,
      held: items.filter(({ attributes }) => attributes["reason"] === "brake-held").length,
    };
  }

  /** Some who are still there, so that workers are under way when the operator decides. */
  async leaveAgain(): Promise<void> {
    for (const id of this.users.slice(0, 4)) this.leave(id);
    await this.busy(40);
  }

  /** What `rollcall brake allow` does: the decision, and the pointers of whoever is parked by then. */
  async operator(): Promise<void> {
    const state = { ended: false };
    this.world.spawn(
      "operator",
      async (process) => {
        const p = this.provisioning(process);
        const calm = this.world.calm;
        await insistently(async () => await noteAllow(p.table, p.tenant.leavers.brake, p.clock.now()));
        this.allowed = true;
        for (const key of waitKeys("parked")) {
          const rows = await insistently(async () => await p.table.waiting(key, { limit: 100 }));
          for (const { sk: id } of rows) {
            const head = await insistently(async () => await readHead(p.table, "User", id));
            if (head === undefined) continue;
            const { version } = head;
            this.lanes[laneOfHead(head)].messages.push({
              pointer: { type: "User", id, version },
              visibleAt: this.world.time,
              received: 0,
            });
          }
        }
        this.world.calm = calm;
        state.ended = true;
      },
      undefined,
      false,
    );
    for (let n = 0; n < 5_000 && !state.ended; n += 1) {
      if (this.world.random.chance(0.2)) this.startWorker();
      else await this.world.step();
    }
    if (!state.ended) this.violations.push("the operator does not come to an end");
  }

  /** After `allow`, what the identity provider said is what the directory has. */
  async check(): Promise<void> {
    for (const id of this.users) {
      const head = this.store.peek({ table: "scim", pk: `User#${id.slice(0, 1)}`, sk: id })?.attributes ?? {};
      const entry = this.store.peek({ table: "directory", pk: `User#${id}`, sk: "Entry" })?.attributes ?? {};
      const resource = JSON.parse(String(head["resource"] ?? "{}")) as { active?: boolean };
      const wants = head["state"] === "deleted" ? "removed" : resource.active === false ? "suspended" : "active";
      if (entry["state"] !== wants) this.violations.push(`${id} is ${String(entry["state"])}, said was ${wants}`);
      if (head["waitKey"] !== undefined) this.violations.push(`${id} still waits: ${JSON.stringify(head)}`);
    }
    for (const error of this.world.errors) this.violations.push(`unexpected: ${String((error as Error).stack)}`);
  }

  private watch(): void {
    if (this.allowed) return;
    const { left } = this.leftAndHeld();
    if (left > bound) this.violations.push(`${left} have left before anybody allowed it`);
  }

  private provisioning(process: Process): Provisioning {
    const { world } = this;
    return {
      table: this.without(this.store.tableFor(process), process.name),
      lanes: { leavers: this.lanes.leavers.laneFor(process), changes: this.lanes.changes.laneFor(process) },
      clock: { now: () => world.time, sleep: async (ms) => await world.turn(process, world.time + ms) },
      chance: { random: () => world.random.next(), uuid: () => uuidFrom(() => world.random.int(16)) },
      tenant: this.tenant,
    };
  }

  private startWorker(): void {
    if (this.working >= workers) return;
    const name = this.world.random.pick(["leavers", "changes"] as const);
    const lane = this.lanes[name];
    const message = lane.receive();
    if (message === undefined) return;
    this.working += 1;
    this.world.spawn(
      `worker ${message.pointer.id.slice(0, 4)}`,
      async (process) => {
        try {
          const worker = { ...this.provisioning(process), workerId: process.name };
          const outcome = await apply(worker, name, message.pointer);
          if (outcome.kind === "later" && outcome.code === "internal") throw outcome.error;
        } catch (error) {
          if (!(error instanceof TableError || error instanceof LaneError)) throw error;
          lane.comesBack(message);
        }
      },
      (crashed) => {
        this.working -= 1;
        if (crashed) lane.comesBack(message);
      },
    );
  }

  private startSweep(): void {
    if (this.sweeping) return;
    this.sweeping = true;
    const run = async (process: Process) => await sweepOnce(this.provisioning(process));
    this.world.spawn("sweep", run, () => {
      this.sweeping = false;
    });
  }

  private someCall(): void {
    const { random } = this.world;
    const id = random.pick(this.users);
    const roll = random.next();
    if (roll < 0.7) this.leave(id);
    else if (roll < 0.85) this.say(id, { active: true });
    else if (roll < 0.95) this.say(id, { title: `t${this.requests}` });
    else
      this.call("delete", async (p) => {
        await deleteResource(p, userType, id, this.options());
      });
  }

  private leave(id: string): void {
    this.say(id, { active: false });
  }

  private say(id: string, value: object): void {
    this.call("patch", async (p) => {
      await patchResource(p, userType, id, { Operations: [{ op: "replace", value }] }, this.options());
    });
  }

  private options(): { caller: { requestId: string; tokenId: string } } {
    this.requests += 1;
    return { caller: { requestId: `r${this.requests}`, tokenId: "t" } };
  }

  private call(name: string, run: (p: Provisioning) => Promise<void>): void {
    this.calling += 1;
    this.world.spawn(
      name,
      async (process) => {
        try {
          await run(this.provisioning(process));
        } catch (error) {
          if (!(error instanceof TableError || error instanceof ScimError)) throw error;
        }
      },
      () => {
        this.calling -= 1;
      },
    );
  }
}

/** As a person at a terminal does. */
async function insistently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TableError) || attempt > 20) throw error;
    }
  }
}

function uuidFrom(digit: () => number): string {
  const hex = Array.from({ length: 32 }, () => digit().toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
