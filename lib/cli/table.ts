/** Tables for people: within the width of their terminal, without lines that a copy would carry along. */
import CliTable from "cli-table3";
import { columnsOf } from "./columns.ts";
import { type Io, line, styled, widthOf } from "./io.ts";
import { pieces } from "./long-word.ts";
import { printable } from "./words.ts";

const gap = 2;

/** Long values are wrapped, in the widest columns first. Columns named in `right` are numbers. */
export function printTable(
  io: Io,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): void {
  const cells = rows.map((row) => row.map(printable));
  const colWidths = widths([head, ...cells], widthOf(io));
  const table = new CliTable({
    head: [...head],
    colWidths,
    colAligns: head.map((name) => (right.includes(name) ? "right" : "left")),
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap },
    chars: noLines,
  });
  for (const row of cells)
    table.push(row.map((text, column) => pieces(text, (colWidths[column] ?? 0) - gap).join("\n")));
  // Coloured afterwards: a wrapped cell would be cut in the middle of its colour.
  const [names = "", ...lines] = table
    .toString()
    .split("\n")
    .map((text) => text.trimEnd());
  line(io, styled(io, "bold", names));
  for (const text of lines) line(io, text);
}

const lineNames =
  "top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle";
const noLines = Object.fromEntries(lineNames.split(" ").map((name) => [name, ""]));

/** As wide as the widest value, the widest columns narrowed until all fit. */
function widths(rows: readonly (readonly string[])[], widthMost: number): number[] {
  const natural = (rows[0] ?? []).map(
    (_, column) => gap + Math.max(...rows.map((row) => columnsOf(row[column] ?? ""))),
  );
  const total = () => natural.reduce((sum, width) => sum + width, 0);
  while (total() > widthMost + gap) {
    const widest = natural.indexOf(Math.max(...natural));
    natural[widest] = (natural[widest] ?? 0) - 1;
  }
  return natural;
}
