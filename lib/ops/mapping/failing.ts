/** Who could not be mapped, by reason: active ones would be parked, with the entry that they have. */
import type { Head } from "../../provisioning/head.ts";
import { mapUser, type TraceStep } from "../../provisioning/mapping.ts";
import type { Mapping } from "../../provisioning/tenant.ts";
import { type Examples, type Person, personOf } from "./person.ts";

export interface Failing {
  /** Of the profile. */
  readonly attribute: string;
  readonly outcome: TraceStep["outcome"];
  /** In the words of the error. */
  readonly reason: string;
  readonly users: number;
  /** Of them, those who cannot be mapped today either. */
  readonly already: number;
  readonly examples: readonly Person[];
}

interface Count extends Failing {
  users: number;
  already: number;
  readonly examples: Person[];
}

export interface FailingUsers {
  readonly add: (head: Head) => void;
  /** Most frequent first. */
  readonly all: () => Failing[];
}

export function failingUsers(present: Mapping, draft: Mapping, options: Examples): FailingUsers {
  const counts = new Map<string, Count>();
  return {
    add: (head) => {
      const already = mapUser(present, head.resource).problems.length > 0;
      const { trace, problems } = mapUser(draft, head.resource);
      const failed = trace.filter(({ outcome }) => outcome === "missing" || outcome === "unusable");
      // The sentences stand in the order of the trace.
      for (const [n, { attribute, outcome }] of failed.entries()) {
        const kind = `${attribute} ${outcome}`;
        const reason = problems[n] ?? "";
        const count = counts.get(kind) ?? { attribute, outcome, reason, users: 0, already: 0, examples: [] };
        counts.set(kind, count);
        count.users += 1;
        if (already) count.already += 1;
        if (count.examples.length < options.examples) count.examples.push(personOf(head, options));
      }
    },
    all: () => [...counts.values()].toSorted((a, b) => b.users - a.users),
  };
}
