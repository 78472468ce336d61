/** Why a change could not be applied: what the operator has to know. The rows of docs/errors.md. */

export interface SyncErrorKind {
  /** `never`: trying again cannot help, so the change is parked at once. `later`: the worker tries again by its clock. */
  readonly retry: "never" | "later";
  /** One sentence for the operator. */
  readonly summary: string;
  /** False: somebody decided it, so no alarm is to ring. */
  readonly deadLetter?: false;
}

/** The closed list: a code stands on heads, dead letters, metrics and in docs/errors.md. */
export const syncErrorCodes = {
  "mapping-required-missing": {
    retry: "never",
    summary: "The user has no value for a profile attribute that the tenant file requires.",
  },
  "mapping-value-unusable": {
    retry: "never",
    summary: "A value of the user cannot become what the tenant file asks for.",
  },
  "entry-too-large": { retry: "never", summary: "The directory entry would be larger than the table takes." },
  "brake-held": {
    retry: "never",
    summary: "Too many people left at once: the brake holds whoever leaves after them until an operator decides.",
  },
  "brake-rejected": {
    retry: "never",
    summary: "An operator said that the deactivation was a mistake: the person stays as they were.",
    deadLetter: false,
  },
  "unreadable-message": { retry: "never", summary: "A message on a lane is none of ours." },
  throttled: { retry: "later", summary: "The table took no more for the moment." },
  conflict: { retry: "later", summary: "Others were writing the same items at the same time." },
  unavailable: { retry: "later", summary: "A table or a lane did not answer." },
  "newer-format": {
    retry: "later",
    summary: "A newer release of Rollcall stored it, and the one that runs cannot read it.",
  },
  internal: { retry: "later", summary: "A fault in Rollcall itself; the worker's log says where." },
} as const satisfies Readonly<Record<string, SyncErrorKind>>;

export type SyncErrorCode = keyof typeof syncErrorCodes;

/** The dead letter's reason when a message is no pointer. */
export const unreadableMessage = "unreadable-message" satisfies SyncErrorCode;

/** The message names attributes and resources, never a value: it is stored on the head and shown to operators. */
export class SyncError extends Error {
  readonly code: SyncErrorCode;
  readonly retry: SyncErrorKind["retry"];
  /** Whether it is put into the dead-letter queue when it is parked: the alarm. */
  readonly deadLetter: boolean;

  constructor(code: SyncErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "SyncError";
    this.code = code;
    const { retry, deadLetter }: SyncErrorKind = syncErrorCodes[code];
    this.retry = retry;
    this.deadLetter = deadLetter !== false;
  }
}
