/** A file of resources, read as a whole before anything is written: half a file would be worse than none. */
import { claimsOf, lookupsOf } from "../../provisioning/index-entries.ts";
import { ScimError } from "../../scim/error.ts";
import { readResource } from "../../scim/resource.ts";
import { userType } from "../../scim/resource-type.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { csvRows } from "./csv-rows.ts";
import { type ImportRow, ImportFileError, type RawRow, type RowProblem } from "./import-row.ts";
import { jsonLineRows, jsonRows } from "./json-rows.ts";

export const importFormats = ["csv", "json", "jsonl"] as const;

export type ImportFormat = (typeof importFormats)[number];

/**
 * Groups come last, so that their members are there.
 *
 * Errors: ImportFileError with all that is wrong with its shape, duplicates within the file included.
 */
export function readImportFile(types: readonly ResourceType[], format: ImportFormat, text: string): ImportRow[] {
  const { rows: raw, problems } = rawRows(types, format, text);
  const broken = new Set(problems.map(({ row }) => row));
  const rows: ImportRow[] = [];
  const seen = new Map<string, number>();
  for (const one of raw) {
    if (broken.has(one.row)) continue;
    const read = readRow(one, problems);
    if (read === undefined) continue;
    rows.push(read);
    noteRepeated(read, one, seen, problems);
  }
  if (problems.length > 0) throw new ImportFileError(problems.toSorted((a, b) => (a.row ?? 0) - (b.row ?? 0)));
  return [...rows.filter(({ type }) => !type.hasMembers), ...rows.filter(({ type }) => type.hasMembers)];
}

function rawRows(
  types: readonly ResourceType[],
  format: ImportFormat,
  text: string,
): { rows: RawRow[]; problems: RowProblem[] } {
  if (format === "json") return jsonRows(types, text);
  if (format === "jsonl") return jsonLineRows(types, text);
  return csvRows(types.find(({ id }) => id === userType.id) ?? userType, text);
}

function readRow({ row, type, body, fileId, columns }: RawRow, problems: RowProblem[]): ImportRow | undefined {
  try {
    const read = readResource(type, body);
    lookupsOf(type, read.resource);
    return { row, type, read, ...(fileId !== undefined && { fileId }) };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    problems.push({ row, ...columnIn(error.message, columns), problem: error.message });
    return undefined;
  }
}

/** A detail begins with the attribute that it is about. */
function columnIn(detail: string, columns: RawRow["columns"]): { column?: string } {
  const path = /^"([^"]+)"/.exec(detail)?.[1];
  if (path === undefined) return {};
  const name = /^[A-Za-z]+/.exec(path.slice(path.lastIndexOf(":") + 1))?.[0] ?? path;
  return { column: columns?.get(name.toLowerCase()) ?? path };
}

/** Of two rows with one userName nobody can say which is meant. */
function noteRepeated(
  { row, type, read, fileId }: ImportRow,
  { columns }: RawRow,
  seen: Map<string, number>,
  problems: RowProblem[],
): void {
  const values = [
    ...(fileId === undefined ? [] : [{ attribute: "id", value: fileId.toLowerCase() }]),
    ...claimsOf(type, read.resource),
  ];
  for (const { attribute, value } of values) {
    const key = JSON.stringify([attribute === "id" ? "" : type.id, attribute, value]);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, row);
    else {
      const column = columns?.get(attribute.toLowerCase()) ?? attribute;
      problems.push({
        row,
        column,
        problem: `is the same as in row ${before.toLocaleString("en")}; expected each once`,
      });
    }
  }
}
