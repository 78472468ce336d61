/** A range of the port as a Query of DynamoDB, which refuses bounds the wrong way round and starts outside of them. */
import type { QueryCommandInput } from "@aws-sdk/client-dynamodb";
import type { QueryRange } from "../provisioning/ports.ts";
import { placeholders, type Placeholders } from "./expression.ts";
import { marshalKey } from "./marshal.ts";
import { tableName, type TableNames } from "./write-input.ts";

/** Undefined when no item can be in the range. */
export function queryInput(range: QueryRange, names: TableNames): QueryCommandInput | undefined {
  const { from, to, after, descending = false } = range;
  if (from !== undefined && to !== undefined && isBefore(to, from)) return undefined;
  const [first, last] = descending ? [to, from] : [from, to];
  const comesBefore = (a: string, b: string): boolean => (descending ? isBefore(b, a) : isBefore(a, b));
  if (after !== undefined && last !== undefined && comesBefore(last, after)) return undefined;
  const start = after !== undefined && (first === undefined || !comesBefore(after, first)) ? after : undefined;

  const p = placeholders();
  const KeyConditionExpression = keyCondition(range, p);
  return {
    TableName: tableName(names, range.table),
    KeyConditionExpression,
    ...p.maps(),
    ConsistentRead: true,
    ScanIndexForward: !descending,
    ...(start !== undefined && { ExclusiveStartKey: marshalKey({ pk: range.pk, sk: start }) }),
    ...(range.limit !== undefined && { Limit: range.limit }),
  };
}

function keyCondition({ pk, from, to }: QueryRange, p: Placeholders): string {
  const partition = `${p.name("pk")} = ${p.value(pk)}`;
  if (from !== undefined && to !== undefined) {
    return `${partition} AND ${p.name("sk")} BETWEEN ${p.value(from)} AND ${p.value(to)}`;
  }
  if (from !== undefined) return `${partition} AND ${p.name("sk")} >= ${p.value(from)}`;
  if (to !== undefined) return `${partition} AND ${p.name("sk")} <= ${p.value(to)}`;
  return partition;
}

/** DynamoDB sorts by UTF-8 bytes; `<` of JavaScript compares UTF-16. */
function isBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
