/** The first few of many by their ids, in one pass: a page needs fifty of what may be a hundred thousand. */
export function firstById<One extends { readonly id: string }>(all: Iterable<One>, most: number): One[] {
  const first: One[] = [];
  for (const one of all) {
    if (first.length === most && one.id >= (first.at(-1)?.id ?? "")) continue;
    first.splice(first.findLastIndex(({ id }) => id < one.id) + 1, 0, one);
    if (first.length > most) first.pop();
  }
  return first;
}
