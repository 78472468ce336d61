/** How many columns of a terminal a text takes: a character of Chinese, Japanese or Korean, and an emoji, takes two. */

/** Source: Unicode Standard Annex 11, classes W and F, as far as cli-table3 counts so: what it takes for wider than its cell, it cuts. */
const wide =
  /[\u1100-\u115F\u2329\u232A\u2E80-\u303E\u3040-\u3247\u3250-\u4DBF\u4E00-\uA4C6\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6B\uFF01-\uFF60\uFFE0-\uFFE6\u{1B000}\u{1B001}\u{1F200}-\u{1F251}\u{20000}-\u{3FFFD}]|\p{Extended_Pictographic}/u;
/** What stands upon the character before it. */
const combining = /[\u0300-\u036F]/u;

export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOfOne(character);
  return columns;
}

/** Its beginning, as far as it fits; one character at least. */
export function beginningOf(text: string, columns: number): string {
  let [used, length] = [0, 0];
  for (const character of text) {
    used += columnsOfOne(character);
    if (used > columns && length > 0) break;
    length += character.length;
  }
  return text.slice(0, length);
}

function columnsOfOne(character: string): number {
  if (wide.test(character)) return 2;
  return combining.test(character) ? 0 : 1;
}
