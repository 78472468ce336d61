/** A row of a file that is to be imported, read and found to be in order; and what is wrong with one that is not. */
import type { JsonObject } from "../../scim/json.ts";
import type { ReadResource } from "../../scim/resource.ts";
import type { ResourceType } from "../../scim/schema.ts";

/** As the file has it, not looked at yet. */
export interface RawRow {
  /** The line of the file, from 1; of a JSON array, the place in it. */
  readonly row: number;
  readonly type: ResourceType;
  readonly body: JsonObject;
  /** The id that it had elsewhere; members of groups in the same file refer to it. */
  readonly fileId?: string;
  /** Which column gave which attribute. */
  readonly columns?: ReadonlyMap<string, string>;
}

export interface ImportRow extends Pick<RawRow, "row" | "type" | "fileId"> {
  readonly read: ReadResource;
}

export interface RowProblem {
  /** Absent: of the file as a whole. */
  readonly row?: number;
  readonly column?: string;
  /** What was found, and what was expected. */
  readonly problem: string;
}

/** The file cannot be imported as it is, and nothing was written. */
export class ImportFileError extends Error {
  /** At least one, in the order of the rows. */
  readonly problems: readonly RowProblem[];

  constructor(problems: readonly RowProblem[]) {
    const [first] = problems;
    super(first === undefined ? "the file cannot be imported" : problemText(first));
    this.name = "ImportFileError";
    this.problems = problems;
  }
}

/** `row 40,001, column "active": found "perhaps"; expected true or false` */
export function problemText({ row, column, problem }: RowProblem): string {
  const place = [
    ...(row === undefined ? [] : [`row ${row.toLocaleString("en")}`]),
    ...(column === undefined ? [] : [`column "${column}"`]),
  ].join(", ");
  return place === "" ? problem : `${place}: ${problem}`;
}
