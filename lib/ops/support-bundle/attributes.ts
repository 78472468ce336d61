/** Expected against actual: what the tenant file's mapping makes of what was said, beside what the application reads. */
import { defined } from "../../provisioning/head.ts";
import type { TraceStep } from "../../provisioning/mapping.ts";
import type { Mapping } from "../../provisioning/tenant.ts";
import { equalJson, type Json } from "../../scim/json.ts";
import type { Stored } from "../explain/facts.ts";

export interface AttributeLine {
  readonly attribute: string;
  /** `userName ✓, emails.value ✗`: the paths in order, and whether there was a value. */
  readonly tried: readonly TraceStep["tried"][number][];
  readonly steps?: readonly string[];
  readonly expected?: Json;
  readonly actual?: Json;
  /** `from groups`: roles. `unmapped`: the profile has it, and the mapping does not make it: another one did. */
  readonly state: "equal" | "different" | "missing" | "surplus" | "from groups" | "unmapped";
  readonly problem?: string;
}

/** Of a user who is not deleted; nobody else is mapped. */
export function attributeLines({ roles }: Mapping, { mapped, entry }: Stored): AttributeLine[] {
  if (mapped === undefined) return [];
  const profile = entry?.profile ?? {};
  const made = new Set(mapped.trace.map(({ attribute }) => attribute));
  const lines = mapped.trace.map(({ attribute, tried, steps, problem }): AttributeLine => {
    const [expected, actual] = [mapped.profile[attribute], profile[attribute]];
    const state = stateOf(expected, actual);
    return { attribute, tried, state, ...defined({ expected, actual, steps, problem }) };
  });
  const others = Object.entries(profile).filter(([name]) => !made.has(name));
  return [
    ...lines,
    ...others.map(([attribute, actual]): AttributeLine => {
      const state = roles.some(({ name }) => name === attribute) ? "from groups" : "unmapped";
      return { attribute, tried: [], actual, state };
    }),
  ];
}

function stateOf(expected: Json | undefined, actual: Json | undefined): AttributeLine["state"] {
  if (expected === undefined) return actual === undefined ? "equal" : "surplus";
  if (actual === undefined) return "missing";
  return equalJson(expected, actual) ? "equal" : "different";
}
