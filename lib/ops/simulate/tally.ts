/** What was asked of the server, how it went and how long it took. */
import { percentile } from "../../provisioning/percentile.ts";

/** In the order of a summary. */
const requestKinds = [
  "test connection",
  "search user",
  "create user",
  "read user",
  "update user",
  "set manager",
  "deactivate user",
  "search group",
  "create group",
  "rename group",
  "add member",
  "change members",
  "remove member",
  "replace members",
  "read back",
] as const;

export type RequestKind = (typeof requestKinds)[number];

interface FailedRequest {
  readonly kind: RequestKind;
  /** Whom or what it was about. */
  readonly about: string;
  /** Absent: no answer. */
  readonly status?: number;
  readonly detail: string;
}

interface KindSummary {
  readonly kind: RequestKind;
  readonly requests: number;
  readonly failed: number;
  /** Answers of 429 and 503, and lost connections, after which it was sent again. */
  readonly retried: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Summary {
  readonly requests: number;
  readonly failed: number;
  readonly retried: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly kinds: readonly KindSummary[];
  /** The first of them. */
  readonly failures: readonly FailedRequest[];
}

export interface Tally {
  answered(kind: RequestKind, ms: number): void;
  retried(kind: RequestKind): void;
  failed(failure: FailedRequest): void;
  readonly failures: number;
  summary(seconds: number): Summary;
}

const failuresShown = 10;

export function newTally(): Tally {
  const times = new Map<RequestKind, number[]>();
  const retries = new Map<RequestKind, number>();
  const failures: FailedRequest[] = [];
  return {
    answered: (kind, ms) =>
      times
        .set(kind, times.get(kind) ?? [])
        .get(kind)
        ?.push(ms),
    retried: (kind) => retries.set(kind, (retries.get(kind) ?? 0) + 1),
    failed: (failure) => failures.push(failure),
    get failures() {
      return failures.length;
    },
    summary(seconds) {
      const kinds = requestKinds.flatMap((kind) => {
        const sorted = [...(times.get(kind) ?? [])].sort((a, b) => a - b);
        const failed = failures.filter((failure) => failure.kind === kind).length;
        const retried = retries.get(kind) ?? 0;
        if (sorted.length + failed + retried === 0) return [];
        const at = (share: number) => Math.round((percentile(sorted, share) ?? 0) * 10) / 10;
        return [{ kind, requests: sorted.length, failed, retried, p50: at(0.5), p95: at(0.95), p99: at(0.99) }];
      });
      const requests = kinds.reduce((sum, kind) => sum + kind.requests, 0);
      return {
        requests,
        failed: failures.length,
        retried: kinds.reduce((sum, kind) => sum + kind.retried, 0),
        seconds: Math.round(seconds * 10) / 10,
        perSecond: seconds > 0 ? Math.round((requests / seconds) * 10) / 10 : 0,
        kinds,
        failures: failures.slice(0, failuresShown),
      };
    },
  };
}
