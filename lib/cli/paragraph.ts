/** Text for people, wrapped at the width of their terminal. */
import { type Io, line, widthOf } from "./io.ts";

interface Indents {
  /** Before the first line. */
  readonly first?: string;
  /** Before the others; absent: spaces as wide as `first`. */
  readonly rest?: string;
}

/** Prints a paragraph. Its colours count for nothing; a word that is wider than the line stands alone. */
export function paragraph(io: Io, text: string, indents: Indents = {}): void {
  for (const wrapped of wrap(text, widthOf(io), indents)) line(io, wrapped);
}

/** A paragraph behind a name: `  applied    version 3, nothing is pending`, what follows stands under the text. */
export function field(io: Io, name: string, text: string, nameWidth = 10): void {
  paragraph(io, text, { first: `  ${name.padEnd(nameWidth)} ` });
}

function wrap(text: string, width: number, { first = "", rest }: Indents = {}): string[] {
  const behind = rest ?? " ".repeat(visibleLength(first));
  const lines: string[] = [];
  let current = "";
  const room = () => width - visibleLength(lines.length === 0 ? first : behind);
  const flush = () => {
    lines.push(`${lines.length === 0 ? first : behind}${current}`.trimEnd());
    current = "";
  };
  for (const word of text.split(unitsStay)) {
    if (current !== "" && visibleLength(current) + 1 + visibleLength(word) > room()) flush();
    current = current === "" ? word : `${current} ${word}`;
  }
  flush();
  return lines;
}

/** Spaces, but not the one in "4 s" or "99 %". */
const unitsStay = / +(?!(?:ms|s|min|h|days?|%)(?![\p{L}\p{N}]))/u;

function visibleLength(text: string): number {
  // oxlint-disable-next-line no-control-regex -- our own colours
  return text.replaceAll(/\u001B\[[0-9;]*m/g, "").length;
}
