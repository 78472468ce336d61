/**
 * Given up: what an operator decides about a parked change by `dlq drop`. The directory stays as it is until the identity
 * provider says something new about the resource, or an operator takes it up again.
 *
 * The head says so while it holds. A note of its own stays: the log's partition holds changes and nothing else, for a
 * group's are folded and counted.
 */
import { expiresAfter } from "./expiry.ts";
import { asRead } from "./as-read.ts";
import { defined, dueKey, type Head, number, text } from "./head.ts";
import { givenUpKey, givenUpPartition, headKey, waitKey } from "./keys.ts";
import type { Condition, Table } from "./ports.ts";
import { queryAll } from "./query-all.ts";
import type { Provisioning } from "./state.ts";
import { succeeds } from "./succeeds.ts";
import { sweepAfterMs } from "./waiting-attributes.ts";

/** One decision, with what it was about. */
export interface GivenUpNote {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** In the operator's words. */
  readonly reason: string;
  /** What was accepted, and what the directory had. */
  readonly version: number;
  readonly applied: number;
  /** The SyncError code that it was parked with. */
  readonly cause?: string;
}

type Store = Pick<Provisioning, "table" | "clock">;

/** Longer than any log: who was left as they were, and why, is asked long after. */
const noteDays = 400;

/** False when it is not parked any more, or something new came. Errors: TableError. */
export async function giveUp({ table, clock }: Store, head: Head, reason: string): Promise<boolean> {
  const at = clock.now();
  const { version, applied, failure } = head;
  const note = { version, applied, reason, expires: expiresAfter(at, noteDays) };
  return await succeeds(
    table.transact([
      {
        kind: "update",
        key: headKey(head.type, head.id),
        if: asFound(head, "parked"),
        set: { givenUp: JSON.stringify({ at, reason }), waitKey: waitKey("given", head.id), waitAt: at },
      },
      { kind: "put", key: givenUpKey(head.id, at), attributes: { ...note, ...defined({ cause: failure?.code }) } },
    ]),
  );
}

/** It is pending again, as if it had just come. False when it is not given up any more. Errors: TableError. */
export async function takeUpAgain({ table, clock }: Store, head: Head): Promise<boolean> {
  return await succeeds(
    table.write({
      kind: "update",
      key: headKey(head.type, head.id),
      if: asFound(head, "given"),
      set: { waitKey: dueKey(head), waitAt: clock.now() + sweepAfterMs },
      remove: ["givenUp", "failure", "reason"],
    }),
  );
}

/** All decisions about a resource, oldest first. Errors: TableError. */
export async function readGivenUp(table: Table, id: string): Promise<GivenUpNote[]> {
  const notes: GivenUpNote[] = [];
  for await (const { sk, attributes: a } of queryAll(table, { table: "scim", pk: givenUpPartition(id) })) {
    notes.push({
      at: Number(sk),
      reason: text(a, "reason") ?? "",
      version: number(a, "version") ?? 0,
      applied: number(a, "applied") ?? 0,
      ...defined({ cause: text(a, "cause") }),
    });
  }
  return notes;
}

function asFound(head: Head, kind: "parked" | "given"): Condition[] {
  return [asRead("version", head.version), asRead("applied", head.applied), asRead("waitKey", waitKey(kind, head.id))];
}
