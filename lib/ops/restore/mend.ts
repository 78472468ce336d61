/**
 * After a restore: walks over all heads, deleted ones included, and brings together what belongs together. The worker does the
 * work, as ever; here it is only told what is to be applied once more.
 *
 * What the directory has of people who left is kept: their leaving is accepted here anew, and nobody comes back by a restore.
 */
import { readEntries } from "../../provisioning/entry.ts";
import { type Head, laneOfHead } from "../../provisioning/head.ts";
import { inParallel } from "../../provisioning/in-parallel.ts";
import { lift, takeBack } from "../../provisioning/other-time.ts";
import { LaneError, type LaneName } from "../../provisioning/ports.ts";
import { askAgain } from "../../provisioning/reapply.ts";
import { deleteResource, patchResource } from "../../provisioning/write-resource.ts";
import { ScimError } from "../../scim/error.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { Operations } from "../operations.ts";
import { typesFrom, walkHeads, type WalkOptions } from "../walk-heads.ts";
import { type FailedAgain, type Sent, workerAnswers } from "../worker-answers.ts";
import { compare, type Standing } from "./compare.ts";
import { noteRestore } from "./note.ts";

export interface Mended {
  readonly seen: number;
  /** The directory was older: applied once more. */
  readonly behind: number;
  /** The directory was later: what was accepted counts again … */
  readonly ahead: number;
  /** … and of these, whoever had left since: that is accepted here, too. */
  readonly left: number;
  /** Groups some of whose changes are not kept any more: the identity provider has to send their members. */
  readonly notKept: readonly string[];
  readonly decided: number;
  /** Of an older Scim table, and parked there. */
  readonly parked: number;
  /** To be looked at once more: the worker was at them. */
  readonly pending: number;
  readonly applied: number;
  readonly failed: readonly FailedAgain[];
  readonly waiting: number;
  readonly stopped: boolean;
  readonly problem?: "noWorker" | "noLane";
  /** Where it goes on: `User/<id>`. */
  readonly position?: string;
}

export interface MendOptions extends WalkOptions {
  /** The moment to which the older table was restored. Milliseconds since 1970. */
  readonly restoredTo: number;
  readonly dryRun: boolean;
  readonly patienceMs: number;
}

/** A restore is exact to the second, and what is applied once more is applied once more. */
const roomMs = 300_000;
const atOnce = 16;
const patch = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const deactivation = { schemas: [patch], Operations: [{ op: "replace", path: "active", value: false }] };

/** Errors: TableError. It may be run again, from the position or from the beginning. */
export async function mend(o: Operations, options: MendOptions): Promise<Mended> {
  const { restoredTo, dryRun, patienceMs, after, onProgress, signal } = options;
  const count = { seen: 0, behind: 0, ahead: 0, left: 0, decided: 0, parked: 0, pending: 0, applied: 0, waiting: 0 };
  const [failed, notKept]: [FailedAgain[], string[]] = [[], []];
  let problem: Mended["problem"];
  let position = after;
  const stopping = new AbortController();
  const either = signal === undefined ? stopping.signal : AbortSignal.any([stopping.signal, signal]);
  const tally = (standing: Standing, { id }: Head) => {
    if (standing.kind === "notKept" || (standing.kind === "behind" && standing.notKept === true)) notKept.push(id);
    if (standing.kind === "ahead" && standing.left !== undefined) count.left += 1;
    if (standing.kind !== "fits" && standing.kind !== "notKept") count[standing.kind] += 1;
  };
  for (const { type, after: behind } of typesFrom(o.tenant.types, after)) {
    const progress = (done: number, total: number) => onProgress?.(done, total, `comparing ${type.name}s`);
    const walk = {
      deleted: true,
      onProgress: progress,
      signal: either,
      ...(behind !== undefined && { after: behind }),
    };
    const walked = await walkHeads(o, type, walk, async (heads) => {
      const standings = await compareAll(o, type, heads, restoredTo - roomMs);
      for (const [n, head] of heads.entries()) tally(standings[n] ?? { kind: "fits" }, head);
      const end = `${type.id}/${heads.at(-1)?.id ?? ""}`;
      if (dryRun) {
        position = end;
        return;
      }
      const acted = await inParallel([...heads.entries()], atOnce, async ([n, head]) => {
        return await act(o, type, head, standings[n] ?? { kind: "fits" });
      });
      const sent = acted.filter((one) => one !== undefined && one !== "overtaken");
      count.pending += acted.filter((one) => one === "overtaken").length;
      // Whoever is to be looked at once more must not lie behind the place from which a stopped run goes on.
      if (count.pending === 0) position = end;
      if (!(await send(o, sent))) problem = "noLane";
      const answers = await workerAnswers(o, sent, { patienceMs, signal: either });
      count.applied += answers.applied.length;
      count.waiting += answers.waiting.length;
      failed.push(...answers.failed);
      if (answers.waiting.length > 0 && signal?.aborted !== true) problem ??= "noWorker";
      if (problem !== undefined) stopping.abort();
    });
    count.seen += walked.seen;
    if (!walked.stopped) continue;
    const at = position === undefined ? {} : { position };
    return { ...count, failed, notKept, stopped: true, ...at, ...(problem !== undefined && { problem }) };
  }
  const isDone = !dryRun && count.pending + count.waiting === 0;
  if (isDone) await noteRestore(o.table, { at: o.clock.now(), since: restoredTo });
  return { ...count, failed, notKept, stopped: false, ...(problem !== undefined && { problem }) };
}

async function compareAll(
  o: Operations,
  type: ResourceType,
  heads: readonly Head[],
  since: number,
): Promise<Standing[]> {
  const ids = heads.map(({ id }) => id);
  const entries = await readEntries(o.table, type.id, ids);
  return await inParallel([...heads.entries()], atOnce, async ([n, head]) => await compare(o, head, entries[n], since));
}

interface Acted extends Sent {
  readonly lane: LaneName;
}

/** What the worker is to be asked for; undefined when there is nothing to ask; "overtaken" when something came meanwhile. */
async function act(
  o: Operations,
  type: ResourceType,
  head: Head,
  standing: Standing,
): Promise<Acted | "overtaken" | undefined> {
  const { id, version, failure } = head;
  const ask = { type: type.id, id, failedAt: failure?.at ?? 0, lane: laneOfHead(head) };
  if (standing.kind === "behind")
    return (await takeBack(o, head, standing.applied)) ? { ...ask, version } : "overtaken";
  if (standing.kind !== "ahead") return undefined;
  if (!(await lift(o.table, head, standing.version))) return "overtaken";
  if (standing.left !== undefined) {
    const left = await leave(o, type, id, standing.left);
    return left === undefined ? "overtaken" : { ...ask, version: left, lane: "leavers" };
  }
  const raised = { ...head, version: standing.version, applied: standing.version };
  if (head.state === "deleted") return undefined;
  return (await askAgain(o, raised)) ? { ...ask, version: standing.version } : "overtaken";
}

/** Accepts what the directory knows: the version; undefined when it could not be accepted now. */
async function leave(
  o: Operations,
  type: ResourceType,
  id: string,
  state: "suspended" | "removed",
): Promise<number | undefined> {
  const caller = { caller: { requestId: o.chance.uuid(), tokenId: "rollcall" } };
  try {
    if (state === "suspended") return (await patchResource(o, type, id, deactivation, caller)).state.version;
    return (await deleteResource(o, type, id, caller)).state.version;
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

/** False: a lane takes nothing now. The sweep sends what was marked. */
async function send({ lanes }: Operations, asked: readonly Acted[]): Promise<boolean> {
  try {
    for (const [lane, all] of Map.groupBy(asked, (one) => one.lane))
      await lanes[lane].sendAll(all.map(({ type, id, version }) => ({ type, id, version })));
    return true;
  } catch (error) {
    if (error instanceof LaneError) return false;
    throw error;
  }
}
