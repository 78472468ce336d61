/** Text for people, wrapped at the width of their terminal. */
import { columnsOf } from "./columns.ts";
import { type Io, line, note, widthOf } from "./io.ts";
import { pieces } from "./long-word.ts";

interface Indents {
  /** Before the first line. */
  readonly first?: string;
  /** Before the others; absent: spaces as wide as `first`. */
  readonly rest?: string;
}

/** Prints a paragraph. Its colours count for nothing; a word that is wider than the line is broken between its parts. */
export function paragraph(io: Io, text: string, indents: Indents = {}): void {
  for (const wrapped of wrap(text, widthOf(io), indents)) line(io, wrapped);
}

/** A sentence on stderr, wrapped where people look; whoever reads a log gets each on a line of its own. */
export function noteSentence(io: Io, text: string): void {
  const lines = text.split("\n");
  for (const one of io.columns === undefined ? lines : lines.flatMap((each) => wrap(each, widthOf(io)))) note(io, one);
}

/** A paragraph behind a name: `  applied    version 3, nothing is pending`, what follows stands under the text. */
export function field(io: Io, name: string, text: string, nameWidth = 10): void {
  paragraph(io, text, { first: `  ${name.padEnd(nameWidth)} ` });
}

function wrap(text: string, width: number, { first = "", rest }: Indents = {}): string[] {
  const behind = rest ?? " ".repeat(visibleLength(first));
  const most = Math.max(wordLeast, width - Math.max(visibleLength(first), visibleLength(behind)));
  const lines: string[] = [];
  let current = "";
  const room = () => width - visibleLength(lines.length === 0 ? first : behind);
  const flush = () => {
    lines.push(`${lines.length === 0 ? first : behind}${current}`.trimEnd());
    current = "";
  };
  for (const word of text.split(unitsStay).flatMap((one) => fitting(one, most))) {
    if (current !== "" && visibleLength(current) + 1 + visibleLength(word) > room()) flush();
    current = current === "" ? word : `${current} ${word}`;
  }
  flush();
  return lines;
}

/** Narrower columns than this are left as they are: one letter a line is no text. */
const wordLeast = 10;

/** A word in pieces that fit, its colours around them all. */
function fitting(word: string, width: number): string[] {
  if (visibleLength(word) <= width) return [word];
  const [, before = "", plain = word, after = ""] = coloured.exec(word) ?? [];
  if (plain.includes("\u001B")) return [word];
  const parts = pieces(plain, width);
  return parts.map((part, n) => `${n === 0 ? before : ""}${part}${n === parts.length - 1 ? after : ""}`);
}

// oxlint-disable-next-line no-control-regex -- our own colours
const coloured = /^((?:\u001B\[[0-9;]*m)*)(.*?)((?:\u001B\[[0-9;]*m)*)$/su;

/** Spaces, but not the one in "4 s" or "99 %". */
const unitsStay = / +(?!(?:ms|s|min|h|days?|%)(?![\p{L}\p{N}]))/u;

function visibleLength(text: string): number {
  // oxlint-disable-next-line no-control-regex -- our own colours
  return columnsOf(text.replaceAll(/\u001B\[[0-9;]*m/g, ""));
}
