/** What is kept of an import: which file, how far it is, and whether it was undone. It holds nothing of the people in it. */
import { number, text } from "./head.ts";
import { importKey, importPartition } from "./keys.ts";
import type { Item, Table } from "./ports.ts";
import { queryAll } from "./query-all.ts";

/** Times are milliseconds since 1970. */
export interface ImportMark {
  readonly id: string;
  /** The file's, without its folder. */
  readonly name: string;
  /** SHA-256 of the file, in hex: the same file goes on where it was. */
  readonly fileHash: string;
  readonly rows: number;
  /** Rows that a run need not look at again, from the first. */
  readonly done: number;
  /** Of them, those that were brought, and those that could not be. */
  readonly brought: number;
  readonly refused: number;
  readonly state: "running" | "done" | "undoing" | "undone";
  readonly startedAt: number;
  /** When it was written last. */
  readonly at: number;
}

/** Errors: TableError. */
export async function readImport(table: Table, id: string): Promise<ImportMark | undefined> {
  const item = await table.get(importKey(id));
  return item && markOf(item);
}

/** All that there were, the newest first. Errors: TableError. */
export async function listImports(table: Table): Promise<ImportMark[]> {
  const marks: ImportMark[] = [];
  for await (const item of queryAll(table, { table: "scim", pk: importPartition })) marks.push(markOf(item));
  return marks.toSorted((a, b) => b.startedAt - a.startedAt);
}

/** Errors: TableError. */
export async function putImport(table: Table, { id, ...attributes }: ImportMark): Promise<void> {
  await table.write({ kind: "put", key: importKey(id), attributes });
}

function markOf({ sk, attributes: a }: Item): ImportMark {
  return {
    id: sk,
    name: text(a, "name") ?? "",
    fileHash: text(a, "fileHash") ?? "",
    rows: number(a, "rows") ?? 0,
    done: number(a, "done") ?? 0,
    brought: number(a, "brought") ?? 0,
    refused: number(a, "refused") ?? 0,
    state: (text(a, "state") ?? "done") as ImportMark["state"],
    startedAt: number(a, "startedAt") ?? 0,
    at: number(a, "at") ?? 0,
  };
}
