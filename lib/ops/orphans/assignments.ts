/**
 * Reads an identity provider's export of who is assigned: CSV with a header, its columns found by their names. A file that is
 * half understood would make people look like orphans, so whatever cannot be read is an error.
 */
import { CsvError, type Info, parse } from "csv-parse/sync";
import { fold } from "../../scim/text.ts";
import { counted } from "../words.ts";

export interface Assignment {
  /** Of the file, from 1. */
  readonly row: number;
  /** userName, or e-mail. */
  readonly name?: string;
  readonly externalId?: string;
  /** Absent: the export has no such column. */
  readonly active?: boolean;
}

export interface Assignments {
  readonly people: readonly Assignment[];
  /** Rows about somebody of whom a row before is: of two groups that assign one person, for example. */
  readonly repeated: number;
  /** Rows that stand for a group. */
  readonly groups: number;
  /** The columns that were taken, as the file spells them. */
  readonly columns: { readonly name?: string; readonly externalId?: string; readonly active?: string };
}

/** The message names row, column, what was found and what was expected. */
export class AssignmentsError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssignmentsError";
  }
}

/** Names of columns in lower case without spaces, `_`, `-` and `.`; the first that the file has is taken. */
const columnNames = {
  name: ["username", "userprincipalname", "upn", "userlogin", "login", "email", "emailaddress", "mail"],
  externalId: ["externalid", "objectid", "userid", "id"],
  active: ["accountenabled", "active", "enabled", "status", "userstatus"],
  kind: ["objecttype", "principaltype"],
} as const;

const states: ReadonlyMap<string, boolean> = new Map([
  ...statesOf("true yes 1 active enabled provisioned recovery password_expired locked_out", true),
  ...statesOf("false no 0 inactive disabled suspended deprovisioned staged", false),
]);

function statesOf(words: string, active: boolean): [string, boolean][] {
  return words.split(" ").map((word) => [word, active]);
}

/** Errors: AssignmentsError. */
export function readAssignments(text: string): Assignments {
  refuseBinary(text);
  const [header, ...rows] = recordsOf(text);
  if (header === undefined)
    throw new AssignmentsError("the file is empty; expected a header and a row for each person");
  const columns = columnsOf(header.record);
  const people: Assignment[] = [];
  let groups = 0;
  for (const { record, row } of rows) {
    if (cell(record, columns.kind)?.toLowerCase() === "group") groups += 1;
    else people.push(assignmentOf(record, row, columns, header.record));
  }
  if (people.length === 0) {
    const found = groups === 0 ? "has no row behind its header" : `has rows of ${counted(groups, "group")} alone`;
    throw new AssignmentsError(`the file ${found}; expected a row for each person who is assigned`);
  }
  const once = merged(people, header.record[columns.active ?? -1]);
  return {
    people: once,
    repeated: people.length - once.length,
    groups,
    columns: namesOf(header.record, columns),
  };
}

/** A spreadsheet's own format, a picture, an archive: nothing of it is worth showing. */
function refuseBinary(text: string): void {
  // oxlint-disable-next-line no-control-regex -- no text has these
  if (!/[\u0000-\u0008\u000E-\u001F]/.test(text)) return;
  throw new AssignmentsError("the file is no text; expected a CSV in UTF-8 or UTF-16 (save a spreadsheet as CSV)");
}

interface Row {
  readonly record: readonly string[];
  readonly row: number;
}

function recordsOf(text: string): Row[] {
  try {
    const options = {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      skip_empty_lines: true,
      trim: true,
    } as const;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- with `info` each record comes so.
    const all = parse(text, options) as unknown as { info: Info; record: string[] }[];
    return all.map(({ info, record }) => ({ record, row: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new AssignmentsError(csvProblem(error, text), { cause: error });
  }
}

/** In our words: the parser's name its own options. */
function csvProblem(error: CsvError, text: string): string {
  const { lines } = error;
  const row = typeof lines === "number" ? `row ${lines}` : "the file";
  switch (error.code) {
    case "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH": {
      const found = Array.isArray(error["record"]) ? counted(error["record"].length, "column") : "other columns";
      return `${row} has ${found}; expected as many as the header has`;
    }
    case "CSV_QUOTE_NOT_CLOSED":
      return `row ${lastOpened(text)} has a quotation mark that is not closed; expected one at the end of the value`;
    case "INVALID_OPENING_QUOTE":
      return `${row} has a quotation mark within a value; expected the whole value in quotation marks, and that mark twice`;
    case "CSV_INVALID_CLOSING_QUOTE":
    case "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE":
      return `${row} has something behind a closing quotation mark; expected the end of the value`;
    default:
      return `${row} is no CSV; expected values that are parted by commas, semicolons or tabs`;
  }
}

/** The line of the quotation mark that opens what is not closed: the parser only knows that the end came. */
function lastOpened(text: string): number {
  let [line, opened, isOpen] = [1, 1, false];
  for (const letter of text) {
    if (letter === "\n") line += 1;
    if (letter !== '"') continue;
    isOpen = !isOpen;
    if (isOpen) opened = line;
  }
  return opened;
}

/** Spreadsheets of many countries write semicolons. What the header has most of parts the columns. */
function delimiterOf(text: string): string {
  const [header = ""] = text.split(/\r?\n/, 1);
  const count = (mark: string) => header.split(mark).length;
  return [",", ";", "\t"].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

type Columns = { readonly [column in keyof typeof columnNames]?: number };

function columnsOf(header: readonly string[]): Columns {
  const plain = header.map((name) => name.toLowerCase().replaceAll(/[\s_.-]/g, ""));
  const found = Object.entries(columnNames).flatMap(([column, names]) => {
    const name = names.find((one) => plain.includes(one));
    return name === undefined ? [] : [[column, plain.indexOf(name)]];
  });
  const columns = Object.fromEntries(found) as Columns;
  if (columns.name === undefined && columns.externalId === undefined) {
    throw new AssignmentsError(
      `row 1 has the ${header.length === 1 ? "column" : "columns"} ${shortened(header.join(", "))}; expected one that names people: userName, userPrincipalName, login, email, mail, externalId, objectId or id`,
    );
  }
  return columns;
}

function shortened(text: string): string {
  return text.length > shownMost ? `${text.slice(0, shownMost)}…` : text;
}

const shownMost = 200;

function namesOf(header: readonly string[], { name, externalId, active }: Columns): Assignments["columns"] {
  const chosen = Object.entries({ name, externalId, active }).flatMap(([column, n]) =>
    n === undefined ? [] : [[column, header[n] ?? ""]],
  );
  return Object.fromEntries(chosen) as Assignments["columns"];
}

function cell(record: readonly string[], column: number | undefined): string | undefined {
  const text = column === undefined ? undefined : record[column];
  return text === "" ? undefined : text;
}

function assignmentOf(record: readonly string[], row: number, columns: Columns, header: readonly string[]): Assignment {
  const [name, externalId, state] = [columns.name, columns.externalId, columns.active].map((n) => cell(record, n));
  if (name === undefined && externalId === undefined) {
    const asked = [columns.name, columns.externalId].flatMap((n) => (n === undefined ? [] : `"${header[n] ?? ""}"`));
    throw new AssignmentsError(`row ${row}, column ${asked.join(" and ")} is empty; expected whom the row is about`);
  }
  const who = { row, ...(name === undefined ? {} : { name }), ...(externalId === undefined ? {} : { externalId }) };
  if (columns.active === undefined) return who;
  const active = states.get(state?.toLowerCase().replaceAll(" ", "_") ?? "");
  if (active === undefined) {
    const found = state === undefined ? "is empty" : `has "${state.slice(0, 40)}"`;
    throw new AssignmentsError(
      `row ${row}, column "${header[columns.active] ?? ""}" ${found}; expected true or false, active or inactive, enabled or disabled, or a status of Okta's`,
    );
  }
  return { ...who, active };
}

/** Who is assigned twice, by two groups, stands in the export twice. Errors: AssignmentsError when the two rows disagree. */
function merged(people: readonly Assignment[], column = ""): Assignment[] {
  const named = new Map(people.flatMap((one) => (hasBoth(one) ? [[fold(one.name), fold(one.externalId)]] : [])));
  const byKey = new Map<string, Assignment>();
  for (const one of people) {
    // A row without an id may be about somebody who has one in another row.
    const name = fold(one.name ?? "");
    const id = one.externalId === undefined ? named.get(name) : fold(one.externalId);
    const key = id === undefined ? `name ${name}` : `id ${id}`;
    const before = byKey.get(key);
    if (before === undefined) byKey.set(key, one);
    else if (before.active !== one.active) {
      throw new AssignmentsError(
        `row ${one.row}, column "${column}" says ${one.active === true ? "active" : "inactive"}; expected the same as row ${before.row}, which is about the same person`,
      );
    }
  }
  return [...byKey.values()];
}

function hasBoth(one: Assignment): one is Assignment & { name: string; externalId: string } {
  return one.name !== undefined && one.externalId !== undefined;
}
