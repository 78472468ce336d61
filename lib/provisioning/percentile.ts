/** Nearest rank: a value that was measured. Undefined when there is none. `sorted`: ascending; `share`: above 0, at most 1. */
export function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
