/** What an operator decides about the brake, and about those it holds. The worker obeys it: may-leave.ts. */
import { asRead } from "./as-read.ts";
import { type BrakeNote, tripAttributes } from "./brake.ts";
import type { Head } from "./head.ts";
import { brakeKey, headKey, waitKey } from "./keys.ts";
import { rejectedMessage } from "./may-leave.ts";
import type { Table, Update } from "./ports.ts";
import { succeeds } from "./succeeds.ts";
import type { SyncErrorCode } from "./sync-error.ts";
import type { Brake } from "./tenant.ts";

const minute = 60_000;

/** Whoever left before now, or leaves within the next window, may; the brake is off. Errors: TableError. */
export async function noteAllow(
  table: Table,
  { windowMinutes }: Brake,
  now: number,
): Promise<{ allowedUntil: number }> {
  const allowedUntil = now + windowMinutes * minute;
  const set = { decision: "allow", decidedAt: now, allowedUntil };
  const remove = [...tripAttributes, "rejectedSince", "rejectedUntil"];
  await table.write({ kind: "update", key: brakeKey, set, remove });
  return { allowedUntil };
}

/** The brake is off, and whoever left since it tripped and is not applied yet stays. Errors: TableError. */
export async function noteReject(table: Table, { state, since }: BrakeNote, now: number): Promise<void> {
  // A brake that only told has let everybody through: nobody is left to be kept.
  const kept = state === "held" ? { rejectedSince: since ?? now } : {};
  const set = { decision: "reject", decidedAt: now, rejectedUntil: now, ...kept };
  const remove = state === "held" ? tripAttributes : [...tripAttributes, "rejectedSince"];
  await table.write({ kind: "update", key: brakeKey, set, remove });
}

/** This one may leave, whatever becomes of the others. False: the identity provider has said more since. Errors: TableError. */
export async function letGo(table: Table, head: Head): Promise<boolean> {
  return head.leftAt === undefined ? false : await changed(table, head, { set: { letGo: head.leftAt } });
}

/** This one stays. False: the identity provider has said more since, or somebody let them go. Errors: TableError. */
export async function keep(table: Table, head: Head, now: number): Promise<boolean> {
  const code: SyncErrorCode = "brake-rejected";
  const failure = { code, message: rejectedMessage, at: now, attempts: head.failure?.attempts ?? 1 };
  return await changed(table, head, { set: { failure: JSON.stringify(failure), reason: code } });
}

async function changed(table: Table, { type, id, version }: Head, change: Pick<Update, "set">): Promise<boolean> {
  const asFound = [asRead("version", version), asRead("waitKey", waitKey("parked", id))];
  return await succeeds(table.write({ kind: "update", key: headKey(type, id), if: asFound, ...change }));
}
