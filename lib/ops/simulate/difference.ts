/** What is not as it was sent. */
import { equalJson, isObject, type Json } from "../../scim/json.ts";

export interface Difference {
  /** Whom or what it is about. */
  readonly about: string;
  readonly what: string;
}

export interface Compared {
  readonly users: number;
  readonly groups: number;
  readonly members: number;
  readonly differences: number;
  /** The first of them. */
  readonly examples: readonly Difference[];
}

const examplesMost = 10;

export function compared(
  counts: Pick<Compared, "users" | "groups" | "members">,
  differences: readonly Difference[],
): Compared {
  return { ...counts, differences: differences.length, examples: differences.slice(0, examplesMost) };
}

/** Names of what was sent and is not there as it was sent; a server may add, but not change or leave out. */
export function missingFrom(sent: Json, found: Json | undefined, name = ""): string[] {
  if (isObject(sent) && isObject(found)) {
    return Object.entries(sent).flatMap(([key, value]) =>
      missingFrom(value, found[key], name === "" ? key : `${name}.${key}`),
    );
  }
  if (Array.isArray(sent) && Array.isArray(found) && sent.length === found.length) {
    return sent.flatMap((value: Json, n) => missingFrom(value, (found as readonly Json[])[n], name));
  }
  return equalJson(sent, found) ? [] : [name];
}

/** Undefined when the members are those that were sent, or more of a group that was there before. */
export function memberDifference(
  sent: { matched: boolean; members: ReadonlySet<string> },
  found: ReadonlySet<string>,
): string | undefined {
  const missing = [...sent.members].filter((id) => !found.has(id)).length;
  const extra = sent.matched ? 0 : [...found].filter((id) => !sent.members.has(id)).length;
  if (missing + extra === 0) return undefined;
  return `has ${found.size} members, ${missing} of the ${sent.members.size} that were sent are missing, ${extra} were not sent`;
}
