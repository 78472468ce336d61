/**
 * What was told last of a subject: the fence against telling twice, what `explain` says of a person, and what tells whether
 * the stream lost something.
 */
import { defined, number, text } from "../provisioning/head.ts";
import { toldKey } from "../provisioning/keys.ts";
import type { Attributes, Table } from "../provisioning/ports.ts";

export interface Told {
  readonly sequence: number;
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

export function toldAttributes({ state, ...told }: Told): Attributes {
  return { ...told, ...defined({ state }) };
}

export function toldOf(a: Attributes): Told {
  return {
    sequence: number(a, "sequence") ?? 0,
    version: number(a, "version") ?? 0,
    position: number(a, "position") ?? 0,
    eventId: text(a, "eventId") ?? "",
    type: text(a, "type") ?? "",
    at: number(a, "at") ?? 0,
    ...defined({ state: text(a, "state") as Told["state"] }),
  };
}
