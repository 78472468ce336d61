/**
 * Values of the port as DynamoDB attribute values, and back.
 *
 * Four types are all that the port has, so this takes the place of @aws-sdk/lib-dynamodb and its share of the bundle.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Attributes, Item, Key, Value } from "../provisioning/ports.ts";

export type Marshalled = Record<string, AttributeValue>;

export function marshalValue(value: Value): AttributeValue {
  if (typeof value === "string") return { S: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  return { L: value.map((text) => ({ S: text })) };
}

export function marshalKey({ pk, sk }: Pick<Key, "pk" | "sk">): Marshalled {
  return { pk: { S: pk }, sk: { S: sk } };
}

export function marshalItem(key: Pick<Key, "pk" | "sk">, attributes: Attributes): Marshalled {
  const entries = Object.entries(attributes).map(([name, value]) => [name, marshalValue(value)] as const);
  return { ...Object.fromEntries(entries), ...marshalKey(key) };
}

/** Errors: Error when an attribute has a type that Rollcall never writes. */
export function unmarshalItem({ pk, sk, ...attributes }: Marshalled): Item {
  const entries = Object.entries(attributes).map(([name, value]) => [name, unmarshalValue(name, value)] as const);
  return { pk: textOf("pk", pk), sk: textOf("sk", sk), attributes: Object.fromEntries(entries) };
}

function unmarshalValue(name: string, value: AttributeValue): Value {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.L !== undefined) return value.L.map((element) => textOf(name, element));
  throw unknownType(name, "text, number, boolean or a list of texts", value);
}

export function textOf(name: string, value: AttributeValue | undefined): string {
  if (value?.S === undefined) throw unknownType(name, "text", value);
  return value.S;
}

export function numberOf(name: string, value: AttributeValue | undefined): number {
  if (value?.N === undefined) throw unknownType(name, "a number", value);
  return Number(value.N);
}

/** Names the types alone: a value may be personal data. */
function unknownType(name: string, expected: string, value: AttributeValue | undefined): Error {
  const found = value === undefined ? "nothing" : `the type ${Object.keys(value).join(", ")}`;
  return new Error(`attribute "${name}" of an item in DynamoDB: found ${found}, expected ${expected}`);
}
