/** Many lists, each newest first, as one. */
import type { LoggedChange } from "../../provisioning/change.ts";
import type { Refusal } from "../../provisioning/sighting.ts";

/** A change or a refusal, before anything else is read of it. */
export type Pointed = {
  /** Milliseconds since 1970: its place in the order of all. */
  readonly at: number;
} & ({ readonly change: ChangePointer } | { readonly refusal: Refusal });

export interface ChangePointer {
  readonly id: string;
  readonly version: number;
  /** When it is at hand already. */
  readonly logged?: LoggedChange;
}

/** A request that is listed under several names comes once. */
export async function* merged(lists: readonly AsyncGenerator<Pointed>[]): AsyncGenerator<Pointed> {
  const heads = await Promise.all(lists.map(async (list) => await list.next()));
  let last = "";
  for (;;) {
    let first: number | undefined;
    let best: Pointed | undefined;
    for (const [n, head] of heads.entries()) {
      if (head.done === true || (best !== undefined && !isBefore(head.value, best))) continue;
      [first, best] = [n, head.value];
    }
    const list = first === undefined ? undefined : lists[first];
    if (first === undefined || list === undefined || best === undefined) return;
    const name = "refusal" in best ? nameOfRefusal(best.refusal) : "";
    if (name === "" || name !== last) yield best;
    if (name !== "") last = name;
    heads[first] = await list.next();
  }
}

/** Of one moment: changes first, in the order of their lists, then refusals by request. */
function isBefore(a: Pointed, b: Pointed): boolean {
  if (a.at !== b.at) return a.at > b.at;
  return nameOf(a) > nameOf(b);
}

function nameOf(pointed: Pointed): string {
  return "refusal" in pointed ? pointed.refusal.requestId : "\uffff";
}

export function nameOfRefusal({ at, requestId }: Refusal): string {
  return `${at}#${requestId}`;
}
