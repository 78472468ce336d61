/**
 * A telling: what there is to say of one subject, asked for when it is known what was told of it before. So whatever comes
 * twice, or was told from the table meanwhile, says nothing.
 */
import type { DirectoryEvent } from "./event.ts";
import type { Told } from "./told.ts";

export interface Telling {
  readonly subject: string;
  /** Whose change it is: its log says by which request, and when it came. */
  readonly of: { readonly id: string; readonly version: number };
  /** When it was applied, in milliseconds since 1970. */
  readonly at: number;
  /** Undefined: it was told. */
  readonly say: (told: Told | undefined, origin: Origin) => Said | undefined;
}

/** What the log of the change says. */
export interface Origin {
  readonly requestId?: string;
  readonly receivedAt?: string;
}

export interface Said {
  /** None: only the mark moves. All in one transaction. */
  readonly events: readonly DirectoryEvent[];
  readonly mark: Mark;
  /** More is to be told of the subject, from the table; or now all of it was. */
  readonly behind?: "begins" | "ends";
}

export type Mark = Pick<Told, "sequence" | "of" | "partial" | "anew" | "version" | "state"> & {
  /** When nobody needs it any more, in seconds since 1970. */
  readonly expires?: number;
};

/**
 * The sequence of what was applied at a moment, and the mark of it. It is that moment, unless a later one was told: the
 * directory went back by a restore, or a clock did.
 */
export function sequenceAfter(told: Told | undefined, at: number): { readonly sequence: number; readonly of?: number } {
  const sequence = Math.max(at, (told?.sequence ?? 0) + 1);
  return sequence === at ? { sequence } : { sequence, of: at };
}

/** A mark outlives what it is the mark of: the table's clean-up may be days late. Units: seconds. */
export function markExpires(expires: number | undefined): { readonly expires?: number } {
  return expires === undefined ? {} : { expires: expires + 30 * 86_400 };
}
