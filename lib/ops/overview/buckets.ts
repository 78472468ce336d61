/** How many took how long: counts between edges, so that a picture of thousands has a handful of bars. */

export interface Bucket {
  /** Units: milliseconds. Those of exactly this are in it. Absent: whatever is longer than all edges. */
  readonly upToMs?: number;
  readonly count: number;
}

/** `edges`: ascending. One bucket for each, and one for all that is above. */
export function bucketsOf(times: readonly number[], edges: readonly number[]): Bucket[] {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  for (const ms of times) {
    const at = edges.findIndex((edge) => ms <= edge);
    const place = at === -1 ? edges.length : at;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts.map((count, n) => ({ ...(edges[n] === undefined ? {} : { upToMs: edges[n] }), count }));
}
