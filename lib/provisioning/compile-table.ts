/** A table of values, ready to use: its keys folded, its values in the form that is asked for. */
import { fold } from "../scim/text.ts";
import type { AttributeSettings } from "./mapping-settings.ts";
import type { Scalar, ValueTable } from "./tenant.ts";
import type { Tell } from "./tenant-file-problem.ts";
import { formNames, inForm } from "./value-form.ts";

/** Undefined when there is none. */
export function compileTable({ table, otherwise, as, trim }: AttributeSettings, tell: Tell): ValueTable | undefined {
  if (table === undefined) return undefined;
  const rows = new Map<string, Scalar>();
  const formed = (value: Scalar, place: readonly string[]): Scalar => {
    const made = as === undefined ? value : inForm(value, as);
    if (made === undefined) tell(place, `found ${JSON.stringify(value)}; expected ${formNames[as ?? "text"]}`);
    return made ?? value;
  };
  for (const [key, value] of Object.entries(table)) {
    const folded = fold(trim ? key.trim() : key);
    if (rows.has(folded))
      tell(["table", key], "is there twice, as values are compared in any letter case; keep one of them");
    rows.set(folded, formed(value, ["table", key]));
  }
  return otherwise === undefined ? { rows } : { rows, otherwise: formed(otherwise, ["otherwise"]) };
}
