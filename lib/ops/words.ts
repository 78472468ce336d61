/** Times and numbers as people read them in a sentence. */

/** `3 min`: how long ago, in the largest unit that fits. Units: milliseconds. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** `340 ms`, `2.5 s`, `3 min`: how long something took that is usually done in a moment. Units: milliseconds. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : age(ms);
}

/** `2026-11-23 14:05:09 UTC`. Units: milliseconds since 1970. */
export function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `1 change`, `2 changes` */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${whole(count)} ${count === 1 ? noun : nouns}`;
}

/** `9,085` */
export function whole(count: number): string {
  return count.toLocaleString("en");
}

/** As at the beginning of a sentence. */
export function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
