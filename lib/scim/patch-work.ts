/** How much a PATCH has to look at: short requests can ask for long work, so it is bounded before it is done (R124). */
import { quote } from "./attribute-name.ts";
import { ScimError } from "./error.ts";
import type { Filter } from "./filter.ts";
import { isList, type Json } from "./json.ts";
import { limits } from "./limits.ts";
import type { PatchOperation } from "./patch-operation.ts";

/**
 * What the operations may still cost; one budget for a whole PATCH.
 *
 * Errors: ScimError 400 `invalidValue`, when the values that are looked at, times the terms of the value filter, add up to more
 * than `limits.patchComparisons`.
 */
export function patchBudget(): (operation: PatchOperation, current: Json | undefined) => void {
  let left = limits.patchComparisons;
  return ({ path }, current) => {
    if (!isList(current)) return;
    left -= current.length * (1 + (path.filter === undefined ? 0 : terms(path.filter)));
    if (left < 0) throw tooMuch(path.text);
  };
}

function terms(filter: Filter): number {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.filters.reduce((sum, part) => sum + terms(part), 0);
    case "not":
    case "valuePath":
      return terms(filter.filter);
    case "compare":
    case "present":
      return 1;
    default:
      return filter satisfies never;
  }
}

function tooMuch(path: string): ScimError {
  const most = limits.patchComparisons.toLocaleString("en");
  const detail = `${quote(path)}: the operations of one PATCH may look at ${most} values, and these look at more; send them in several requests`;
  return new ScimError(400, "invalidValue", detail);
}
