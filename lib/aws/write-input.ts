/** A write of the port as the input of its DynamoDB command; a transaction takes the same inputs as a single write. */
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Check, Condition, Delete, Put, TableName, Update, Write } from "../provisioning/ports.ts";
import { conditionExpression, placeholders, updateExpression, type Placeholders } from "./expression.ts";
import { marshalItem, marshalKey } from "./marshal.ts";

/** What the tables are called in this account. */
/** A tenant without events has no table for them. */
export type TableNames = Readonly<Record<"scim" | "directory", string>> & { readonly events?: string };

export function tableName(names: TableNames, table: TableName): string {
  const name = names[table];
  if (name === undefined) throw new Error(`the tenant has no table "${table}": its file has no key "events"`);
  return name;
}

export function putInput({ key, attributes, if: conditions }: Put, names: TableNames) {
  const p = placeholders();
  const condition = conditionPart(conditions, p);
  return { TableName: tableName(names, key.table), Item: marshalItem(key, attributes), ...condition, ...p.maps() };
}

export function updateInput({ key, if: conditions, ...changes }: Update, names: TableNames) {
  const p = placeholders();
  const condition = conditionPart(conditions, p);
  const UpdateExpression = updateExpression(changes, p);
  return { TableName: tableName(names, key.table), Key: marshalKey(key), UpdateExpression, ...condition, ...p.maps() };
}

export function deleteInput({ key, if: conditions }: Delete, names: TableNames) {
  const p = placeholders();
  const condition = conditionPart(conditions, p);
  return { TableName: tableName(names, key.table), Key: marshalKey(key), ...condition, ...p.maps() };
}

export function transactInput(write: Write | Check, names: TableNames): TransactWriteItem {
  if (write.kind === "put") return { Put: putInput(write, names) };
  if (write.kind === "update") return { Update: updateInput(write, names) };
  if (write.kind === "delete") return { Delete: deleteInput(write, names) };
  return { ConditionCheck: checkInput(write, names) };
}

function checkInput({ key, if: conditions }: Check, names: TableNames) {
  const p = placeholders();
  const ConditionExpression = conditionExpression(conditions, p);
  return { TableName: tableName(names, key.table), Key: marshalKey(key), ConditionExpression, ...p.maps() };
}

function conditionPart(conditions: readonly Condition[] = [], p: Placeholders): { ConditionExpression?: string } {
  const ConditionExpression = conditionExpression(conditions, p);
  return ConditionExpression === undefined ? {} : { ConditionExpression };
}
