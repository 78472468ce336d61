/** SQS standard queues in memory: a send may fail or get lost, a message may come twice, late, in any order. */
import { type Lane, LaneError, type LaneName, type Pointer } from "../../lib/provisioning/ports.ts";
import type { Process, World } from "./world.ts";

export interface Message {
  readonly pointer: Pointer;
  readonly visibleAt: number;
  readonly received: number;
}

const maxReceiveCount = 5;
const visibilityMs = 360_000;

export class MemoryLane {
  messages: Message[] = [];
  dead: { pointer: Pointer; reason?: string }[] = [];
  readonly name: LaneName;
  readonly world: World;

  constructor(name: LaneName, world: World) {
    this.name = name;
    this.world = world;
  }

  /** The lane as one process sees it. */
  laneFor(process: Process): Lane {
    const { world } = this;
    const put = async (pointer: Pointer, delaySeconds = 0) => {
      await world.turn(process);
      if (world.happens("lostSend")) {
        if (world.random.chance(0.5)) throw new LaneError("injected");
        return;
      }
      this.messages.push({ pointer, visibleAt: world.time + delaySeconds * 1000, received: 0 });
    };
    return {
      send: async (pointer, options) => await put(pointer, options?.delaySeconds),
      sendAll: async (pointers) => {
        for (const pointer of pointers) await put(pointer);
      },
      bury: async (pointer, reason) => {
        await world.turn(process);
        if (world.happens("lostSend")) throw new LaneError("injected");
        if (typeof pointer !== "string") this.dead.push({ pointer, reason });
      },
      depth: async () => {
        await world.turn(process);
        return this.messages.length;
      },
    };
  }

  /** Any visible message; it stays hidden until it is acknowledged. */
  receive(): Message | undefined {
    const visible = this.messages.filter((message) => message.visibleAt <= this.world.time);
    if (visible.length === 0) return undefined;
    const message = this.world.random.pick(visible);
    if (this.world.happens("duplicate")) return message;
    this.messages = this.messages.filter((other) => other !== message);
    if (message.received < maxReceiveCount) return message;
    this.dead.push({ pointer: message.pointer });
    return undefined;
  }

  /** Not acknowledged: it comes again after the visibility time-out, or is a dead letter. */
  comesBack(message: Message): void {
    this.messages.push({ ...message, visibleAt: this.world.time + visibilityMs, received: message.received + 1 });
  }
}
