/** What is pending of a group, and how far the worker is, in words that the command and the console share. */
import { counted, whole } from "../words.ts";
import type { GroupStanding } from "./group.ts";
import type { Walk } from "./walk.ts";

/** `3 to come, 1 to leave`; undefined: nothing is pending about members. */
export function pendingWords({ toCome, toLeave, replacesAll, isMore }: GroupStanding["pending"]): string | undefined {
  if (replacesAll && toCome + toLeave === 0) return "all leave";
  const parts = [
    ...(toCome > 0 ? [`${whole(toCome)} to come`] : []),
    ...(toLeave > 0 ? [`${whole(toLeave)} to leave`] : []),
    ...(replacesAll ? ["all others leave"] : []),
  ];
  if (parts.length === 0) return undefined;
  return `${parts.join(", ")}${isMore ? ", and more behind them" : ""}`;
}

/** `120 of 5,000 members are done`, `about 40 % of the members are done` */
export function walkWords({ doing, part, done, total }: Walk): string {
  if (done !== undefined && total !== undefined) {
    return `${whole(done)} of ${counted(total, "named member")} ${total === 1 ? "is" : "are"} done`;
  }
  const what = doing === "names" ? "members know the new name" : "members are done";
  return `about ${Math.floor(part * 100)} % of the ${what}`;
}
