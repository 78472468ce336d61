/** The condition that an attribute is still what it was when it was read. */
import type { Condition } from "./ports.ts";

export function asRead(attribute: string, value: string | number | undefined): Condition {
  return value === undefined ? { is: "missing", attribute } : { is: "equal", attribute, value };
}
