/** What an import would do, row by row, without a write: who is in the way, and what the mapping would say. */
import { nextEntry } from "../../provisioning/apply-user.ts";
import { profileText } from "../../provisioning/entry.ts";
import { type Head, headOf, liveAmong, text } from "../../provisioning/head.ts";
import type { ImportMark } from "../../provisioning/import-mark.ts";
import { isBroughtBy } from "../../provisioning/import-resource.ts";
import { chunks } from "../../provisioning/in-parallel.ts";
import { claimsOf } from "../../provisioning/index-entries.ts";
import { claimKey, headKey } from "../../provisioning/keys.ts";
import { SyncError } from "../../provisioning/sync-error.ts";
import { TakenError } from "../../provisioning/taken-error.ts";
import { refuseUnacceptable } from "../../provisioning/write-resource.ts";
import { ScimError } from "../../scim/error.ts";
import { nameOf } from "../find-resource.ts";
import type { OnProgress, Operations } from "../operations.ts";
import type { ImportRow } from "./import-row.ts";
import { rowIds } from "./row-ids.ts";
import { importOf, type RefusedRow } from "./run-import.ts";

export interface ImportCheck {
  /** The import that would go on. */
  readonly import?: ImportMark;
  readonly seen: number;
  readonly brought: number;
  /** Brought by this import before. */
  readonly passedOver: number;
  readonly refused: readonly RefusedRow[];
  /** They would be accepted, and wait: the worker could not apply them. */
  readonly parked: readonly RefusedRow[];
  readonly stopped: boolean;
}

/** What one batch read of DynamoDB takes. */
const batchRows = 100;

interface Checked extends ImportRow {
  readonly id: string;
}

/** Errors: TableError. */
export async function checkImport(
  o: Operations,
  { rows, fileHash }: { readonly rows: readonly ImportRow[]; readonly fileHash: string },
  { onProgress, signal }: { onProgress?: OnProgress; signal?: AbortSignal },
): Promise<ImportCheck> {
  const before = await importOf(o, fileHash);
  const { ids, byFileId } = await rowIds(o, rows, before?.id);
  const own = new Set(ids);
  const count = { seen: 0, brought: 0, passedOver: 0 };
  const refused: RefusedRow[] = [];
  const parked: RefusedRow[] = [];
  const all = rows.map((row, n): Checked => ({ ...row, id: ids[n] ?? "" }));
  const ended = (stopped: boolean): ImportCheck => {
    return { ...(before && { import: before }), ...count, refused, parked, stopped };
  };
  for (const batch of chunks(all, batchRows)) {
    if (signal?.aborted === true) return ended(true);
    const there = await headsAt(o, batch);
    for (const [n, row] of batch.entries()) {
      const head = there[n];
      // Only its own import can have given it this id.
      if (head !== undefined && before !== undefined && (await isBroughtBy(o, head, before.id))) count.passedOver += 1;
      else {
        const reason = (await reasonAgainst(o, row)) ?? (await strangersAmong(o, row, byFileId, own));
        if (reason === undefined) count.brought += 1;
        else {
          refused.push(refusal(row, reason));
          // Groups come last, and find no member who was refused.
          own.delete(row.id);
        }
        const later = reason === undefined ? parkedWhy(o, row) : undefined;
        if (later !== undefined) parked.push(refusal(row, later));
      }
    }
    count.seen += batch.length;
    onProgress?.(count.seen, rows.length);
    // So that Ctrl-C is heard: embedded, no read ever waits.
    await o.clock.sleep(0);
  }
  return ended(false);
}

async function headsAt({ table }: Operations, batch: readonly Checked[]): Promise<(Head | undefined)[]> {
  const items = await table.batchGet(batch.map(({ type, id }) => headKey(type.id, id)));
  return items.map((item, n) => item && headOf(batch[n]?.type.id ?? "", item));
}

function refusal({ row, type, read }: ImportRow, reason: string): RefusedRow {
  const name = nameOf(read);
  return { row, type: type.id, ...(name !== undefined && { name }), reason };
}

async function reasonAgainst(o: Operations, { type, read: { resource } }: ImportRow): Promise<string | undefined> {
  try {
    refuseUnacceptable(o, type, resource);
  } catch (error) {
    if (error instanceof ScimError) return error.message;
    throw error;
  }
  const claims = claimsOf(type, resource);
  const items = await o.table.batchGet(claims.map(({ attribute, value }) => claimKey(type.id, attribute, value)));
  for (const [n, item] of items.entries()) {
    const holder = item && text(item.attributes, "id");
    if (holder === undefined) continue;
    const head = (await liveAmong(o.table, type.id, [holder])).get(holder);
    if (head !== undefined) return new TakenError(type, claims[n]?.attribute ?? "", head).message;
  }
  return undefined;
}

/** Members whom neither the file nor the store has. */
async function strangersAmong(
  o: Operations,
  { read: { members = [] } }: ImportRow,
  byFileId: ReadonlyMap<string, string>,
  own: ReadonlySet<string>,
): Promise<string | undefined> {
  if (o.tenant.unknownMembers === "skip") return undefined;
  const asked = members.map(({ value }) => byFileId.get(value) ?? value).filter((id) => !own.has(id));
  const users = await liveAmong(o.table, "User", asked);
  const groups = await liveAmong(
    o.table,
    "Group",
    asked.filter((id) => !users.has(id)),
  );
  const unknown = asked.filter((id) => !users.has(id) && !groups.has(id));
  if (unknown.length === 0) return undefined;
  return `"members": neither the file nor the store has ${unknown.slice(0, 5).join(", ")}${unknown.length > 5 ? ` and ${unknown.length - 5} more` : ""}`;
}

function parkedWhy(o: Operations, { type, read: { resource }, id }: Checked): string | undefined {
  if (type.hasMembers) return undefined;
  const now = o.clock.now();
  const none = { version: 1, applied: 0, since: 0, closedAt: 0, stepAt: 0 };
  try {
    const head: Head = { type: type.id, id, state: "live", resource, created: now, lastModified: now, ...none };
    profileText(nextEntry(o, head, undefined));
    return undefined;
  } catch (error) {
    if (error instanceof SyncError) return error.message;
    throw error;
  }
}
