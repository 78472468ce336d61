/** A text that somebody typed, as one word of a command line that is pasted into a shell. */
export function shellWord(text: string): string {
  return /^[\w.:@+-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
