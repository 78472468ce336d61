/** Spans as they stand at the edge of a bar: `10 s`, `5 min`, `1 h`. Units: milliseconds, whole seconds. */
export function edgeText(ms: number): string {
  const [second, minute, hour] = [1_000, 60_000, 3_600_000];
  if (ms % hour === 0) return `${ms / hour} h`;
  return ms % minute === 0 ? `${ms / minute} min` : `${ms / second} s`;
}
