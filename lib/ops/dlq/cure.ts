/** What each reason code means and what to do about it, in a sentence each. docs/errors.md says it at more length. */
import { type SyncErrorCode, syncErrorCodes, type SyncErrorKind } from "../../provisioning/sync-error.ts";

/** The queue itself made it a dead letter: received five times, never acknowledged (docs/errors.md). */
export const neverFinished = "never-finished";

export interface Meaning {
  readonly meaning: string;
  readonly cure: string;
  /** What to run then: words after `npx rollcall`, without the target. */
  readonly command?: string;
}

const replay = (cause: string) => `dlq replay --cause ${cause}`;
const again = "Replay when the table and the queues answer again.";

const cures: Readonly<Record<SyncErrorCode, Omit<Meaning, "meaning">>> = {
  "mapping-required-missing": {
    cure: "Have the identity provider send the value, which mends the user by itself; or mend the tenant file, deploy it, and replay.",
    command: replay("mapping-required-missing"),
  },
  "mapping-value-unusable": {
    cure: "Mend the value at the identity provider, or the mapping in the tenant file; deploy it, and replay.",
    command: replay("mapping-value-unusable"),
  },
  "entry-too-large": {
    cure: "Map fewer attributes in the tenant file, deploy it, and replay.",
    command: replay("entry-too-large"),
  },
  "brake-held": {
    cure: "See how many are held, and decide: `brake allow` lets them go, `brake reject` keeps them.",
    command: "brake status",
  },
  "brake-rejected": {
    cure: "Nothing but to take away a letter that was left; `brake allow --user <who>` lets somebody go after all.",
    command: replay("brake-rejected"),
  },
  "unreadable-message": {
    cure: "Look at it with `dlq show`, find out who sends there, and drop it.",
    command: "dlq drop --cause unreadable-message",
  },
  throttled: { cure: again, command: replay("throttled") },
  conflict: { cure: again, command: replay("conflict") },
  unavailable: { cure: again, command: replay("unavailable") },
  "newer-format": {
    cure: "Deploy the newer release again: what waits is tried every minute, and needs no replay.",
  },
  internal: {
    cure: "Find the fault in the worker's log and have it mended; then replay.",
    command: replay("internal"),
  },
};

/** All that `dlq ls` may name, unless another version parked it. */
export const causeCodes: readonly string[] = [...Object.keys(syncErrorCodes), neverFinished];

/** Undefined for a code that this version does not know: another version may have parked it. */
export function meaningOf(cause: string): Meaning | undefined {
  if (cause === neverFinished) {
    return {
      meaning: "A message was received five times and never finished: the worker crashed over it, or ran out of time.",
      cure: "Find out why in the worker's log; when the cause is gone, replay.",
      command: replay(neverFinished),
    };
  }
  return isCode(cause) ? { meaning: syncErrorCodes[cause].summary, ...cures[cause] } : undefined;
}

/** Somebody decided that it stays so: it is no failure that waits to be mended. */
export function isDecided(cause: string): boolean {
  if (!isCode(cause)) return false;
  const { deadLetter }: SyncErrorKind = syncErrorCodes[cause];
  return deadLetter === false;
}

function isCode(cause: string): cause is SyncErrorCode {
  return Object.hasOwn(syncErrorCodes, cause);
}
