/** The answer to "why is this one not as I expect?": a verdict, the steps that led to it, the evidence, and what to do. */

export const verdictCodes = [
  "in-sync",
  "idp-silent",
  "token-rejected",
  "never-named",
  "looked-up-not-created",
  "refused",
  "waiting",
  "parked",
  "attribute-missing",
  "attribute-differs",
  "still-active",
  "deactivated",
  "soft-deleted",
  "deleted",
  "unknown",
] as const;
export type VerdictCode = (typeof verdictCodes)[number];

/** Whom it is about. Without an id nothing of that name is stored. */
export interface Subject {
  /** As the operator asked. */
  readonly word: string;
  readonly type?: string;
  readonly id?: string;
  readonly name?: string;
  /** `userName`, `emails.value`, `id`, or `former userName` for a name that was given up. */
  readonly foundBy?: string;
  readonly state?: "active" | "inactive" | "deleted";
  /** The latest version that was accepted, and the one that the directory has. */
  readonly version?: number;
  readonly applied?: number;
  /** The identity provider, as it is called on tokens: `entra`. Absent: none was recognised. */
  readonly idp?: string;
}

/** One stretch of the way from the identity provider to the application. */
export interface Step {
  readonly name: "contact" | "match" | "accept" | "map" | "apply" | "publish";
  readonly status: "success" | "warning" | "failure" | "skipped";
  /** One or two sentences. */
  readonly reason: string;
  /** What is recommended, when something is not well. */
  readonly action?: string;
}

/** Something that was seen. Times are milliseconds since 1970. */
export interface EvidenceItem {
  readonly at: number;
  readonly kind:
    | "accepted"
    | "applied"
    | "failed"
    | "lookedUp"
    | "refused"
    | "fault"
    | "ignored"
    | "released"
    | "contact"
    | "rejected"
    | "other";
  readonly what: string;
  readonly requestId?: string;
  readonly tokenId?: string;
  readonly status?: number;
  /** The text that the identity provider was told, or what was ignored. */
  readonly detail?: string;
}

export interface Action {
  readonly who: "idp" | "operator" | "application";
  readonly text: string;
  /** A command line that can be pasted as it is. */
  readonly command?: string;
}

export interface Explanation {
  readonly subject: Subject;
  readonly verdict: { readonly code: VerdictCode; readonly summary: string };
  readonly steps: readonly Step[];
  /** Newest first. */
  readonly evidence: readonly EvidenceItem[];
  /** The most helpful first. */
  readonly actions: readonly Action[];
}
