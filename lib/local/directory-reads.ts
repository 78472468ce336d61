/**
 * The embedded directory as DynamoDB's reads: GetItem, BatchGetItem, Query and Scan, as far as whoever reads the directory
 * by docs/directory-schema.md asks them.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Attributes } from "../provisioning/ports.ts";
import { type WireItem, wireItem } from "./attribute-value.ts";
import { prepared } from "./database.ts";

/** What a request says; names as DynamoDB has them. */
export interface ReadRequest {
  readonly TableName?: string;
  readonly Key?: WireItem;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly WireItem[] }>>;
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ExpressionAttributeValues?: WireItem;
  readonly ExclusiveStartKey?: WireItem;
  readonly Limit?: number;
}

/** Not one of the reads, or in a form that is not understood here. */
export class UnknownRead extends Error {}

/** Items in a page: few enough that whoever forgets the next one is noticed. */
const pageItemsMost = 200;

/** The body of the answer. Errors: UnknownRead. */
export function answerRead(db: DatabaseSync, operation: string, request: ReadRequest): object {
  switch (operation) {
    case "GetItem":
      return one(db, request.Key);
    case "BatchGetItem":
      return batch(db, request);
    case "Query":
      return query(db, request);
    case "Scan":
      return scan(db, request);
    default:
      throw new UnknownRead(`${operation} is not offered here: only GetItem, BatchGetItem, Query and Scan`);
  }
}

function one(db: DatabaseSync, key: WireItem | undefined): { Item?: WireItem } {
  const [pk, sk] = [textOf(key, "pk"), textOf(key, "sk")];
  const row = prepared(db, "SELECT pk, sk, attributes FROM item WHERE tbl = 'directory' AND pk = ? AND sk = ?").get(
    pk,
    sk,
  );
  return row === undefined ? {} : { Item: itemOf(row) };
}

function batch(db: DatabaseSync, { RequestItems = {} }: ReadRequest): object {
  const answers = Object.entries(RequestItems).map(([table, { Keys = [] }]) => {
    return [table, Keys.map((key) => one(db, key).Item).filter((item) => item !== undefined)] as const;
  });
  return { Responses: Object.fromEntries(answers), UnprocessedKeys: {} };
}

function query(db: DatabaseSync, request: ReadRequest): object {
  const form = /^\s*pk = (:\w+)(?: and begins_with\s*\(\s*sk\s*,\s*(:\w+)\s*\))?\s*$/i.exec(
    request.KeyConditionExpression ?? "",
  );
  if (form === null || request.FilterExpression !== undefined) throw notHere("pk = :pk AND begins_with(sk, :prefix)");
  const [, pk = "", prefix] = form;
  const begins = prefix === undefined ? "" : textOf(request.ExpressionAttributeValues, prefix);
  const after = request.ExclusiveStartKey === undefined ? "" : textOf(request.ExclusiveStartKey, "sk");
  const rows = prepared(
    db,
    `SELECT pk, sk, attributes FROM item WHERE tbl = 'directory' AND pk = ? AND sk > ? AND substr(sk, 1, length(?3)) = ?3
     ORDER BY sk LIMIT ?`,
  ).all(textOf(request.ExpressionAttributeValues, pk), after, begins, pageSize(request) + 1);
  return page(rows, pageSize(request));
}

/** `sk = :a`, with or without `begins_with(pk, :b)`. */
function scan(db: DatabaseSync, request: ReadRequest): object {
  const { FilterExpression: filter, ExpressionAttributeValues: values } = request;
  const form = /^\s*sk = (:\w+)(?: and begins_with\s*\(\s*pk\s*,\s*(:\w+)\s*\))?\s*$/i.exec(filter ?? "sk = :any");
  if (form === null) throw notHere("sk = :sk AND begins_with(pk, :prefix)");
  const [, sk = "", prefix] = form;
  const start = request.ExclusiveStartKey;
  const rows = prepared(
    db,
    "SELECT pk, sk, attributes FROM item WHERE tbl = 'directory' AND (pk, sk) > (?, ?) ORDER BY pk, sk LIMIT ?",
  ).all(
    start === undefined ? "" : textOf(start, "pk"),
    start === undefined ? "" : textOf(start, "sk"),
    pageSize(request) + 1,
  );
  const { Items, ...more } = page(rows, pageSize(request));
  const fits = (item: WireItem) =>
    (filter === undefined || textOf(item, "sk") === textOf(values, sk)) &&
    (prefix === undefined || textOf(item, "pk").startsWith(textOf(values, prefix)));
  const found = Items.filter(fits);
  return { ...more, Items: found, Count: found.length };
}

function pageSize({ Limit = pageItemsMost }: ReadRequest): number {
  return Math.min(Math.max(1, Limit), pageItemsMost);
}

type Row = Record<string, unknown>;

/** `rows`: one more than the page has when it is not the last. */
function page(rows: readonly Row[], size: number): { Items: WireItem[]; Count: number; ScannedCount: number } {
  const items = rows.slice(0, size).map(itemOf);
  const last = items.at(-1);
  const more = rows.length > size && last !== undefined;
  const { pk, sk } = last ?? {};
  return {
    Items: items,
    Count: items.length,
    ScannedCount: items.length,
    ...(more && { LastEvaluatedKey: { pk, sk } }),
  };
}

function itemOf({ pk, sk, attributes }: Row): WireItem {
  return wireItem({ pk: String(pk), sk: String(sk) }, JSON.parse(String(attributes)) as Attributes);
}

/** Errors: UnknownRead. */
function textOf(item: WireItem | undefined, name: string): string {
  const value = item?.[name];
  if (value === undefined || !("S" in value)) throw new UnknownRead(`${name} is missing, or no text`);
  return value.S;
}

function notHere(form: string): UnknownRead {
  return new UnknownRead(`only the expression "${form}" is understood here, or its first half`);
}
