/** Those of a type who have left and are not back, the last one first. */
import { type Head, headOf } from "../../provisioning/head.ts";
import { headKey } from "../../provisioning/keys.ts";
import { type Leaver, leaversPage } from "../../provisioning/leavers.ts";
import type { Table } from "../../provisioning/ports.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { Operations } from "../operations.ts";
import type { ListOptions, ListedPage } from "./list-resources.ts";
import { type Listed, listedOf } from "./listed.ts";
import { notAPlace, readMost } from "./page-bounds.ts";

export async function listLeavers(
  { table }: Pick<Operations, "table">,
  type: ResourceType,
  { after, most }: Pick<ListOptions, "after" | "most">,
): Promise<ListedPage> {
  const rows: Listed[] = [];
  let place = after === undefined ? undefined : placeOf(after);
  for (let read = 0; read < readMost;) {
    const { leavers, isLast } = await leaversPage(table, { limit: most, ...(place && { after: place }) });
    const heads = await headsOf(table, leavers);
    for (const [n, leaver] of leavers.entries()) {
      read += 1;
      place = leaver;
      const row = leaver.type === type.id ? rowOf(leaver, heads[n]) : undefined;
      if (row !== undefined) rows.push(row);
      const isEnd = isLast && n === leavers.length - 1;
      if (rows.length === most && !isEnd) return { rows, next: textOf(place) };
    }
    if (isLast) return { rows };
  }
  return { rows, ...(place && { next: textOf(place) }) };
}

async function headsOf(table: Table, leavers: readonly Leaver[]): Promise<(Head | undefined)[]> {
  const items = await table.batchGet(leavers.map(({ type, id }) => headKey(type, id)));
  return items.map((item, n) => item && headOf(leavers[n]?.type ?? "", item));
}

/** Undefined: is back, or has left once more since, which is a row of its own. */
function rowOf({ type, id, leftAt, appliedAt }: Leaver, head: Head | undefined): Listed | undefined {
  // Of whoever was deleted long ago nothing is kept but that.
  if (head === undefined) return { type, id, state: "deleted", status: "applied", lastModified: appliedAt, leftAt };
  return head.leftAt === leftAt ? listedOf(head) : undefined;
}

function textOf({ leftAt, id }: Pick<Leaver, "leftAt" | "id">): string {
  return `${leftAt}.${id}`;
}

/** Errors: OperationError. */
function placeOf(text: string): Pick<Leaver, "leftAt" | "id"> {
  const [, leftAt, id = ""] = /^(\d{1,13})\.([A-Za-z0-9-]{1,64})$/.exec(text) ?? [];
  if (leftAt === undefined) throw notAPlace(text);
  return { leftAt: Number(leftAt), id };
}
