/**
 * Reads an identity provider's export of who is assigned: CSV with a header, its columns found by their names. A file that is
 * half understood would make people look like orphans, so whatever cannot be read is an error.
 */
import { fold } from "../../scim/text.ts";
import { csvRecords, CsvProblem, shortened, widthProblem } from "../csv.ts";
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

function recordsOf(text: string): ReturnType<typeof csvRecords> {
  try {
    const records = csvRecords(text);
    const [header] = records;
    for (const one of records) {
      const problem = header && widthProblem(one, header);
      if (problem !== undefined) throw new CsvProblem(`row ${one.row} ${problem}`, one.row);
    }
    return records;
  } catch (error) {
    if (error instanceof CsvProblem) throw new AssignmentsError(error.message, { cause: error });
    throw error;
  }
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
