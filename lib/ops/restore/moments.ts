/** Are these heads and entries of one moment? For the doctor, who looks at some of the users. */
import type { Entry } from "../../provisioning/entry.ts";
import type { Head } from "../../provisioning/head.ts";
import type { Operations } from "../operations.ts";
import { compare } from "./compare.ts";

export interface Moments {
  /** The directory lacks what was applied. */
  readonly behind: number;
  /** The directory has what was never accepted here. */
  readonly ahead: number;
}

/** Errors: TableError. */
export async function momentsOf(
  o: Pick<Operations, "table" | "tenant" | "clock">,
  users: readonly Head[],
  entries: readonly (Entry | undefined)[],
): Promise<Moments> {
  const standings = await Promise.all(users.map(async (head, n) => await compare(o, head, entries[n], Infinity)));
  const count = (kind: "behind" | "ahead") => standings.filter((one) => one.kind === kind).length;
  return { behind: count("behind"), ahead: count("ahead") };
}
