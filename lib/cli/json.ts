/** The `--json` twin of what people read: the same data, one document, times as ISO 8601. */
import { type Io, line } from "./io.ts";

/** Names of times in what lib/ops returns; there they are milliseconds since 1970. */
const times = new Set([
  "at",
  "since",
  "oldest",
  "created",
  "lastModified",
  "createdAt",
  "expiresAt",
  "lastUsedAt",
  "revokedAt",
  "appliedAt",
  "deployedAt",
  "allowedUntil",
  "lastSeen",
  "lookedBackTo",
  "heardAt",
  "readAt",
  "writeAt",
  "refusedAt",
  "nextAt",
  "leftAt",
  "startedAt",
  "takenAt",
]);
/** The tenant's own data, which has names of its own. */
const foreign = new Set(["event", "resource", "profile", "configuration"]);

export function printJson(io: Io, value: unknown): void {
  line(io, jsonOf(value));
}

export function jsonOf(value: unknown): string {
  return JSON.stringify(withIsoTimes(value), undefined, 2);
}

/** One line for each of many, such as events that come one after another. */
export function printJsonLine(io: Io, value: unknown): void {
  line(io, JSON.stringify(withIsoTimes(value)));
}

function withIsoTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIsoTimes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => {
      if (foreign.has(name)) return [name, inner];
      if (times.has(name) && typeof inner === "number") return [name, new Date(inner).toISOString()];
      return [name, withIsoTimes(inner)];
    }),
  );
}
