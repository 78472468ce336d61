/** The note of what was sent and did not arrive: each place once, so many places at most. */
import { isObject, type Json } from "./json.ts";
import { limits } from "./limits.ts";
import type { Ignored } from "./schema.ts";

/** Adds to the list. A body may hold any number of unknown attributes; a log item may not. */
export function noteIgnored(list: Ignored[], path: string, reason: Ignored["reason"]): void {
  const short = path.slice(0, limits.ignoredCharacters);
  if (list.length >= limits.ignoredNoted || list.some((noted) => noted.path === short && noted.reason === reason))
    return;
  list.push({ path: short, reason });
}

/** What no schema has. Of an extension that no schema has, each attribute: whoever misses one of them looks for its name. */
export function noteUnknown(list: Ignored[], path: string, value: Json): void {
  const names = /^urn:/i.test(path) && isObject(value) ? Object.keys(value) : [];
  if (names.length === 0) return noteIgnored(list, path, "unknown");
  for (const name of names) noteIgnored(list, `${path}:${name}`, "unknown");
}
