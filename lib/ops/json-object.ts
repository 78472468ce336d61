/** What lies on a queue may be anything: undefined for what is no JSON object. */
import { isObject, type JsonObject } from "../scim/json.ts";

export function jsonObjectIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
