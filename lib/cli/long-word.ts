/** A word without spaces that is wider than its place: a URN, a path, an address. */

/** In pieces that fit: behind a character that ends a part of a name or a path, or anywhere when there is none in the latter half of the line. */
export function pieces(text: string, width: number): string[] {
  if (text.length <= width || width < 1) return [text];
  const part = /^.*[\s:/@._,-]/su.exec(text.slice(0, width))?.[0].length ?? 0;
  const cut = part > width / 2 ? part : width;
  return [text.slice(0, cut).trimEnd(), ...pieces(text.slice(cut).trimStart(), width)];
}
