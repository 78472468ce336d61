/**
 * A catch-up by hand: all heads are looked at, and what the application was not told is told from the table. It may run beside
 * the stream and the hourly run.
 */
import { tellNoted } from "../../events/catch-up.ts";
import { queueUp } from "../../events/queue-up.ts";
import { tellHeads } from "../../events/tell-again.ts";
import { defined } from "../../provisioning/head.ts";
import { LaneError } from "../../provisioning/ports.ts";
import { OperationError, type Operations } from "../operations.ts";
import { typesFrom, walkHeads, type WalkOptions } from "../walk-heads.ts";

export interface CaughtUpByHand {
  /** Resources. */
  readonly seen: number;
  readonly events: number;
  /** Of which not all could be told: the hourly run tries them again. */
  readonly left: number;
  readonly stopped: boolean;
  /** Sinks whose queues did not take everything: what was told is in the feed, and the publisher sends them the rest. */
  readonly unqueued: readonly { readonly sink: string; readonly problem: string }[];
  /** Where it goes on: `User/<id>`. */
  readonly position?: string;
}

/** Errors: OperationError when the tenant has no events, or the position is none of this walk; TableError. */
export async function catchUpByHand(
  o: Operations,
  { after, onProgress, signal }: Omit<WalkOptions, "deleted">,
): Promise<CaughtUpByHand> {
  if (o.tenant.events === undefined)
    throw new OperationError(`Tenant "${o.tenant.name}" tells nobody of changes: its file has no key "events".`);
  const count = { seen: 0, events: 0, left: 0 };
  let position = after;
  let stopped = false;
  for (const { type, after: behind } of typesFrom(o.tenant.types, after)) {
    const options = {
      deleted: true,
      ...defined({ after: behind, signal }),
      onProgress: (done: number, total: number) => onProgress?.(done, total, `looking at ${type.name}s`),
    };
    const walked = await walkHeads(o, type, options, async (heads) => {
      const told = await tellHeads(o, heads, { thorough: true, isOver: () => signal?.aborted === true });
      count.events += told.events;
    });
    count.seen += walked.seen;
    if (walked.position !== undefined) position = `${type.id}/${walked.position}`;
    if (walked.stopped) {
      stopped = true;
      break;
    }
  }
  const noted = await tellNoted(o, { ...defined({ signal }), ...(stopped && { deadline: 0 }) });
  const errors = await queueUp(o, o.events?.queues ?? {});
  return {
    ...count,
    events: count.events + noted.events,
    left: noted.left + noted.unfinished,
    stopped,
    unqueued: [...errors].map(([sink, error]) => ({ sink, problem: problemOf(error) })),
    ...(stopped && defined({ position })),
  };
}

/** Errors: what is not of a queue's own kind is a bug, and flies. */
function problemOf(error: unknown): string {
  if (error instanceof LaneError) return error.message;
  throw error;
}
