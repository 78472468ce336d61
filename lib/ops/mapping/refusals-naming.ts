/** Which attribute paths the error texts of refused requests name. */

/** Whether a text that an identity provider was told names the path. A path of one word must be quoted, or follow "at" or "or". */
export function namesPath(detail: string, path: string): boolean {
  const text = detail.replaceAll('\\"', '"');
  const oneWord = /^\w+$/.test(path);
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    const [before, behind] = [text.slice(0, at), text.slice(at + path.length)];
    if (/[\w.:$-]$/.test(before) || /^(?:[\w:$[]|\.\w)/.test(behind)) continue;
    if (!oneWord || /(?:\b(?:at|or) |")$/.test(before)) return true;
  }
  return false;
}

/** What a client named and no schema has; undefined when the text is about something else. */
export function unknownPath(detail: string): string | undefined {
  const [, quoted] =
    /("(?:[^"\\]|\\.)+") (?:is not an attribute|is not a sub-attribute|names a sub-attribute|begins with a schema)/.exec(
      detail,
    ) ?? [];
  if (quoted === undefined) return undefined;
  const path: unknown = JSON.parse(quoted);
  return typeof path === "string" ? path : undefined;
}
