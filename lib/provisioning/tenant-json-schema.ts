/** The tenant file's JSON Schema, for editors. Kept apart from the reading of tenant files: no function needs it. */
import { toJSONSchema } from "zod/mini";
import { isObject } from "../scim/json.ts";
import { settingDescriptions } from "./setting-descriptions.ts";
import { tenantSettings } from "./tenant-settings.ts";

/** The text of `tenants/tenant.schema.json`. Errors: when a description is of a key that there is not. */
export function tenantJsonSchema(): string {
  const left = new Set(Object.keys(settingDescriptions));
  const schema = described(toJSONSchema(tenantSettings, { io: "input" }), "", left);
  if (left.size > 0) throw new Error(`There is no key of the tenant file as described: ${[...left].join(", ")}.`);
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** `left`: the descriptions that have found no place yet. */
function described(schema: unknown, place: string, left: Set<string>): unknown {
  if (!isObject(schema)) return schema;
  const name = describedOnce(place);
  left.delete(name);
  const description = settingDescriptions[name];
  const inner = Object.entries(schema).map(([key, value]) => [key, innerDescribed(key, value, place, left)]);
  return { ...Object.fromEntries(inner), ...(description !== undefined && { description }) };
}

function innerDescribed(key: string, value: unknown, place: string, left: Set<string>): unknown {
  if (key === "items") return described(value, `${place}[]`, left);
  if (key === "additionalProperties") return described(value, below(place, "*"), left);
  if ((key === "anyOf" || key === "oneOf") && Array.isArray(value))
    return value.map((form, n) => described(form, `${place}|${n}`, left));
  if (key !== "properties" || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, described(one, below(place, name), left)]),
  );
}

function below(place: string, name: string): string {
  return place === "" ? name : `${place}.${name}`;
}

function describedOnce(place: string): string {
  return place.replace("mapping.resourceTypes.*.attributes", "mapping.attributes").replace(".subAttributes[].", ".");
}
