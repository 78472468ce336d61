/** Who could not be mapped, by reason: active ones would be parked, with the entry that they have. */
import type { Head } from "../../provisioning/head.ts";
import { type Mapped, mapOther, mapUser, type TraceStep } from "../../provisioning/mapping.ts";
import type { Mapping } from "../../provisioning/tenant.ts";
import { userType } from "../../scim/resource-type.ts";
import { type Examples, type Person, personOf } from "./person.ts";

export interface Failing {
  /** Of the profile; absent when it is the whole profile that is too large. */
  readonly attribute?: string;
  readonly outcome?: TraceStep["outcome"];
  /** In the words of the error. */
  readonly reason: string;
  readonly count: number;
  /** Of them, those who cannot be mapped today either. */
  readonly already: number;
  readonly examples: readonly Person[];
}

interface Count extends Failing {
  count: number;
  already: number;
  readonly examples: Person[];
}

export interface FailingResources {
  /** `message`: the whole error. */
  readonly add: (head: Head, message: string) => void;
  /** Most frequent first. */
  readonly all: () => Failing[];
}

export function failingResources(present: Mapping, draft: Mapping, options: Examples): FailingResources {
  const counts = new Map<string, Count>();
  return {
    add: (head, message) => {
      const already = failedSteps(present, head).length > 0;
      const steps = failedSteps(draft, head);
      const reasons = steps.map(({ attribute, outcome, problem = message }) => ({
        attribute,
        outcome,
        reason: problem,
      }));
      for (const reason of reasons.length > 0 ? reasons : [{ reason: message }]) {
        const kind = "attribute" in reason ? `${reason.attribute} ${reason.outcome}` : "";
        const count = counts.get(kind) ?? { ...reason, count: 0, already: 0, examples: [] };
        counts.set(kind, count);
        count.count += 1;
        if (already) count.already += 1;
        if (count.examples.length < options.examples) count.examples.push(personOf(head, options));
      }
    },
    all: () => [...counts.values()].toSorted((a, b) => b.count - a.count),
  };
}

function failedSteps(mapping: Mapping, { type, resource }: Head): readonly TraceStep[] {
  const mapped: Mapped | undefined =
    type === userType.id ? mapUser(mapping, resource) : mapOther(mapping, type, resource);
  return (mapped?.trace ?? []).filter(({ outcome }) => outcome === "missing" || outcome === "unusable");
}
