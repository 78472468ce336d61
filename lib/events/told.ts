/**
 * What was told last of a subject: the fence against telling twice, what `explain` says of a person, and what tells whether
 * the stream lost something.
 */
import { defined, number, text } from "../provisioning/head.ts";
import { toldKey } from "../provisioning/keys.ts";
import type { Attributes, Table } from "../provisioning/ports.ts";

export interface Told {
  /** Of the last event; also of a rewrite that was nothing to tell. */
  readonly sequence: number;
  /**
   * The `appliedAt` of the entry, or the `at` of the group's step, that it went up to, when that is not the sequence: the
   * directory went back in time, or all members were told anew. 0: there was none.
   */
  readonly of?: number;
  /** Of a group's members: what came before may be missing, until all of them are told anew. */
  readonly partial?: true;
  /** All its members are being told, with this sequence: as of which step (`stepAt`), and `after` which one it goes on. */
  readonly anew?: { readonly stepAt: number; readonly after: string };
  /** Of the accepted change that it showed. */
  readonly version: number;
  /** Of an entry: its state. */
  readonly state?: "active" | "suspended" | "removed";
  /** Of the last event, in the feed. */
  readonly position: number;
  readonly eventId: string;
  readonly type: string;
  /** When it was put into the feed, in milliseconds since 1970. */
  readonly at: number;
}

/** Undefined: nothing was ever told of it. Errors: TableError. */
export async function readTold(table: Table, subject: string): Promise<Told | undefined> {
  const item = await table.get(toldKey(subject));
  return item && toldOf(item.attributes);
}

/** Up to which moment of the directory's own it was told. */
export function toldUpTo(told: Told): number {
  return told.of ?? told.sequence;
}

export function toldAttributes({ state, of, partial, anew, ...told }: Told): Attributes {
  return { ...told, ...defined({ state, of, partial, anewStepAt: anew?.stepAt, anewAfter: anew?.after }) };
}

export function toldOf(a: Attributes): Told {
  const [stepAt, after] = [number(a, "anewStepAt"), text(a, "anewAfter")];
  return {
    sequence: number(a, "sequence") ?? 0,
    version: number(a, "version") ?? 0,
    position: number(a, "position") ?? 0,
    eventId: text(a, "eventId") ?? "",
    type: text(a, "type") ?? "",
    at: number(a, "at") ?? 0,
    ...defined({
      state: text(a, "state") as Told["state"],
      of: number(a, "of"),
      partial: a["partial"] === true ? true : undefined,
      anew: stepAt === undefined || after === undefined ? undefined : { stepAt, after },
    }),
  };
}
