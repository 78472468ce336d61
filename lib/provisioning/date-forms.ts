/**
 * Days and instants as identity providers and HR systems send them, brought into one form each. Only forms that can be
 * read in one way: 04/05/2026 is April or May, and whoever guesses is wrong for half of the world.
 *
 * Source: ISO 8601 (RFC 3339 section 5.6), RFC 4517 section 3.3.13 for LDAP's generalized time, and 24.11.2026.
 */

interface Reading {
  readonly day: string;
  /** Milliseconds since midnight, as written. Absent: a day alone. */
  readonly timeMs?: number;
  /** Minutes ahead of UTC. Absent: nobody knows which hour it was in UTC. */
  readonly offset?: number;
}

const year = "(?<year>\\d{4})";
const zone = "(?<zone>[Zz]|[+-]\\d{2}(?::?\\d{2})?)?";
const fraction = "(?:[.,](?<fraction>\\d{1,9}))?";

const forms = [
  // 2026-11-24, 2026-11-24T09:30Z, 2026-11-24 09:30:00.125+01:00
  `${year}-(?<month>\\d{2})-(?<date>\\d{2})(?:[Tt ](?<hour>\\d{2}):(?<minute>\\d{2})(?::(?<second>\\d{2})${fraction})?${zone})?`,
  // 20261124, 20261124093000.0Z, 20261124T093000+0100
  `${year}(?<month>\\d{2})(?<date>\\d{2})(?:T?(?<hour>\\d{2})(?:(?<minute>\\d{2})(?:(?<second>\\d{2})${fraction})?)?${zone})?`,
  // 24.11.2026, 4.1.2026
  `(?<date>\\d{1,2})\\.(?<month>\\d{1,2})\\.${year}`,
].map((form) => new RegExp(`^${form}$`));

/** `2026-11-24`: the day as it was written, wherever on earth that was. Undefined for what is no day, or may be two. */
export function dateOf(text: string): string | undefined {
  return read(text)?.day;
}

/** `2026-11-24T08:30:00Z`; a day alone is its midnight in UTC. Undefined for what is none, and for a time without offset. */
export function dateTimeOf(text: string): string | undefined {
  const reading = read(text);
  if (reading === undefined) return undefined;
  const { day, timeMs = 0, offset = reading.timeMs === undefined ? 0 : undefined } = reading;
  if (offset === undefined) return undefined;
  return new Date(Date.parse(day) + timeMs - offset * 60_000).toISOString().replace(".000Z", "Z");
}

function read(text: string): Reading | undefined {
  for (const form of forms) {
    const groups = form.exec(text)?.groups;
    if (groups !== undefined) return readingOf(groups);
  }
  return undefined;
}

function readingOf(groups: Readonly<Record<string, string | undefined>>): Reading | undefined {
  const { year = "", month = "", date = "", hour, minute, second, fraction = "", zone } = groups;
  const day = `${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`;
  if (!isDay(day)) return undefined;
  if (hour === undefined) return { day };
  const [h, m, s] = [Number(hour), Number(minute ?? 0), Number(second ?? 0)];
  if (h > 23 || m > 59 || s > 59) return undefined;
  const timeMs = ((h * 60 + m) * 60 + s) * 1_000 + Number(fraction.padEnd(3, "0").slice(0, 3));
  if (zone === undefined) return { day, timeMs };
  const offset = minutesOf(zone);
  return offset === undefined ? undefined : { day, timeMs, offset };
}

/** Not the 30th of February, which Date would take for the 2nd of March. */
function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

function minutesOf(zone: string): number | undefined {
  if (zone === "Z" || zone === "z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(":", "") || 0)];
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
