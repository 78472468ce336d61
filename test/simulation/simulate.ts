/**
 * One run: clients, workers, a sweeper and replays at random over the real provisioning code, until calls are used up; then
 * no more faults until the world is at rest; then the checks. One seed is the whole run.
 */
import { catchUp } from "../../lib/events/catch-up.ts";
import { publish, type Publisher } from "../../lib/events/publish.ts";
import { queueUp } from "../../lib/events/queue-up.ts";
import { apply } from "../../lib/provisioning/apply.ts";
import { decodeDelta } from "../../lib/provisioning/member-delta.ts";
import {
  type Check,
  type LaneName,
  LaneError,
  type Table,
  TableError,
  type Write,
} from "../../lib/provisioning/ports.ts";
import { askAgain } from "../../lib/provisioning/reapply.ts";
import { readHead } from "../../lib/provisioning/head.ts";
import { readResource } from "../../lib/provisioning/read-resource.ts";
import { search } from "../../lib/provisioning/search.ts";
import type { Provisioning, State } from "../../lib/provisioning/state.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import {
  createResource,
  deleteResource,
  patchResource,
  replaceResource,
  type Written,
} from "../../lib/provisioning/write-resource.ts";
import { ScimError } from "../../lib/scim/error.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { checkAtRest, checkMapping } from "./at-rest.ts";
import { checkEvents } from "./events-at-rest.ts";
import { MemoryLane } from "./memory-lane.ts";
import { MemorySinkQueue, MemoryStream } from "./memory-stream.ts";
import { questionAbout, searchMembers } from "./member-search.ts";
import { MemoryStore } from "./memory-table.ts";
import { type Operation, Oracle, type SimState, specApply, asText } from "./oracle.ts";
import { simulatedTenant } from "./tenant.ts";
import { type Faults, type Process, World } from "./world.ts";
import { sweepOnce } from "./sweep-job.ts";

export interface SimulationOptions {
  readonly calls?: number;
  readonly faults?: Partial<Faults>;
  /** One group, read and changed all the time: what a reader of a moving group may see. */
  readonly churn?: boolean;
  /** Deployments of other mappings, and an operator who has everything applied again, all the time and at the end. */
  readonly resync?: boolean;
  /** The tenant has role tables, and most calls are about groups. */
  readonly roles?: boolean;
  /** The groups of somebody are searched for, and now and then a minute passes in which no worker does anything. */
  readonly memberships?: boolean;
  /**
   * The directory's changes are told, by publishers that die and meet like everybody else. `lossy`: now and then the stream
   * loses all that was not told yet, and only catch-up brings it.
   */
  readonly events?: "stream" | "lossy";
  /** Takes a guard out of the program, by standing between a process and its table. */
  readonly without?: WithoutGuard;
}

/** `process` begins with what it is: "worker", "read", "sweep", "op", "publisher", "catch-up". */
export type WithoutGuard = (table: Table, process: string) => Table;

export interface SimulationResult {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  readonly accepted: number;
  /** As it is at rest. */
  readonly store: MemoryStore;
}

const usualFaults: Faults = {
  crash: 0.004,
  lostAnswer: 0.006,
  throttle: 0.004,
  conflict: 0.02,
  lostSend: 0.1,
  duplicate: 0.15,
};
const names = ["ann", "bob", "cy"];

export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const run = new Run(seed, options);
  await run.busy(options.calls ?? 40);
  if (run.oracle.violations.length === 0) await run.rest();
  if (run.oracle.violations.length === 0) checkAtRest(run.oracle, run.store, options);
  if (run.oracle.violations.length === 0 && options.events !== undefined) checkEvents(run.oracle, run.store, run.sink);
  const violations = [
    ...run.oracle.violations,
    ...run.world.errors.map((error) => `unexpected: ${String((error as Error).stack ?? error)}`),
  ];
  return { seed, violations, trace: run.world.trace, accepted: run.oracle.accepted.size, store: run.store };
}

class Run {
  readonly world: World;
  readonly oracle = new Oracle();
  readonly store: MemoryStore;
  readonly lanes: Record<LaneName, MemoryLane>;
  readonly stream: MemoryStream;
  readonly sink: MemorySinkQueue;
  private readonly publishing = new Map<number, number>();
  private catchingUp = false;
  private readonly options: SimulationOptions;
  private tenant: Tenant;
  private readonly users: string[] = [];
  private readonly groups: string[] = [];
  private readonly deletedAt = new Map<string, number>();
  private calls = 0;
  private running = 0;
  private sweeping = false;

  constructor(seed: number, options: SimulationOptions) {
    this.options = options;
    this.tenant = this.tenantOf(true);
    this.world = new World(seed, { ...usualFaults, ...options.faults });
    this.stream = new MemoryStream(this.world);
    this.sink = new MemorySinkQueue(this.world);
    this.store = new MemoryStore(this.world, {
      decided: (writes) => this.decided(writes),
      became: (table, change) => {
        if (table === "directory") this.stream.add(change);
      },
    });
    this.lanes = { leavers: new MemoryLane("leavers", this.world), changes: new MemoryLane("changes", this.world) };
  }

  private tenantOf(titleRequired: boolean, alias?: string): Tenant {
    const { roles = false, events } = this.options;
    return simulatedTenant(titleRequired, alias, { roles, events: events !== undefined });
  }

  // ---------------------------------------------------------------- the world's phases

  async busy(calls: number): Promise<void> {
    this.world.calm = true;
    for (const name of this.options.churn === true
      ? ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"]
      : ["m1", "m2", "m3", "m4"])
      this.client({ type: "createUser", userName: name, title: "x" }, undefined);
    while (this.running > 0) await this.world.step();
    this.world.calm = false;
    this.calls = 0;
    const { random } = this.world;
    for (let n = 0; n < 40_000 && (this.calls < calls || this.running > 0); n += 1) {
      const roll = random.next();
      if (this.calls < calls && this.running < 6 && roll < 0.15) this.startCall();
      else if (roll < 0.25 && this.world.processes.size < 10) this.startWorker();
      else if (roll < 0.254 && !this.sweeping) this.startSweep();
      else if (roll < 0.258) this.replay();
      else if (this.options.resync === true && roll < 0.27) this.deployAndResync();
      else if (this.options.memberships === true && roll < 0.28) this.aMinutePasses();
      else if (this.options.events !== undefined && roll < 0.3) this.startPublisher();
      else if (this.options.events === "lossy" && roll < 0.301) this.stream.loseAll();
      else if (this.options.events === "lossy" && roll < 0.303) this.startCatchUp();
      else await this.world.step();
      if (this.oracle.violations.length > 0) return;
    }
    if (this.running > 0) this.oracle.fail("calls do not end");
  }

  async rest(): Promise<void> {
    this.world.calm = true;
    this.tenant = this.tenantOf(false);
    await this.settle();
    if (this.options.resync === true && this.oracle.violations.length === 0) {
      for (const id of [...this.users, ...this.groups]) this.startResync(id);
      await this.settle();
      checkMapping(this.oracle, this.store, this.tenant.mapping.hash);
    }
    if (this.options.events !== undefined && this.oracle.violations.length === 0) await this.tellTheRest();
  }

  private async tellTheRest(): Promise<void> {
    const { events } = this.options;
    if (events === "lossy") this.stream.loseAll();
    for (let round = 0; round < 400; round += 1) {
      const isMore = this.stream.shardNumbers.some((shard) => this.stream.next(shard) !== undefined);
      if (!isMore && events === "lossy" && round % 2 === 1) break;
      if (!isMore && events === "stream") break;
      // So that a run of catch-up comes a day after the one before, which is why it walks.
      if (!isMore) this.world.time += 24 * 3_600_000;
      if (!isMore) this.startCatchUp();
      for (let n = 0; n < 4; n += 1) this.startPublisher();
      for (let n = 0; n < 100_000 && (await this.world.step()); n += 1);
    }
  }

  private async settle(): Promise<void> {
    for (let round = 0; round < 400; round += 1) {
      for (let n = 0; n < 100_000 && (await this.world.step()); n += 1);
      this.replay();
      const waiting = Object.values(this.lanes).flatMap((lane) => lane.messages.map((message) => message.visibleAt));
      if (waiting.length === 0) {
        if (![...this.store.all("scim")].some(({ attributes: a }) => isWaiting(a["waitKey"]))) return;
        this.world.time += 60_000;
        this.startSweep();
      } else {
        this.world.time = Math.max(this.world.time, Math.min(...waiting));
        for (let n = 0; n < 4; n += 1) this.startWorker();
      }
      if (this.oracle.violations.length > 0) return;
    }
    this.oracle.fail("it does not come to rest");
  }

  // ---------------------------------------------------------------- processes

  private provisioning(process: Process): Provisioning {
    const { world } = this;
    const table = this.store.tableFor(process);
    return {
      table: this.options.without?.(table, process.name) ?? table,
      lanes: { leavers: this.lanes.leavers.laneFor(process), changes: this.lanes.changes.laneFor(process) },
      clock: { now: () => world.time, sleep: async (ms) => await world.turn(process, world.time + ms) },
      chance: { random: () => world.random.next(), uuid: () => uuidFrom(() => world.random.int(16)) },
      tenant: this.tenant,
    };
  }

  private startWorker(): void {
    const name = this.world.random.pick(["leavers", "changes"] as const);
    const lane = this.lanes[name];
    const message = lane.receive();
    if (message === undefined) return;
    this.world.spawn(
      `worker ${message.pointer.id.slice(0, 4)}`,
      async (process) => {
        const worker = {
          ...this.provisioning(process),
          workerId: uuidFrom(() => this.world.random.int(16)),
          stepMembers: 2,
        };
        try {
          const outcome = await apply(worker, name, message.pointer);
          if (outcome.kind === "later" && outcome.code === "internal") throw outcome.error;
          this.world.note(`worker ${message.pointer.id.slice(0, 4)}: ${outcome.kind}`);
        } catch (error) {
          if (!(error instanceof TableError || error instanceof LaneError)) throw error;
          lane.comesBack(message);
        }
      },
      (crashed) => {
        if (crashed) lane.comesBack(message);
      },
    );
  }

  private startSweep(): void {
    this.sweeping = true;
    const run = async (process: Process) => await sweepOnce(this.provisioning(process));
    this.world.spawn("sweep", run, () => {
      this.sweeping = false;
    });
  }

  /** So that groups are at rest: what a worker has written is then visible, whoever else is in the middle of a call. */
  private aMinutePasses(): void {
    const works = [...this.world.processes].some(({ name }) => name.startsWith("worker"));
    if (!works && this.store.locks.size === 0) this.world.time += 61_000;
  }

  private deployAndResync(): void {
    const { random } = this.world;
    this.tenant = this.tenantOf(true, random.pick(["a", "b"] as const));
    const known = [...this.users, ...this.groups];
    if (known.length > 0) this.startResync(random.pick(known));
  }

  private startResync(id: string): void {
    const type = this.groups.includes(id) ? "Group" : "User";
    this.world.spawn(`resync ${id.slice(0, 4)}`, async (process) => {
      const p = this.provisioning(process);
      try {
        const head = await readHead(p.table, type, id);
        if (head !== undefined && (await askAgain(p, head)))
          await p.lanes.changes.send({ type, id, version: head.version });
      } catch (error) {
        if (!(error instanceof TableError || error instanceof LaneError)) throw error;
      }
    });
  }

  /** Now and then a shard has two of them: an environment that was given up is not ended. */
  private startPublisher(): void {
    const { random, calm } = this.world;
    const shard = random.pick(this.stream.shardNumbers);
    const running = this.publishing.get(shard) ?? 0;
    if (running > 1 || (running === 1 && (calm || random.chance(0.9)))) return;
    const batch = this.stream.next(shard);
    if (batch === undefined) return;
    this.publishing.set(shard, running + 1);
    const end = (ok: boolean) => {
      this.publishing.set(shard, (this.publishing.get(shard) ?? 1) - 1);
      if (ok) this.stream.handled(batch);
      else this.stream.failed(batch);
    };
    const run = async (process: Process) => {
      try {
        const told = await publish(this.publisher(process), batch.records);
        for (const { error } of told.unpublished) throw error;
        end(true);
      } catch (error) {
        end(false);
        if (!(error instanceof TableError)) throw error;
      }
    };
    this.world.spawn(`publisher ${shard}`, run, (crashed) => {
      if (crashed) end(false);
    });
  }

  private startCatchUp(): void {
    if (this.catchingUp) return;
    this.catchingUp = true;
    const { random, calm, time } = this.world;
    // It runs out of time in the middle, also of a group.
    const deadline = calm || random.chance(0.5) ? Number.POSITIVE_INFINITY : time + random.int(200);
    const run = async (process: Process) => {
      try {
        const publisher = this.publisher(process);
        await catchUp(publisher, { deadline });
        await queueUp(publisher, publisher.queues);
      } catch (error) {
        if (!(error instanceof TableError)) throw error;
      }
    };
    this.world.spawn("catch-up", run, () => {
      this.catchingUp = false;
    });
  }

  private publisher(process: Process): Publisher {
    return { ...this.provisioning(process), queues: { app: this.sink.queueFor(process) } };
  }

  private replay(): void {
    for (const lane of Object.values(this.lanes)) {
      const letter = lane.dead.pop();
      if (letter !== undefined)
        lane.messages.push({ pointer: letter.pointer, visibleAt: this.world.time, received: 0 });
    }
  }

  // ---------------------------------------------------------------- calls

  private startCall(): void {
    const { random } = this.world;
    const user = random.pick(this.users);
    const group = this.groups.length > 0 ? random.pick(this.groups) : undefined;
    const value = `v${this.calls}`;
    if (this.options.memberships === true && random.chance(0.35))
      return this.memberSearcher(user, random.pick(this.users));
    // The part of the range below that changes and reads groups.
    const roll =
      this.options.churn === true && group !== undefined
        ? 0.48 + random.next() * 0.26 + (random.chance(0.4) ? 0.4 : 0)
        : this.options.roles === true && group !== undefined && random.chance(0.6)
          ? 0.48 + random.next() * 0.31
          : random.next();
    if (roll < 0.14) {
      return this.client(
        { type: "createUser", userName: random.pick(names), ...(random.chance(0.2) ? {} : { title: value }) },
        undefined,
      );
    }
    if (roll < 0.2 || group === undefined) {
      return this.client(
        { type: "createGroup", displayName: `g${this.calls}`, members: this.someMembers() },
        undefined,
      );
    }
    if (roll < 0.3)
      return this.client({ type: "set", name: random.pick(["title", "externalId"] as const), value }, user);
    if (roll < 0.35) return this.client({ type: "rename", userName: random.pick(names) }, user);
    if (roll < 0.38) return this.client({ type: "replaceUser", userName: random.pick(names), title: value }, user);
    if (roll < 0.42) return this.client({ type: "deactivate" }, user);
    if (roll < 0.48) return this.client({ type: "delete", of: "User" }, user);
    if (roll < 0.68) {
      const add = this.someMembers();
      return this.client({ type: "members", add, remove: this.someMembers().filter((id) => !add.includes(id)) }, group);
    }
    if (roll < 0.74) return this.client({ type: "allMembers", members: this.someMembers() }, group);
    if (roll < 0.77) {
      const displayName = `${this.options.roles === true ? random.pick(["g", "n"]) : "n"}${this.calls}`;
      return this.client({ type: "renameGroup", displayName }, group);
    }
    if (roll < 0.79) return this.client({ type: "delete", of: "Group" }, group);
    if (roll < 0.84) return this.searcher(random.pick(names));
    return this.reader(random.chance(0.3) && this.options.churn !== true ? user : group);
  }

  private someMembers(): string[] {
    return this.users.filter(() => this.world.random.chance(0.4));
  }

  private spawnCall(name: string, run: (process: Process) => Promise<void>): void {
    this.calls += 1;
    this.running += 1;
    this.world.spawn(name, run, () => {
      this.running -= 1;
    });
  }

  private client(operation: Operation, id: string | undefined): void {
    const requestId = `op${this.oracle.operations.size}`;
    this.oracle.operations.set(requestId, operation);
    this.spawnCall(`${requestId} ${operation.type} ${id?.slice(0, 4) ?? ""}`, async (process) => {
      const p = this.provisioning(process);
      const from = id === undefined ? 0 : this.oracle.visible(id);
      try {
        const written = await perform(p, operation, id, requestId);
        this.world.note(`${requestId} answered ${written?.state.id.slice(0, 4) ?? ""} ${written?.changed ?? ""}`);
        this.answered(operation, requestId, id, written, from);
        const readId = id ?? written?.state.id;
        if (readId !== undefined) await this.readAndCheck(p, readId);
      } catch (error) {
        this.refused(error, operation, requestId, id, from);
      }
    });
  }

  private answered(
    operation: Operation,
    requestId: string,
    id: string | undefined,
    written: Written | undefined,
    from: number,
  ): void {
    if (operation.type === "delete" && id !== undefined) this.deletedAt.set(id, this.world.time);
    if (operation.type === "createUser" && written !== undefined) this.users.push(written.state.id);
    if (operation.type === "createGroup" && written !== undefined) this.groups.push(written.state.id);
    if (written?.changed !== false) {
      this.oracle.acknowledged.add(requestId);
      return;
    }
    const states = this.oracle.history(id ?? "").states.slice(from);
    if (!states.some((state) => state !== null && asText(specApply(state, operation)) === asText(state))) {
      this.oracle.fail(`${requestId} ${operation.type} was answered as no change, but it was one`);
    }
  }

  private refused(error: unknown, operation: Operation, requestId: string, id: string | undefined, from: number): void {
    if (error instanceof TableError) return;
    if (!(error instanceof ScimError)) throw error;
    this.world.note(`${requestId} refused ${error.status} ${error.message}`);
    if (error.status === 409 && this.oracle.accepted.has(requestId))
      this.oracle.fail(`${requestId} was refused because of its own change`);
    if (error.status === 404 && id !== undefined && !this.oracle.history(id).states.slice(from).includes(null)) {
      this.oracle.fail(`${requestId} ${operation.type}: 404 for ${id}, which is there`);
    }
    if (error.status === 500) this.oracle.fail(`${requestId}: ${error.message}`);
  }

  private reader(id: string | undefined): void {
    if (id === undefined) return;
    this.spawnCall(`read ${id.slice(0, 4)}`, async (process) => {
      try {
        await this.readAndCheck(this.provisioning(process), id);
      } catch (error) {
        if (!(error instanceof TableError || error instanceof ScimError)) throw error;
      }
    });
  }

  private async readAndCheck(p: Provisioning, id: string): Promise<void> {
    const { oracle } = this;
    const from = oracle.visible(id);
    const began = this.world.time;
    const kind = this.groups.includes(id) ? groupType : userType;
    let result: SimState = null;
    let version: number | undefined;
    try {
      const state = await readResource(p, kind, id, { members: true, groups: false });
      ({ version } = state);
      result = simState(state);
    } catch (error) {
      if (!(error instanceof ScimError) || error.status !== 404) throw error;
    }
    const deleted = new Set(
      [...oracle.histories].filter(([, { states }]) => states.length > 1 && states.at(-1) === null).map(([key]) => key),
    );
    oracle.checkRead(id, { from, version }, result, deleted);
    // JumpCloud looks at once: who was deleted a moment ago is no member any more.
    const gone = (member: string) =>
      began - (this.deletedAt.get(member) ?? began) > 0 && began - (this.deletedAt.get(member) ?? began) < 30_000;
    if (result?.kind === "group" && result.members.some(gone))
      oracle.fail(`read of ${id} shows a member that was deleted a moment ago`);
  }

  /** A userName that was somebody's all the time is found. */
  private searcher(userName: string): void {
    this.spawnCall(`search ${userName}`, async (process) => {
      const { oracle } = this;
      const from = new Map([...oracle.histories.keys()].map((id) => [id, oracle.visible(id)]));
      try {
        const asked = { filter: `userName eq "${userName}"`, startIndex: 1, count: 10 };
        const { states } = await search(this.provisioning(process), userType, asked, { members: false, groups: false });
        const found = new Set(states.map((state) => state.id));
        for (const [id, since] of from) {
          const always = oracle
            .history(id)
            .states.slice(since)
            .every((state) => state?.kind === "user" && state.userName === userName);
          if (always && !found.has(id)) oracle.fail(`userName ${userName} was ${id} all the time, and was not found`);
        }
      } catch (error) {
        if (!(error instanceof TableError || error instanceof ScimError)) throw error;
      }
    });
  }

  private memberSearcher(ann: string, bob: string): void {
    const { random } = this.world;
    const question = questionAbout(random, ann, bob);
    const options = { named: [ann, bob], byCursor: random.chance(0.3) };
    this.spawnCall(`members ${ann.slice(0, 4)}`, async (process) => {
      try {
        await searchMembers(this.provisioning(process), this.oracle, question, options);
      } catch (error) {
        if (!(error instanceof TableError || error instanceof ScimError)) throw error;
      }
    });
  }

  // ---------------------------------------------------------------- the judge

  private decided(writes: readonly (Write | Check)[]): () => void {
    const ends = writes.flatMap((write) => {
      if (write.kind !== "put" || !write.key.pk.startsWith("Log#")) return [];
      const { requestId, delta } = write.attributes;
      return [
        this.oracle.decided(
          write.key.pk.slice("Log#".length),
          Number(write.key.sk),
          String(requestId),
          typeof delta === "string" ? decodeDelta(delta) : undefined,
        ),
      ];
    });
    return () => {
      for (const end of ends) end();
    };
  }
}

async function perform(
  p: Provisioning,
  operation: Operation,
  id = "",
  requestId: string,
): Promise<Written | undefined> {
  const options = { caller: { requestId, tokenId: "t" } };
  const patch = (type: typeof userType, ...Operations: object[]) => patchResource(p, type, id, { Operations }, options);
  const values = (ids: readonly string[]) => ids.map((value) => ({ value }));
  switch (operation.type) {
    case "createUser": {
      const { userName, title } = operation;
      return await createResource(p, userType, { userName, title: title ?? null }, options);
    }
    case "set":
      return await patch(userType, { op: "replace", path: operation.name, value: operation.value });
    case "rename":
      return await patch(userType, { op: "replace", path: "userName", value: operation.userName });
    case "replaceUser":
      return await replaceResource(p, userType, id, { userName: operation.userName, title: operation.title }, options);
    case "deactivate":
      return await patch(userType, { op: "replace", value: { active: false } });
    case "createGroup":
      return await createResource(
        p,
        groupType,
        { displayName: operation.displayName, members: values(operation.members) },
        options,
      );
    case "renameGroup":
      return await patch(groupType, { op: "replace", path: "displayName", value: operation.displayName });
    case "members":
      return await patch(
        groupType,
        { op: "add", path: "members", value: values(operation.add) },
        { op: "remove", path: "members", value: values(operation.remove) },
      );
    case "allMembers":
      return await patch(groupType, { op: "replace", path: "members", value: values(operation.members) });
    case "delete":
      await deleteResource(p, operation.of === "Group" ? groupType : userType, id, options);
      return undefined;
  }
}

function simState({ type, resource, members }: State): SimState {
  if (type.hasMembers) {
    return {
      kind: "group",
      displayName: resource["displayName"] as string,
      members: (members ?? []).map((member) => member.id),
    };
  }
  const { userName, title, externalId, active } = resource as Record<string, string | boolean>;
  return {
    kind: "user",
    userName: String(userName),
    active: active !== false,
    ...(title === undefined ? {} : { title: String(title) }),
    ...(externalId === undefined ? {} : { externalId: String(externalId) }),
  };
}

function uuidFrom(digit: () => number): string {
  const hex = Array.from({ length: 32 }, () => digit().toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** The log stands in the same index, by time. */
function isWaiting(waitKey: unknown): boolean {
  return typeof waitKey === "string" && !waitKey.startsWith("accepted#");
}
