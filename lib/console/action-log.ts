/** What was done by a button, and who pressed it: a line of JSON each. It names resources by id, and no values. */

export interface ActionEntry {
  /** `replay`, `token.revoke` */
  readonly action: string;
  /** What it was done to: `User/<id>`, `token <id>`, `cause throttled`. */
  readonly subject?: string;
  /** What came of it: counts, or why it was not done. */
  readonly outcome: string;
}

export interface ActionRecord extends ActionEntry {
  /** RFC 3339 */
  readonly at: string;
  readonly who: string;
  readonly tenant: string;
}

export type ActionLog = (entry: ActionEntry) => void;

export function actionLog(
  write: (record: ActionRecord) => void,
  { who, tenant, now }: { who: string; tenant: string; now: () => number },
): ActionLog {
  return (entry) => write({ at: new Date(now()).toISOString(), who, tenant, ...entry });
}

/**
 * Carries out an action and writes what came of it, also when it failed: of an error its kind alone, as its message may name
 * somebody.
 *
 * Errors: those of `work`.
 */
export async function logged<T>(
  actions: ActionLog,
  about: Pick<ActionEntry, "action" | "subject">,
  work: () => Promise<T>,
  told: (done: T) => Pick<ActionEntry, "subject" | "outcome">,
): Promise<T> {
  let done: T;
  try {
    done = await work();
  } catch (error) {
    actions({ ...about, outcome: `failed: ${error instanceof Error ? error.name : "unknown"}` });
    throw error;
  }
  actions({ ...about, ...told(done) });
  return done;
}
