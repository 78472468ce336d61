/** CSV as spreadsheets and identity providers write it: commas, semicolons or tabs, with or without a byte order mark. */
import { CsvError, type Info, parse } from "csv-parse/sync";
import { counted } from "./words.ts";

export interface CsvRecord {
  readonly record: readonly string[];
  /** Its last line in the file, from 1. */
  readonly row: number;
}

/** The message names the row, what was found and what was expected. */
export class CsvProblem extends Error {
  readonly row: number | undefined;

  constructor(message: string, row?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = "CsvProblem";
    this.row = row;
  }
}

/** All lines that are not empty; white space around values goes. Errors: CsvProblem. */
export function csvRecords(text: string): CsvRecord[] {
  refuseBinary(text);
  try {
    const options = {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      // Whoever reads them says of each what is wrong with it.
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    } as const;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- with `info` each record comes so.
    const all = parse(text, options) as unknown as { info: Info; record: string[] }[];
    return all.map(({ info, record }) => ({ record, row: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw problemOf(error, text);
  }
}

/** What is wrong with the number of values in a row, if it is not that of the header. */
export function widthProblem({ record }: CsvRecord, header: CsvRecord): string | undefined {
  if (record.length === header.record.length) return undefined;
  return `has ${counted(record.length, "column")}; expected as many as the header has`;
}

/** A text of others in a message. */
export function shortened(text: string, most = 200): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** A spreadsheet's own format, a picture, an archive: nothing of it is worth showing. */
function refuseBinary(text: string): void {
  // oxlint-disable-next-line no-control-regex -- no text has these
  if (!/[\u0000-\u0008\u000E-\u001F]/.test(text)) return;
  throw new CsvProblem("the file is no text; expected a CSV in UTF-8 or UTF-16 (save a spreadsheet as CSV)");
}

/** In our words: the parser's name its own options. */
function problemOf(error: CsvError, text: string): CsvProblem {
  const { lines } = error;
  const line = error.code === "CSV_QUOTE_NOT_CLOSED" ? lastOpened(text) : typeof lines === "number" ? lines : undefined;
  const row = line === undefined ? "the file" : `row ${line}`;
  return new CsvProblem(`${row} ${whatIsWrong(error)}`, line, { cause: error });
}

function whatIsWrong(error: CsvError): string {
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return "has a quotation mark that is not closed; expected one at the end of the value";
    case "INVALID_OPENING_QUOTE":
      return "has a quotation mark within a value; expected the whole value in quotation marks, and that mark twice";
    case "CSV_INVALID_CLOSING_QUOTE":
    case "CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE":
      return "has something behind a closing quotation mark; expected the end of the value";
    default:
      return "is no CSV; expected values that are parted by commas, semicolons or tabs";
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
