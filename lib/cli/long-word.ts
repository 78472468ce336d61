/** A word without spaces that is wider than its place: a URN, a path, an address. */
import { beginningOf, columnsOf } from "./columns.ts";

/** In pieces that fit: behind a character that ends a part of a name or a path, or anywhere when there is none in the latter half of the line. */
export function pieces(text: string, width: number): string[] {
  if (columnsOf(text) <= width || width < 1) return [text];
  const whole = beginningOf(text, width);
  const part = /^.*[\s:/@._,-]/su.exec(whole)?.[0].length ?? 0;
  const cut = part > whole.length / 2 ? part : whole.length;
  return [text.slice(0, cut).trimEnd(), ...pieces(text.slice(cut).trimStart(), width)];
}
