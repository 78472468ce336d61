/**
 * Conditions and updates of the port as DynamoDB expressions.
 *
 * Every name and value is a placeholder: `state`, `values` and 570 other words are reserved, and a name may hold a dot.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Attributes, Condition, Update, Value } from "../provisioning/ports.ts";
import { marshalValue } from "./marshal.ts";

/** The placeholders of one request; absent where there are none, for DynamoDB refuses empty maps. */
interface PlaceholderMaps {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

export interface Placeholders {
  name(attribute: string): string;
  value(value: Value): string;
  maps(): PlaceholderMaps;
}

export function placeholders(): Placeholders {
  const names = new Map<string, string>();
  const values = new Map<string, AttributeValue>();
  return {
    name(attribute) {
      const placeholder = names.get(attribute) ?? `#${names.size}`;
      names.set(attribute, placeholder);
      return placeholder;
    },
    value(value) {
      const placeholder = `:${values.size}`;
      values.set(placeholder, marshalValue(value));
      return placeholder;
    },
    maps: () => ({
      ...(names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries([...names].map(([attribute, name]) => [name, attribute])),
      }),
      ...(values.size > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
    }),
  };
}

/** Undefined when there is nothing to hold. */
export function conditionExpression(conditions: readonly Condition[], p: Placeholders): string | undefined {
  if (conditions.length === 0) return undefined;
  return conditions.map((condition) => conditionText(condition, p)).join(" AND ");
}

function conditionText(condition: Condition, p: Placeholders): string {
  // Every item has its key: an item without `pk` is no item.
  if (condition.is === "absent") return `attribute_not_exists(${p.name("pk")})`;
  if (condition.is === "present") return `attribute_exists(${p.name("pk")})`;
  if (condition.is === "missing") return `attribute_not_exists(${p.name(condition.attribute)})`;
  const comparator = condition.is === "equal" ? "=" : "<";
  return `${p.name(condition.attribute)} ${comparator} ${p.value(condition.value)}`;
}

type Changes = Pick<Update, "set" | "setIfMissing" | "remove" | "add">;

export function updateExpression(changes: Changes, p: Placeholders): string {
  const set = [
    ...each(changes.set, (name, value) => `${p.name(name)} = ${p.value(value)}`),
    ...each(
      changes.setIfMissing,
      (name, value) => `${p.name(name)} = if_not_exists(${p.name(name)}, ${p.value(value)})`,
    ),
  ];
  const remove = (changes.remove ?? []).map((name) => p.name(name));
  const add = each(changes.add, (name, by) => `${p.name(name)} ${p.value(by)}`);
  const clauses = [clause("SET", set), clause("REMOVE", remove), clause("ADD", add)].filter((text) => text !== "");
  // An update of nothing still creates the item; a transaction wants an expression, and this one changes nothing.
  return clauses.length > 0 ? clauses.join(" ") : `REMOVE ${p.name("-")}`;
}

function each(attributes: Attributes | undefined, text: (name: string, value: Value) => string): string[] {
  return Object.entries(attributes ?? {}).map(([name, value]) => text(name, value));
}

function clause(word: string, actions: readonly string[]): string {
  return actions.length === 0 ? "" : `${word} ${actions.join(", ")}`;
}
