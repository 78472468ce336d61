/** What is asked of the activity, as it stands in the address. */
import type { ActivityOptions } from "../../ops/activity/activity.ts";
import { mostUsual } from "../../ops/activity/command-words.ts";
import { activityKinds, statusCalled, statusWords } from "../../ops/activity/row.ts";
import { hrefOf } from "../addresses.ts";
import type { ConsoleRequest } from "../context.ts";

export interface Asked extends ActivityOptions {
  /** The table itself changes while one looks; of the first page only. */
  readonly follows: boolean;
}

/** A kind or status that there is not is left out. */
export function askedBy(c: ConsoleRequest): Asked {
  const words = (c.req.query("kind") ?? "").split(",");
  const kinds = activityKinds.filter((kind) => words.includes(kind));
  const status = statusCalled(c.req.query("status"));
  const who = (c.req.query("who") ?? "").trim();
  const after = c.req.query("after");
  return {
    most: mostUsual,
    follows: c.req.query("follow") === "yes" && after === undefined,
    ...(kinds.length > 0 && { kinds }),
    ...(status && { status }),
    ...(who !== "" && { who }),
    ...(after !== undefined && { after }),
  };
}

/** The first page of it, unless `after` says otherwise. */
export function hrefTo(asked: Asked, { after, follows = false }: { after?: string; follows?: boolean } = {}): string {
  return hrefOf("/activity", { ...queryOf(asked), after, follow: follows ? "yes" : undefined });
}

export function queryOf({ kinds, status, who }: Asked): Record<string, string | undefined> {
  return { kind: kinds?.join(","), status: status && statusWords[status], who };
}

export function isFiltered({ kinds, status, who }: Asked): boolean {
  return kinds !== undefined || status !== undefined || who !== undefined;
}
