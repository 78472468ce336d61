/** Values of the port as DynamoDB has them on the wire, for what speaks its language here: who reads the directory, and the stream. */
import type { Attributes, Value } from "../provisioning/ports.ts";

export type Wire =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly L: readonly Wire[] };
export type WireItem = Readonly<Record<string, Wire>>;

export function wireItem({ pk, sk }: { pk: string; sk: string }, attributes: Attributes): WireItem {
  const wired = Object.entries(attributes).map(([name, value]) => [name, wire(value)] as const);
  return { ...Object.fromEntries(wired), pk: { S: pk }, sk: { S: sk } };
}

function wire(value: Value): Wire {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  return { L: value.map((text) => ({ S: text })) };
}

/** Without its key. */
export function attributesOf({ pk: _pk, sk: _sk, ...item }: WireItem): Attributes {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, valueOf(value)]));
}

function valueOf(value: Wire): Value {
  if ("S" in value) return value.S;
  if ("N" in value) return Number(value.N);
  if ("BOOL" in value) return value.BOOL;
  return value.L.map((element) => ("S" in element ? element.S : ""));
}
