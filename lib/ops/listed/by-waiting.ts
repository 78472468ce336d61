/** Those of a type that stand in the sparse index: key after key of a kind, each with those first that wait for longest. */
import { type Head, headOf } from "../../provisioning/head.ts";
import { inOrder } from "../../provisioning/in-parallel.ts";
import { headKey, type WaitKind, waitKeys } from "../../provisioning/keys.ts";
import type { Table, Waiting } from "../../provisioning/ports.ts";
import type { ResourceType } from "../../scim/schema.ts";
import type { Operations } from "../operations.ts";
import type { ListOptions, ListedPage } from "./list-resources.ts";
import { listedOf } from "./listed.ts";
import { notAPlace, readMost } from "./page-bounds.ts";

const keysAtOnce = 8;

interface Place {
  /** Which of the keys. */
  readonly n: number;
  readonly row: Pick<Waiting, "pk" | "sk" | "waitAt">;
}

export async function listWaiting(
  { table }: Pick<Operations, "table">,
  type: ResourceType,
  kinds: readonly WaitKind[],
  { after, most }: Pick<ListOptions, "after" | "most">,
): Promise<ListedPage> {
  const begin = after === undefined ? undefined : placeOf(after);
  const keys = kinds.flatMap((kind) => waitKeys(kind));
  const found: Waiting[] = [];
  let read = 0;
  let last: Place | undefined;
  for await (const { n, row } of rowsFrom(table, keys, begin, most + 1)) {
    if (last !== undefined && (found.length === most || read === readMost)) {
      return { rows: await listedAmong(table, type, kinds, found), next: textOf(last) };
    }
    read += 1;
    last = { n, row };
    if (typeOf(row) === type.id) found.push(row);
  }
  return { rows: await listedAmong(table, type, kinds, found) };
}

async function* rowsFrom(
  table: Table,
  keys: readonly string[],
  begin: Place | undefined,
  limit: number,
): AsyncGenerator<{ n: number; row: Waiting }> {
  const first = begin?.n ?? 0;
  const firstPages = keys.slice(first).map((key, at) => async () => {
    const after = at === 0 ? begin?.row : undefined;
    return { key, n: first + at, rows: await table.waiting(key, { limit, ...(after && { after }) }) };
  });
  for await (const { key, n, rows } of inOrder(firstPages, keysAtOnce)) {
    for (let page = rows; page.length > 0;) {
      for (const row of page) yield { n, row };
      const after = page.at(-1);
      page = page.length < limit || after === undefined ? [] : await table.waiting(key, { limit, after });
    }
  }
}

/** The index lags: how it stands now is asked of the heads. */
async function listedAmong(
  table: Table,
  { id: type }: ResourceType,
  kinds: readonly WaitKind[],
  rows: readonly Waiting[],
): Promise<ListedPage["rows"]> {
  const items = await table.batchGet(rows.map(({ sk }) => headKey(type, sk)));
  const heads = items.flatMap((item) => (item === undefined ? [] : [headOf(type, item)]));
  return heads.filter((head) => stands(head, kinds)).map(listedOf);
}

function stands({ waitKey = "" }: Head, kinds: readonly WaitKind[]): boolean {
  return kinds.some((kind) => waitKey.startsWith(`${kind}#`));
}

function typeOf({ pk }: Waiting): string {
  return pk.slice(0, pk.lastIndexOf("#"));
}

function textOf({ n, row: { waitAt, pk, sk } }: Place): string {
  return `${n}.${waitAt}.${sk}.${pk.slice(0, pk.lastIndexOf("#"))}`;
}

/** Errors: OperationError. */
function placeOf(text: string): Place {
  const [, n, waitAt, sk = "", type = ""] =
    /^(\d{1,2})\.(\d{1,15})\.([A-Za-z0-9-]{1,64})\.(\w{1,64})$/.exec(text) ?? [];
  if (n === undefined) throw notAPlace(text);
  return { n: Number(n), row: { waitAt: Number(waitAt), pk: headKey(type, sk).pk, sk } };
}
