/** The simulation's store without faults and with a clock that the test moves: for rules that need time or a limit. */
import { apply, type Outcome, type Worker } from "../../lib/provisioning/apply.ts";
import type { LaneName, Pointer } from "../../lib/provisioning/ports.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { MemoryLane } from "./memory-lane.ts";
import { MemoryStore } from "./memory-table.ts";
import type { WithoutGuard } from "./simulate.ts";
import { simulatedTenant } from "./tenant.ts";
import { type Process, World } from "./world.ts";

const noFaults = { crash: 0, lostAnswer: 0, throttle: 0, conflict: 0, lostSend: 0, duplicate: 0 };

export class CalmWorld {
  readonly world = new World(1, noFaults);
  readonly store = new MemoryStore(this.world, { decided: () => () => {} });
  readonly lanes: Record<LaneName, MemoryLane> = {
    leavers: new MemoryLane("leavers", this.world),
    changes: new MemoryLane("changes", this.world),
  };
  tenant: Tenant = simulatedTenant(false);
  /** Stands between the program and its table. */
  without: WithoutGuard = (table) => table;
  private ids = 0;

  /** Runs one call to its end. */
  async run<T>(call: (worker: Worker) => Promise<T>, stepMembers = 30): Promise<T> {
    const state = { ended: false };
    const result = new Promise<T>((resolve, reject) => {
      this.world.spawn("test", async (process) => {
        await call({ ...this.worker(process), stepMembers }).then(resolve, reject);
        state.ended = true;
      });
    });
    // Who asks hears of an error at the end, not in the middle of a step.
    result.catch(() => {});
    // A call may wait for another one that a test runs in the middle of it.
    while (!state.ended) if (!(await this.world.step())) await new Promise((resolve) => void setImmediate(resolve));
    return await result;
  }

  private worker(process: Process): Worker {
    return {
      table: this.without(this.store.tableFor(process), process.name),
      lanes: { leavers: this.lanes.leavers.laneFor(process), changes: this.lanes.changes.laneFor(process) },
      clock: { now: () => this.world.time, sleep: async (ms) => await this.world.turn(process, this.world.time + ms) },
      chance: { random: () => this.world.random.next(), uuid: () => this.uuid() },
      tenant: this.tenant,
      workerId: "test",
    };
  }

  /** Applies whatever a lane holds and is visible. */
  async work(): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const name of ["leavers", "changes"] as const) {
      for (let message = this.lanes[name].receive(); message !== undefined; message = this.lanes[name].receive()) {
        outcomes.push(await this.apply(name, message.pointer));
      }
    }
    return outcomes;
  }

  async apply(lane: LaneName, pointer: Pointer): Promise<Outcome> {
    return await this.run((worker) => apply(worker, lane, pointer));
  }

  later(ms: number): void {
    this.world.time += ms;
  }

  private uuid(): string {
    this.ids += 1;
    const digits = this.ids.toString(16).padStart(12, "0");
    return `${digits.slice(-1)}0000000-0000-4000-8000-${digits}`;
  }
}

export const asked = (requestId: string) => ({ caller: { requestId, tokenId: "t" } });
