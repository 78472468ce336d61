/** Resources as JSON: an array, a SCIM list response, or a line for each, as `rollcall export` writes them. */
import { isList, isObject, type Json, type JsonObject } from "../../scim/json.ts";
import { userType } from "../../scim/resource-type.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { ImportFileError, type RawRow, type RowProblem } from "./import-row.ts";

type Read = { rows: RawRow[]; problems: RowProblem[] };

/** One JSON text for all. Errors: ImportFileError. */
export function jsonRows(types: readonly ResourceType[], text: string): Read {
  let all: Json;
  try {
    all = JSON.parse(withoutMark(text));
  } catch (error) {
    if (text.trimStart().startsWith("{") && text.includes("\n")) return jsonLineRows(types, text);
    throw new ImportFileError([
      { problem: `the file is no JSON (${reasonOf(error)}); expected an array of SCIM resources` },
    ]);
  }
  const list = isObject(all) && isList(all["Resources"]) ? all["Resources"] : isList(all) ? all : [all];
  return rowsOf(
    types,
    list.map((body, n) => ({ row: n + 1, body })),
  );
}

/** One on each line; empty lines are passed over. Errors: ImportFileError. */
export function jsonLineRows(types: readonly ResourceType[], text: string): Read {
  const found: { row: number; body: Json }[] = [];
  const problems: RowProblem[] = [];
  for (const [n, line] of withoutMark(text).split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      found.push({ row: n + 1, body: JSON.parse(line) });
    } catch (error) {
      problems.push({ row: n + 1, problem: `is no JSON (${reasonOf(error)}); expected one SCIM resource` });
    }
  }
  const read = rowsOf(types, found);
  return { rows: read.rows, problems: [...problems, ...read.problems] };
}

function rowsOf(types: readonly ResourceType[], list: readonly { row: number; body: Json }[]): Read {
  if (list.length === 0)
    throw new ImportFileError([{ problem: "the file has no rows; expected a SCIM resource in each" }]);
  const rows: RawRow[] = [];
  const problems: RowProblem[] = [];
  for (const { row, body } of list) {
    const type = isObject(body) ? typeOf(types, body) : undefined;
    if (!isObject(body)) problems.push({ row, problem: "is no JSON object; expected one SCIM resource" });
    else if (type === undefined) {
      const names = types.map(({ schema }) => schema.id).join(", ");
      problems.push({
        row,
        column: "schemas",
        problem: `names no resource type of this tenant; expected one of ${names}`,
      });
    } else {
      const { id } = body;
      rows.push({ row, type, body, ...(typeof id === "string" && id !== "" && { fileId: id }) });
    }
  }
  return { rows, problems };
}

/** By `meta.resourceType`, else by `schemas`; whoever says neither is a user. */
function typeOf(types: readonly ResourceType[], body: JsonObject): ResourceType | undefined {
  const { meta, schemas } = body;
  const name = isObject(meta ?? null) ? (meta as JsonObject)["resourceType"] : undefined;
  if (typeof name === "string") return types.find((type) => type.name === name);
  if (!isList(schemas ?? null)) return types.find(({ id }) => id === userType.id);
  const urns = new Set(
    (schemas as readonly Json[]).flatMap((urn) => (typeof urn === "string" ? urn.toLowerCase() : [])),
  );
  return types.find(({ schema }) => urns.has(schema.id.toLowerCase()));
}

function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** The engine quotes what stands there, which may be long. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/, ?"[\s\S]*$/, "").slice(0, 120);
}
