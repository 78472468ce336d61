/**
 * The ids that the rows of an import get: the file's own where it can be kept, else one that is made of import and row, so that
 * a second run of the same import meets what the first one wrote.
 */
import { createHash } from "node:crypto";
import { headOf } from "../../provisioning/head.ts";
import { isBroughtBy } from "../../provisioning/import-resource.ts";
import { chunks, inParallel } from "../../provisioning/in-parallel.ts";
import { headKey } from "../../provisioning/keys.ts";
import type { Operations } from "../operations.ts";
import type { ImportRow } from "./import-row.ts";

export interface RowIds {
  /** In the order of the rows. */
  readonly ids: readonly string[];
  /** What members of the file's groups are called here, by what the file calls them. */
  readonly byFileId: ReadonlyMap<string, string>;
}

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const readsAtOnce = 4;
const batchSize = 100;

/** `importId` absent: of an import that has not begun. Errors: TableError. */
export async function rowIds(
  o: Pick<Operations, "table" | "tenant">,
  rows: readonly ImportRow[],
  importId: string | undefined,
): Promise<RowIds> {
  const keepable = rows.flatMap(({ type, fileId = "" }, n) => {
    const id = fileId.toLowerCase();
    return uuid4.test(id) ? [{ n, type: type.id, id }] : [];
  });
  const kept = new Map<number, string>();
  await inParallel(chunks(keepable, batchSize), readsAtOnce, async (batch) => {
    const isTaken = await taken(o, batch, importId);
    for (const [place, { n, id }] of batch.entries()) if (isTaken[place] === false) kept.set(n, id);
  });
  const ids = rows.map(({ row }, n) => kept.get(n) ?? madeId(importId ?? "", row));
  const byFileId = new Map(rows.flatMap(({ fileId }, n) => (fileId === undefined ? [] : [[fileId, ids[n] ?? ""]])));
  return { ids, byFileId };
}

/** By anybody but this import; also by one who was deleted, for an id is never used again. */
async function taken(
  o: Pick<Operations, "table" | "tenant">,
  batch: readonly { type: string; id: string }[],
  importId: string | undefined,
): Promise<boolean[]> {
  // An id is one of the whole tenant, so that a member is known by it alone.
  const types = o.tenant.types.map(({ id }) => id);
  const found = await o.table.batchGet(batch.flatMap(({ id }) => types.map((type) => headKey(type, id))));
  const answers: boolean[] = [];
  for (const [place, { type }] of batch.entries()) {
    const items = found.slice(place * types.length, (place + 1) * types.length);
    const heads = items.flatMap((item, n) => (item === undefined ? [] : [headOf(types[n] ?? "", item)]));
    const [head, ...more] = heads;
    if (head === undefined) answers.push(false);
    else if (importId === undefined || more.length > 0 || head.type !== type) answers.push(true);
    else answers.push(!(await isBroughtBy(o, head, importId)));
  }
  return answers;
}

function madeId(importId: string, row: number): string {
  const hex = createHash("sha256").update(`${importId}/${row}`).digest("hex");
  const variant = "89ab"[Number.parseInt(hex.slice(16, 17), 16) % 4] ?? "8";
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
