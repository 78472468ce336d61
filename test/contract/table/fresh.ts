/** Keys that no other test uses, and what several suites of the table contract say about them. */
import { randomUUID } from "node:crypto";
import {
  TableError,
  type Attributes,
  type Key,
  type Put,
  type Table,
  type Value,
} from "../../../lib/provisioning/ports.ts";

export function freshPk(): string {
  return `Contract#${randomUUID()}`;
}

export function freshKey(): Key {
  return { table: "scim", pk: freshPk(), sk: "a" };
}

export function put(key: Key, attributes: Attributes = {}): Put {
  return { kind: "put", key, attributes };
}

/** Writes one item for each sort key, a few at a time, so that a slow emulator is not flooded. */
export async function putAll(
  table: Table,
  pk: string,
  sks: readonly string[],
  attributes: Attributes = {},
): Promise<void> {
  const atOnce = 8;
  for (let start = 0; start < sks.length; start += atOnce) {
    const some = sks.slice(start, start + atOnce);
    await Promise.all(some.map((sk) => table.write(put({ table: "scim", pk, sk }, attributes))));
  }
}

export async function attributesOf(table: Table, key: Key): Promise<Attributes | undefined> {
  return (await table.get(key))?.attributes;
}

export async function valueOf(table: Table, key: Key, attribute: string): Promise<Value | undefined> {
  return (await attributesOf(table, key))?.[attribute];
}

/** What a write rejects with when exactly the conditions at these places failed. */
export function conditionFailure(...failed: number[]): object {
  return { name: "TableError", kind: "condition", failed };
}

/** A programmer's mistake is an ordinary Error: nobody may take it for a failure that passes. */
export function isMistake(error: unknown): boolean {
  return error instanceof Error && !(error instanceof TableError);
}
