/** What a write does to an item, and whether it may: DynamoDB's rules, as pure functions. */
import type { Attributes, Condition, Update, Value, Write } from "../provisioning/ports.ts";

export function conditionsHold(conditions: readonly Condition[] | undefined, item: Attributes | undefined): boolean {
  return (conditions ?? []).every((condition) => holds(condition, item));
}

function holds(condition: Condition, item: Attributes | undefined): boolean {
  switch (condition.is) {
    case "absent":
      return item === undefined;
    case "present":
      return item !== undefined;
    case "missing":
      return valueOf(item, condition.attribute) === undefined;
    case "equal":
      return valueOf(item, condition.attribute) === condition.value;
    default:
      return isBelow(valueOf(item, condition.attribute), condition.value);
  }
}

/** Values of different types are never in order. */
function isBelow(value: Value | undefined, bound: number | string): boolean {
  if (typeof value === "number" && typeof bound === "number") return value < bound;
  return typeof value === "string" && typeof bound === "string" && compareBytes(value, bound) < 0;
}

/** By UTF-8 bytes, which is not the order of JavaScript's `<`. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The item after the write; undefined: there is none. */
export function written(write: Write, before: Attributes | undefined): Attributes | undefined {
  switch (write.kind) {
    case "put":
      return write.attributes;
    case "update":
      return updated(write, before ?? {});
    default:
      return undefined;
  }
}

function updated(update: Update, before: Attributes): Attributes {
  const after = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(update.set ?? {})) after.set(name, value);
  for (const [name, value] of Object.entries(update.setIfMissing ?? {})) if (!after.has(name)) after.set(name, value);
  for (const name of update.remove ?? []) after.delete(name);
  for (const [name, amount] of Object.entries(update.add ?? {})) {
    const value = after.get(name) ?? 0;
    if (typeof value !== "number") throw new Error(`cannot add to attribute ${name}, which is not a number`);
    after.set(name, value + amount);
  }
  return Object.fromEntries(after);
}

function valueOf(item: Attributes | undefined, name: string): Value | undefined {
  return item !== undefined && Object.hasOwn(item, name) ? item[name] : undefined;
}
