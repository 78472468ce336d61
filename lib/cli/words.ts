/** Words and numbers as people write and read them on a command line. */
import { InvalidArgumentError } from "commander";
import { UsageError } from "./io.ts";

export { age, counted, duration, moment, whole } from "../ops/words.ts";

const unitMs = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/**
 * `90s`, `15m`, `2h`, `3d` in milliseconds.
 *
 * Errors: InvalidArgumentError, which commander tells as a usage error.
 */
export function parseDuration(text: string): number {
  const [, count, unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = unitMs.get(unit);
  if (ms === undefined) throw new InvalidArgumentError("Expected a number with s, m, h or d, such as 2h.");
  return Number(count) * ms;
}

/**
 * `2026-11-24T12:00:00Z` in milliseconds since 1970. Without a time zone nobody knows what is meant, and a restore is exact
 * to the second.
 *
 * Errors: InvalidArgumentError.
 */
export function parseMoment(text: string): number {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const at = isWhole ? Date.parse(text) : Number.NaN;
  if (at <= Date.now()) return at;
  throw new InvalidArgumentError("Expected a moment that is past, with its time zone, such as 2026-11-24T12:00:00Z.");
}

/** A parser for whole numbers within bounds, both inclusive. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

/** Without the slash at its end. Errors: UsageError. */
export function parseBaseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`"${text}" is no base URL; expected one such as http://127.0.0.1:8080/scim/v2.`);
  }
  return text.replace(/\/+$/, "");
}

/** Text that others wrote: an escape sequence in a userName must not reach the operator's terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "\uFFFD");
}
