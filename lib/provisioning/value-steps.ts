/** What a value goes through on its way into the profile, always in this order: trim, case, table, as. */
import { fold } from "../scim/text.ts";
import type { MappedAttribute, Scalar } from "./tenant.ts";
import { inForm } from "./value-form.ts";

export interface Stepped {
  /** Absent: the last of the steps could do nothing with it. */
  readonly value?: Scalar;
  /** The steps that were taken, as a person would name them. Never a value. */
  readonly steps: readonly string[];
}

/** Numbers and booleans pass by what is done to texts. */
export function takeSteps({ trim, case: letters, table, as }: MappedAttribute, value: Scalar): Stepped {
  const steps: string[] = [];
  let made: Scalar = value;
  if (trim && typeof made === "string") {
    steps.push("trim");
    made = made.trim();
  }
  if (letters !== undefined && typeof made === "string") {
    steps.push(`${letters} case`);
    made = letters === "lower" ? made.toLowerCase() : made.toUpperCase();
  }
  // The values of a table are in their form already.
  if (table !== undefined) {
    const found = table.rows.get(fold(String(made)));
    const other = found === undefined && table.otherwise !== undefined;
    return { steps: [...steps, other ? "table, otherwise" : "table"], ...present(found ?? table.otherwise) };
  }
  if (as === undefined) return { steps, value: made };
  return { steps: [...steps, `as ${as}`], ...present(inForm(made, as)) };
}

function present(value: Scalar | undefined): { value?: Scalar } {
  return value === undefined ? {} : { value };
}
