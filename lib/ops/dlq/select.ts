/** Reading the failed changes that an operator asks for, and giving their dead letters back when it is over. */
import { OperationError, type OnProgress, type Operations } from "../operations.ts";
import { findResources } from "../find-resource.ts";
import { causeCodes, isDecided } from "./cure.ts";
import { type FailedChange, failedChanges, isLetterAlone } from "./failed-changes.ts";
import { type Letter, readDeadLetters, releaseAll } from "./read-dead-letters.ts";

/** Long enough to read ten thousand letters; whoever looks and dies gives them back after that. */
export const hiddenSecondsToLook = 120;
/** A letter is ours for so long: reading, the question and the run itself. After that it may come twice, which is safe. */
export const hiddenSecondsToChange = 900;

/** All of them must hold; none: everything. */
export interface Selection {
  readonly cause?: string;
  /** userName, e-mail, externalId, displayName or id. */
  readonly user?: string;
  /** Milliseconds: has waited for at least so long. */
  readonly olderThanMs?: number;
  /** Has begun to wait by then: as many as somebody has seen. Milliseconds since 1970. */
  readonly until?: number;
  /** Those that were dropped, instead of those that wait. */
  readonly givenUp?: boolean;
}

/** Nothing has the cause, and there is none of that name. */
export class UnknownCauseError extends OperationError {
  constructor(cause: string) {
    super(`There is no cause "${cause}"; there are ${causeCodes.join(", ")}.`);
    this.name = "UnknownCauseError";
  }
}

export interface Selected {
  readonly changes: readonly FailedChange[];
  /** Letters that were taken away, which are not to be given back. */
  readonly removed: Set<Letter>;
}

/**
 * Hands the selected changes to `use`. Their letters are hidden from everybody else for `hiddenSeconds`; whatever `use`
 * did not take away is given back, also after an error.
 *
 * Errors: OperationError when nobody is called `user`; UnknownCauseError; TableError, LaneError.
 */
export async function withFailedChanges<T>(
  o: Operations,
  selection: Selection,
  options: { hiddenSeconds: number; onProgress?: OnProgress },
  use: (selected: Selected) => Promise<T>,
): Promise<T> {
  const ids = selection.user === undefined ? undefined : await idsOf(o, selection.user);
  const letters = await readDeadLetters(o, options.hiddenSeconds, options.onProgress);
  const removed = new Set<Letter>();
  try {
    const all = await failedChanges(o, letters, selection.givenUp === true ? "givenUp" : "failed");
    refuseUnknown(selection.cause, all);
    const { olderThanMs, until = Infinity } = selection;
    const latest = olderThanMs === undefined ? until : Math.min(until, o.clock.now() - olderThanMs);
    const isAsked = (change: FailedChange) =>
      selection.cause === undefined
        ? ids !== undefined || !isDecided(change.cause) || isLetterAlone(change)
        : change.cause === selection.cause;
    const isOne = ({ id }: FailedChange) => ids === undefined || (id !== undefined && ids.has(id));
    const changes = all.filter((change) => isAsked(change) && isOne(change) && change.since <= latest);
    return await use({ changes, removed });
  } finally {
    await releaseAll(
      o,
      letters.filter((letter) => !removed.has(letter)),
    );
  }
}

/** A code that this version does not know may have been parked by another one. */
function refuseUnknown(cause: string | undefined, all: readonly FailedChange[]): void {
  if (cause === undefined || causeCodes.includes(cause) || all.some((change) => change.cause === cause)) return;
  throw new UnknownCauseError(cause);
}

async function idsOf(o: Operations, user: string): Promise<ReadonlySet<string>> {
  const found = await findResources(o, user);
  if (found.length === 0) {
    throw new OperationError(
      `Nobody is called "${user}": no userName, e-mail, externalId, group displayName or id is that.`,
    );
  }
  return new Set(found.map(({ head }) => head.id));
}
