/** The words behind `rollcall` that ask the same. */
import { shellWord } from "../command.ts";
import type { ActivityOptions } from "./activity.ts";
import { statusWords } from "./row.ts";

export const mostUsual = 50;

export interface AskedInWords extends Omit<ActivityOptions, "since"> {
  /** Units: milliseconds. */
  readonly sinceMs?: number;
  readonly follow?: boolean;
}

/** `activity --kind deleted --who ada@example.com` */
export function commandWords({ kinds, status, who, sinceMs, after, most, follow }: AskedInWords): string {
  return [
    "activity",
    ...(kinds === undefined ? [] : [`--kind ${kinds.join(",")}`]),
    ...(status === undefined ? [] : [`--status ${statusWords[status]}`]),
    ...(who === undefined ? [] : [`--who ${shellWord(who)}`]),
    ...(sinceMs === undefined ? [] : [`--since ${Math.ceil(sinceMs / 60_000)}m`]),
    ...(most === mostUsual ? [] : [`--most ${most}`]),
    ...(after === undefined ? [] : [`--after ${shellWord(after)}`]),
    ...(follow === true ? ["--follow"] : []),
  ].join(" ");
}
