/** The note of what was sent and did not arrive: each place once, so many places at most. */
import { limits } from "./limits.ts";
import type { Ignored } from "./schema.ts";

/** Adds to the list. A body may hold any number of unknown attributes; a log item may not. */
export function noteIgnored(list: Ignored[], path: string, reason: Ignored["reason"]): void {
  const short = path.slice(0, limits.ignoredCharacters);
  if (list.length >= limits.ignoredNoted || list.some((noted) => noted.path === short && noted.reason === reason))
    return;
  list.push({ path: short, reason });
}
