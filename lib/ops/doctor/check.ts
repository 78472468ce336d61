/** One line of the doctor's page. */

/** `unknown`: it could not be asked. `skipped`: it does not apply here, or nobody has looked yet. */
export const checkStates = ["failure", "warning", "unknown", "ok", "skipped"] as const;
export type CheckState = (typeof checkStates)[number];

export interface Check {
  readonly name: string;
  readonly state: CheckState;
  /** What was found, in one sentence. */
  readonly summary: string;
  readonly details?: readonly string[];
  /** Milliseconds since 1970: since when it is so. */
  readonly since?: number;
  /** What to do, in one sentence. */
  readonly action?: string;
  /** A command that does it, or shows more. */
  readonly command?: string;
}

/** The worst first; equal ones as they were. */
export function worstFirst(checks: readonly Check[]): Check[] {
  return checks.toSorted((a, b) => checkStates.indexOf(a.state) - checkStates.indexOf(b.state));
}
