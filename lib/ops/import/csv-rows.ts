/** The rows of a CSV of users as SCIM bodies. An empty cell says nothing. */
import type { Json } from "../../scim/json.ts";
import type { Attribute, ResourceType } from "../../scim/schema.ts";
import { csvRecords, CsvProblem, shortened, widthProblem } from "../csv.ts";
import { type AnyColumn, type Column, columnsOf } from "./csv-columns.ts";
import { ImportFileError, type RawRow, type RowProblem } from "./import-row.ts";

/** Errors: ImportFileError, for what is wrong with the file or its header. */
export function csvRows(type: ResourceType, text: string): { rows: RawRow[]; problems: RowProblem[] } {
  const [header, ...records] = recordsOf(text);
  if (header === undefined || records.length === 0)
    throw new ImportFileError([{ problem: "the file has no rows; expected a header and a row for each user" }]);
  const { columns, problems: wrong } = columnsOf(type, header.record);
  if (wrong.length > 0) throw new ImportFileError(wrong);
  const problems: RowProblem[] = [];
  const rows = records.map((one) => {
    const problem = widthProblem(one, header);
    if (problem !== undefined) problems.push({ row: one.row, problem });
    return rowOf(type, columns, one, problem === undefined ? problems : []);
  });
  return { rows, problems };
}

function recordsOf(text: string): ReturnType<typeof csvRecords> {
  try {
    return csvRecords(text);
  } catch (error) {
    if (error instanceof CsvProblem) throw new ImportFileError([{ problem: error.message }]);
    throw error;
  }
}

type Element = Record<string, Json>;

function rowOf(
  type: ResourceType,
  columns: readonly AnyColumn[],
  { record, row }: { record: readonly string[]; row: number },
  problems: RowProblem[],
): RawRow {
  const body: Element = {};
  const named = new Map<string, string>();
  const elements = new Map<string, Element>();
  let fileId: string | undefined;
  for (const [n, column] of columns.entries()) {
    const cell = record[n] ?? "";
    if ("isId" in column) fileId = cell === "" ? undefined : cell;
    else {
      named.set(column.attribute.name.toLowerCase(), column.header);
      if (cell === "") continue;
      const value = valueIn(column.sub ?? column.attribute, cell);
      if (value === undefined) problems.push({ row, column: column.header, problem: misfit(column, cell) });
      else put(body, elements, column, value);
    }
  }
  return { row, type, body, columns: named, ...(fileId !== undefined && { fileId }) };
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["1", true],
  ["false", false],
  ["no", false],
  ["0", false],
]);

/** Undefined: the cell does not say such a value. */
function valueIn({ type }: Attribute, cell: string): Json | undefined {
  if (type === "boolean") return truths.get(cell.toLowerCase());
  if (type !== "integer" && type !== "decimal") return cell;
  return /^-?\d+(\.\d+)?$/.test(cell) ? Number(cell) : undefined;
}

function misfit({ sub, attribute }: Column, cell: string): string {
  const expected = (sub ?? attribute).type === "boolean" ? "true or false" : "a number";
  return `found "${shortened(cell, 40)}"; expected ${expected}`;
}

function put(
  body: Element,
  elements: Map<string, Element>,
  { attribute, extension, sub, chosen, element }: Column,
  value: Json,
): void {
  const place = extension === undefined ? body : objectAt(body, extension);
  const { name, multiValued } = attribute;
  if (!multiValued) {
    if (sub === undefined) place[name] = value;
    else objectAt(place, name)[sub.name] = value;
    return;
  }
  const list = (place[name] ??= []) as Json[];
  if (sub === undefined) return void list.push(value);
  const there = elements.get(element);
  if (there !== undefined) there[sub.name] = value;
  else {
    const made = { ...chosen, [sub.name]: value };
    elements.set(element, made);
    list.push(made);
  }
}

function objectAt(place: Element, name: string): Element {
  return (place[name] ??= {}) as Element;
}
