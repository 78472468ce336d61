/** `rollcall import <file>` */
import { basename, extname } from "node:path";
import { commandFor, shellWord } from "../../ops/command.ts";
import { checkImport, type ImportCheck } from "../../ops/import/check-import.ts";
import { type ImportFormat, importFormats, readImportFile } from "../../ops/import/import-file.ts";
import { ImportFileError, type ImportRow, problemText, type RowProblem } from "../../ops/import/import-row.ts";
import { type Imported, type RefusedRow, runImport } from "../../ops/import/run-import.ts";
import type { Operations } from "../../ops/operations.ts";
import { refuseOtherFile } from "../../ops/other-file.ts";
import type { CommandContext } from "../command-context.ts";
import { type Io, line, note, styled, UsageError } from "../io.ts";
import { printJson } from "../json.ts";
import { paragraph } from "../paragraph.ts";
import { progress } from "../progress.ts";
import { printTable } from "../table.ts";
import { withTarget } from "../target.ts";
import { readTextFile } from "../text-file.ts";
import { counted, printable, whole } from "../words.ts";
import type { ImportOptions } from "./import.ts";

interface Input {
  readonly path: string;
  /** Without its folder. */
  readonly name: string;
  readonly fileHash: string;
  readonly rows: readonly ImportRow[];
}

export async function importFile({ io, fail }: CommandContext, path: string, options: ImportOptions): Promise<void> {
  const format = formatOf(path);
  const { text, hash: fileHash } = readTextFile(path);
  await withTarget(options, io.settings, async ({ operations }) => {
    let rows: readonly ImportRow[];
    try {
      rows = readImportFile(operations.tenant.types, format, text);
    } catch (error) {
      if (!(error instanceof ImportFileError)) throw error;
      fail();
      return tellProblems(io, path, error.problems, options);
    }
    const input = { path, name: basename(path), fileHash, rows };
    const run = options.dryRun === true ? dryRun : realRun;
    if (!(await run(io, operations, input, options))) fail();
  });
}

function formatOf(path: string): ImportFormat {
  const extension = extname(path).slice(1).toLowerCase();
  const format = importFormats.find((one) => one === (extension === "ndjson" ? "jsonl" : extension));
  if (format !== undefined) return format;
  throw new UsageError(`${path} has none of the endings .csv, .json and .jsonl, which say what is in it.`);
}

const shownMost = 20;

function tellProblems(io: Io, path: string, problems: readonly RowProblem[], { json }: ImportOptions): void {
  if (json === true) return printJson(io, { file: basename(path), problems });
  note(io, styled(io, "red", `${basename(path)} is not in order, and nothing was written:`));
  for (const problem of problems.slice(0, shownMost)) note(io, `  ${printable(problemText(problem))}`);
  if (problems.length > shownMost) note(io, `  … and ${whole(problems.length - shownMost)} more, which --json shows`);
}

/** False: not all can be brought. */
async function dryRun(io: Io, o: Operations, input: Input, options: ImportOptions): Promise<boolean> {
  const running = progress(io, "checking");
  const during = { onProgress: running.onProgress, signal: io.interruption() };
  const check = await checkImport(o, input, during).finally(() => running.stop());
  if (options.json === true) printJson(io, { file: input.name, rows: input.rows.length, ...check });
  else printCheck(io, o, input, check);
  return !check.stopped && check.refused.length === 0;
}

function printCheck(io: Io, o: Operations, { path, name, rows }: Input, check: ImportCheck): void {
  const { seen, brought, passedOver, refused, parked, stopped } = check;
  line(io, styled(io, "bold", `${printable(name)}: ${kindsText(rows)}${stopped ? `, ${whole(seen)} checked` : ""}`));
  counts(io, [
    [brought, "would be brought"],
    [passedOver, "brought by this import before"],
    [refused.length, "would be refused", "red"],
    [parked.length, "of those brought would be parked: the mapping cannot carry them", "yellow"],
  ]);
  printRows(io, "Would be refused", refused);
  printRows(io, "Would be parked", parked);
  if (stopped) note(io, "Stopped before the end: this is the part that was checked.");
  else line(io, `  To bring them: ${commandFor(o, `import ${shellWord(path)}`)}`);
}

/** False: not all were brought. */
async function realRun(io: Io, o: Operations, input: Input, options: ImportOptions): Promise<boolean> {
  refuseOtherFile(o);
  const running = progress(io, "importing");
  const during = { onProgress: running.onProgress, signal: io.interruption() };
  const done = await runImport(o, input, during).finally(() => running.stop());
  if (options.json === true) printJson(io, { file: input.name, rows: input.rows.length, ...done });
  else printDone(io, o, input, done);
  if (done.stopped)
    note(
      io,
      `Stopped before the end. The same file goes on there: ${commandFor(o, `import ${shellWord(input.path)}`)}`,
    );
  return !done.stopped && done.refused.length === 0;
}

function printDone(io: Io, o: Operations, { name, rows }: Input, done: Imported): void {
  const { import: mark, brought, passedOver, refused } = done;
  line(io, styled(io, "bold", `${printable(name)}: ${kindsText(rows)}, import ${mark.id}`));
  counts(io, [
    [brought, "brought"],
    [passedOver, "brought by this import before"],
    [refused.length, "refused", "red"],
  ]);
  printRows(io, "Refused", refused);
  if (brought + passedOver > 0)
    paragraph(
      io,
      `The worker applies them. To take back whom nobody has spoken of: \`${commandFor(o, `import undo ${mark.id}`)}\``,
    );
}

function kindsText(rows: readonly ImportRow[]): string {
  const kinds = Map.groupBy(rows, ({ type }) => type.name);
  return [...kinds].map(([name, all]) => counted(all.length, name)).join(", ");
}

function counts(io: Io, rows: readonly (readonly [number, string, Parameters<typeof styled>[1]?])[]): void {
  const shown = rows.filter(([count], n) => count > 0 || n === 0);
  const width = Math.max(...shown.map(([count]) => whole(count).length));
  for (const [count, text, style] of shown) {
    const words = `  ${whole(count).padStart(width)}  ${text}`;
    line(io, style === undefined ? words : styled(io, style, words));
  }
}

function printRows(io: Io, title: string, rows: readonly RefusedRow[]): void {
  if (rows.length === 0) return;
  line(io);
  line(io, styled(io, "bold", title));
  const cells = rows.slice(0, shownMost).map(({ row, name, reason }) => [whole(row), name ?? "", reason]);
  printTable(io, ["row", "who", "why"], cells, ["row"]);
  if (rows.length > shownMost) line(io, `… and ${whole(rows.length - shownMost)} more, which --json shows`);
  line(io);
}
