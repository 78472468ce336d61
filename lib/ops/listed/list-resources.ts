/**
 * The resources of a type, or those of them that wait, were parked, were given up, or have left: page by page, each page in
 * constant reads, however many there are.
 *
 * A page ends with where the next one begins. It holds no row numbers, so nobody is seen twice or left out when others come
 * and go meanwhile.
 */
import { countsOf } from "../../provisioning/count.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { Operations } from "../operations.ts";
import { listById } from "./by-id.ts";
import { listLeavers } from "./by-leaving.ts";
import { listWaiting } from "./by-waiting.ts";
import type { Listed } from "./listed.ts";
import { type WaitingCounts, waitingCounts } from "./waiting-counts.ts";

export const listedStates = ["all", "waiting", "parked", "given-up", "left"] as const;
/** `left`: deactivated or deleted after having been active in the directory; the others as `dlq` calls them. */
export type ListedState = (typeof listedStates)[number];

export interface ListOptions {
  readonly state: ListedState;
  /** The `next` of the page before. */
  readonly after?: string;
  readonly most: number;
}

export interface ListedPage {
  /** At most so many as were asked for; a page may hold fewer, even none, and still have a `next`. */
  readonly rows: readonly Listed[];
  /** Absent: this is the last page. */
  readonly next?: string;
}

export interface ListedCounts extends WaitingCounts {
  /** Deleted ones do not count, inactive ones do. */
  readonly total: number;
}

type Store = Pick<Operations, "table">;

/** Errors: OperationError when `after` is no place in this list; TableError. */
export async function listResources(o: Store, type: ResourceType, options: ListOptions): Promise<ListedPage> {
  switch (options.state) {
    case "all":
      return await listById(o, type, options);
    case "waiting":
      return await listWaiting(o, type, ["leaver", "due"], options);
    case "parked":
      return await listWaiting(o, type, ["parked"], options);
    case "given-up":
      return await listWaiting(o, type, ["given"], options);
    case "left":
      return await listLeavers(o, type, options);
  }
}

/** How many there are of the type, and in each state that is counted. Errors: TableError. */
export async function countListed(o: Store, type: ResourceType): Promise<ListedCounts> {
  const [{ total }, waiting] = await Promise.all([countsOf(o, type), waitingCounts(o, type)]);
  return { total, ...waiting };
}
