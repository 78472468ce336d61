/**
 * A webhook's receiver with its troubles: outages of minutes to days, answers that are lost, events that it refuses, and
 * requests on which it hangs. What it has taken it keeps, in the order in which it came.
 */
import { type DirectoryEvent, parseEvent } from "../../lib/events/event.ts";
import { type Post, type PostAnswer, PostError } from "../../lib/events/ports.ts";
import type { Send } from "../../lib/events/send.ts";
import { webhookSend } from "../../lib/events/webhook.ts";
import type { Process, World } from "./world.ts";

const hour = 3_600_000;
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const answerMsMost = 10_000;

type Trouble = "hangs" | "breaks" | PostAnswer;

const troubles: readonly Trouble[] = [
  "hangs",
  "breaks",
  { status: 500 },
  { status: 410 },
  { status: 429, retryAfter: "600" },
  { status: 503, retryAfter: "7200" },
];

export class FaultySink {
  readonly name: string;
  readonly taken: DirectoryEvent[] = [];
  private readonly world: World;
  private readonly hasTroubles: boolean;
  private readonly refused = new Map<string, Trouble>();
  private outage: { readonly until: number; readonly trouble: Trouble } | undefined;

  constructor(name: string, world: World, hasTroubles: boolean) {
    this.name = name;
    this.world = world;
    this.hasTroubles = hasTroubles;
  }

  goesDown(until = this.world.time + this.world.random.pick([hour / 60, hour, 6 * hour, 40 * hour])): void {
    const trouble = this.world.random.pick(troubles);
    this.outage = { until, trouble };
    this.world.note(`${this.name} is down: ${JSON.stringify(trouble)}`);
  }

  isWellFromNowOn(): void {
    this.outage = undefined;
    this.refused.clear();
  }

  sendFor(process: Process): Send {
    const clock = { now: () => this.world.time, sleep: async () => {} };
    return webhookSend({
      url: "https://app.example.com",
      secrets: async () => [secret],
      clock,
      post: this.post(process),
    });
  }

  private post(process: Process): Post {
    const { world } = this;
    return async (_url, { body }) => {
      await world.turn(process);
      const event = parseEvent(body);
      const trouble = this.troubleWith(event);
      const isTaken = trouble === undefined || (typeof trouble === "string" && world.random.chance(0.3));
      world.note(`${process.name}: ${event.id} ${isTaken ? "taken" : "refused"} ${JSON.stringify(trouble ?? "")}`);
      if (isTaken) this.taken.push(event);
      await world.turn(process, trouble === "hangs" ? world.time + answerMsMost : 0);
      if (trouble === "hangs") throw new PostError("timed-out");
      if (trouble === "breaks") throw new PostError("connection");
      return trouble ?? { status: 204 };
    };
  }

  private troubleWith({ id }: DirectoryEvent): Trouble | undefined {
    const { random, time, calm } = this.world;
    if (this.outage !== undefined && time < this.outage.until) return this.outage.trouble;
    if (!this.hasTroubles || calm) return this.refused.get(id);
    if (!this.refused.has(id) && random.chance(0.01)) this.refused.set(id, { status: 422 });
    return this.refused.get(id) ?? (random.chance(0.1) ? random.pick(troubles) : undefined);
  }
}
