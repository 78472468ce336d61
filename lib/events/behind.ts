/** Subjects of which something could not be told: a list for catch-up, by their names and without values. */
import { defined, number, text } from "../provisioning/head.ts";
import { behindKey, behindPartition } from "../provisioning/keys.ts";
import type { Delete, Put, Table } from "../provisioning/ports.ts";
import { queryAll } from "../provisioning/query-all.ts";

export interface Behind {
  readonly subject: string;
  /** Since when, in milliseconds since 1970. */
  readonly at: number;
  /** The name of the error that an item of it met; absent where the stream lost something. */
  readonly error?: string;
}

export function behindPut({ subject, at, error }: Behind): Put {
  return { kind: "put", key: behindKey(subject), attributes: { at, ...defined({ error }) } };
}

/** It was told anew, unless something else was missed since. */
export function behindDelete({ subject, at }: Behind): Delete {
  return { kind: "delete", key: behindKey(subject), if: [{ is: "equal", attribute: "at", value: at }] };
}

/** Errors: TableError. */
export async function* listBehind(table: Table): AsyncGenerator<Behind> {
  for await (const { sk, attributes: a } of queryAll(table, { table: "events", pk: behindPartition }))
    yield { subject: sk, at: number(a, "at") ?? 0, ...defined({ error: text(a, "error") }) };
}
