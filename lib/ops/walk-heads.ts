/** A walk over all resources of a type, batch by batch: it tells how far it is, can be stopped, and goes on from a position. */
import type { Head } from "../provisioning/head.ts";
import { countOf } from "../provisioning/count.ts";
import { listHeads } from "../provisioning/list-heads.ts";
import type { ResourceType } from "../scim/schema.ts";
import { OperationError, type OnProgress, type Operations } from "./operations.ts";

/** What one batch read of DynamoDB takes. */
const batchSize = 100;

export interface WalkOptions {
  /** The `position` of a walk that was stopped. */
  readonly after?: string;
  /** Those that were deleted as well, for as long as their heads stay. */
  readonly deleted?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface Walked {
  readonly seen: number;
  readonly stopped: boolean;
  /** Of the last resource that was seen; absent when none was, or when the walk came to its end. */
  readonly position?: string;
}

/** Hands each batch to `work` and waits for it. Errors: TableError, and what `work` throws. */
export async function walkHeads(
  o: Pick<Operations, "table">,
  type: ResourceType,
  { after, deleted = false, onProgress, signal }: WalkOptions,
  work: (heads: readonly Head[]) => Promise<void>,
): Promise<Walked> {
  const total = leftBehind(await countOf(o, [type]), after);
  let seen = 0;
  let position = after;
  let batch: Head[] = [];
  const finish = async () => {
    if (batch.length === 0) return;
    await work(batch);
    seen += batch.length;
    position = batch.at(-1)?.id;
    batch = [];
    // The count was read at the beginning, and resources come and go meanwhile.
    onProgress?.(seen, Math.max(seen, total));
  };
  const stopped = () => ({ seen, stopped: true, ...(position === undefined ? {} : { position }) });
  for await (const head of listHeads(o.table, type.id, { deleted, ...(after !== undefined && { after }) })) {
    if (signal?.aborted === true) return stopped();
    if (batch.push(head) === batchSize) await finish();
  }
  if (signal?.aborted === true) return stopped();
  await finish();
  return { seen, stopped: false };
}

/**
 * The types that a walk over several has still to do, the first of them behind the id in the position (`User/<id>`).
 *
 * Errors: OperationError when the position is of none of them: a walk from anywhere else would leave some out.
 */
export function typesFrom(
  types: readonly ResourceType[],
  position: string | undefined,
): { readonly type: ResourceType; readonly after?: string }[] {
  if (position === undefined) return types.map((type) => ({ type }));
  const [first = "", after = ""] = position.split("/");
  const begin = types.findIndex(({ id }) => id === first);
  if (begin >= 0) return types.slice(begin).map((type, n) => (n === 0 ? { type, after } : { type }));
  const names = types.map(({ id }) => id).join(", ");
  throw new OperationError(`"${position}" is no position of this walk: it is over ${names}.`);
}

/** Ids are random, so a position says how much of all lies behind it. */
function leftBehind(count: number, after: string | undefined): number {
  const done = after === undefined ? 0 : Number.parseInt(after.slice(0, 8), 16) / 2 ** 32;
  return Math.round(count * (1 - (Number.isNaN(done) ? 0 : done)));
}
