/** Tables for people: within 80 columns, without lines that a copy would carry along. */
import { stripVTControlCharacters } from "node:util";
import CliTable from "cli-table3";
import { type Io, line, styled } from "./io.ts";

const widthMost = 80;
const gap = 2;

/** Long values are wrapped, in the widest columns first. Columns named in `right` are numbers. */
export function printTable(
  io: Io,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[] = [],
): void {
  const table = new CliTable({
    head: head.map((name) => styled(io, "bold", name)),
    colWidths: widths([head, ...rows]),
    colAligns: head.map((name) => (right.includes(name) ? "right" : "left")),
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap },
    chars: noLines,
  });
  for (const row of rows) table.push([...row]);
  for (const text of table.toString().split("\n")) line(io, text.trimEnd());
}

const lineNames =
  "top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle";
const noLines = Object.fromEntries(lineNames.split(" ").map((name) => [name, ""]));

/** As wide as the widest value, the widest columns narrowed until all fit. */
function widths(rows: readonly (readonly string[])[]): number[] {
  const natural = (rows[0] ?? []).map((_, column) => gap + Math.max(...rows.map((row) => widthOf(row[column] ?? ""))));
  const total = () => natural.reduce((sum, width) => sum + width, 0);
  while (total() > widthMost + gap) {
    const widest = natural.indexOf(Math.max(...natural));
    natural[widest] = (natural[widest] ?? 0) - 1;
  }
  return natural;
}

function widthOf(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split("\n")
      .map((part) => part.length),
  );
}
