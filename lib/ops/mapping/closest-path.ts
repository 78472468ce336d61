/** Which path that was sent may be meant by one that nobody sends: under another URN, of another type, or misspelt. */
import { distance } from "../../provisioning/tenant-file-problem.ts";

/** So many letters may be wrong. */
const lettersMost = 2;

/** Undefined when none is like it. Of equally close ones the first, so the most frequent should come first. */
export function closestPath(path: string, sent: readonly string[]): string | undefined {
  const ranked = sent
    .map((other) => ({ other, rank: unlikeness(path, other) }))
    .filter(({ rank }) => rank !== undefined)
    .toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  return ranked[0]?.other;
}

/** 0: the same place but for its URN or its value filter. */
function unlikeness(path: string, other: string): number | undefined {
  const [a, b] = [bare(path), bare(other)];
  if (a === b) return 0;
  // `givenName` sent at the top, where `name.givenName` is mapped. Every list has a `value`, which says nothing.
  const [last, otherLast] = [a.split(".").at(-1) ?? "", b.split(".").at(-1) ?? ""];
  if (last === otherLast && !everywhere.has(last)) return 1;
  const letters = distance(a, b);
  return letters <= lettersMost ? 1 + letters : undefined;
}

const everywhere = new Set(["value", "display", "formatted", "type", "primary"]);

/** Without URN and value filter, in lower case. */
function bare(path: string): string {
  const withoutFilter = path.replace(/\[.*\]/, "");
  return withoutFilter.slice(withoutFilter.lastIndexOf(":") + 1).toLowerCase();
}
