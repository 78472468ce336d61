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
    ...(sinceMs === undefined ? [] : [`--since ${sinceText(sinceMs)}`]),
    ...(most === mostUsual ? [] : [`--most ${most}`]),
    ...(after === undefined ? [] : [`--after ${shellWord(after)}`]),
    ...(follow === true ? ["--follow"] : []),
  ].join(" ");
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
] as const;

/** `7d`, `90m`: as it is typed. */
function sinceText(ms: number): string {
  const [unit, unitMs] = units.find(([, length]) => ms % length === 0) ?? (["m", 60_000] as const);
  return `${Math.ceil(ms / unitMs)}${unit}`;
}
