/** Holds events against their JSON Schemas, as a consumer would: for any test that produces some. */
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { eventJsonSchema, eventTypes } from "../../lib/events/event-schema.ts";

const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const validators = new Map(eventTypes.map((type) => [type, ajv.compile(eventJsonSchema(type, { strict: true }))]));

/** What is wrong with an event, in the words of its schema; empty when nothing is. Nothing may be in it that the schema does not name. */
export function faultsOf(event: { readonly type: string }): string[] {
  const validate = validators.get(event.type) ?? validators.get("resource");
  if (validate?.(event) === true) return [];
  return (validate?.errors ?? []).map(({ instancePath, message }) => `${event.type}${instancePath} ${message}`);
}
