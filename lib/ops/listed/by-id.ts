/** All of a type that are not deleted, by id: the order in which the table holds them. */
import { listHeads } from "../../provisioning/list-heads.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { Operations } from "../operations.ts";
import type { ListOptions, ListedPage } from "./list-resources.ts";
import { type Listed, listedOf } from "./listed.ts";
import { notAPlace, readMost } from "./page-bounds.ts";

export async function listById(
  { table }: Pick<Operations, "table">,
  type: ResourceType,
  { after, most }: Pick<ListOptions, "after" | "most">,
): Promise<ListedPage> {
  if (after !== undefined && !/^[0-9a-f][0-9a-z-]{0,63}$/.test(after)) throw notAPlace(after);
  const rows: Listed[] = [];
  let [read, last] = [0, ""];
  // The one to go on behind is read once more, and one more says that there are more.
  const heads = listHeads(table, type.id, { limit: most + 2, deleted: true, ...(after !== undefined && { after }) });
  for await (const head of heads) {
    if (rows.length === most || read === readMost) return { rows, next: last };
    read += 1;
    last = head.id;
    if (head.state === "live") rows.push(listedOf(head));
  }
  return { rows };
}
