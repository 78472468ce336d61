/**
 * Each type of event as JSON Schema, from one source: docs/events/*.schema.json is written from it (bin/event-schemas.ts), and
 * what tests produce is held against it. No function loads this: events are made by typed code (event.ts).
 */
import { z } from "zod";
import type { Json } from "../scim/json.ts";

const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
const idText = z.string().regex(/^[A-Za-z0-9.-]+$/);
const moment = z.string().regex(/Z$/).meta({ format: "date-time" });
const typeName = z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/);
const state = z.enum(["active", "suspended", "removed"]);

const common = {
  id: idText.describe("The same whenever the event is told."),
  timestamp: moment.describe("When it was applied, in UTC."),
};

const commonData = {
  tenant: z.string(),
  subject: z.string().describe("The thing whose story the event goes on with."),
  sequence: z.int().min(1).describe("Grows within the subject; events of one step of a group share it."),
  version: z.int().min(0).describe("Of the accepted change that it shows."),
  receivedAt: z.exactOptional(moment.describe("When the identity provider's word came.")),
  requestId: z.exactOptional(z.string().describe("Of the request whose change it was.")),
  caughtUp: z.exactOptional(
    z.literal(true).describe("Told from the table, because the stream had lost it: changes in between may be one."),
  ),
};

const json = z.custom<Json>();
const value = z.object({ old: z.exactOptional(json), new: z.exactOptional(json) });

const entryData = {
  ...commonData,
  state,
  changed: z
    .array(z.string())
    .describe("Names of the profile's attributes that have another value than before, sorted."),
  whole: z.exactOptional(
    z.literal(true).describe("`changed` names all that the profile has: what it does not name is not there."),
  ),
  values: z.exactOptional(
    z.record(z.string(), value).describe('By name, where the tenant file says "values": true; absent: no value.'),
  ),
  valuesLeftOut: z.exactOptional(z.literal(true).describe("Too large for an event: read the entry.")),
};

export const entryEventSchema = z.object({
  ...common,
  type: z.string(),
  data: z.object({ ...entryData, resource: z.object({ type: typeName, id: uuid }) }),
});

const member = z.object({ type: z.enum(["User", "Group"]), id: uuid });

export const membershipEventSchema = z.object({
  ...common,
  type: z.enum(["membership.added", "membership.removed", "membership.reset"]),
  data: z.object({ ...commonData, group: z.object({ id: uuid }), member: z.exactOptional(member) }),
});

/** In the manual's order; `resource` stands for the types of a tenant's own. */
export const eventTypes = [
  ...["created", "updated", "activated", "suspended", "removed"].map((kind) => `user.${kind}`),
  ...["created", "updated", "removed"].map((kind) => `group.${kind}`),
  ...["added", "removed", "reset"].map((kind) => `membership.${kind}`),
  "resource",
] as const;

/** As an object, by `eventTypes`. `strict`: refuses what a later release may add. */
export function eventJsonSchema(type: string, { strict = false } = {}): object {
  const schema = z.toJSONSchema(schemaOf(type), { io: strict ? "output" : "input", unrepresentable: "any" });
  const title = type === "resource" ? "An event of a resource type of the tenant's own" : type;
  return { $schema: schema.$schema, $id: `${type}.schema.json`, title, ...schema };
}

function schemaOf(type: string): z.ZodType {
  const [noun, kind] = type.split(".");
  if (noun === "membership") return membershipOf(type);
  if (noun === "user") return entryOf(z.literal(type), "User", statesOf(kind));
  if (noun === "group") return entryOf(z.literal(type), "Group", statesOf(kind));
  const own = z
    .string()
    .regex(/^(?!(?:user|group|membership)\.)[a-z][a-z0-9]*\.(?:created|updated|activated|suspended|removed)$/);
  return entryOf(own, undefined, state);
}

function statesOf(kind = ""): z.ZodType {
  if (kind === "removed" || kind === "suspended") return z.literal(kind);
  if (kind === "activated") return z.literal("active");
  return kind === "created" ? z.enum(["active", "suspended"]) : state;
}

function entryOf(type: z.ZodType, resourceType: string | undefined, states: z.ZodType): z.ZodType {
  const named = resourceType === undefined ? typeName : z.literal(resourceType);
  const data = z.object({ ...entryData, state: states, resource: z.object({ type: named, id: uuid }) });
  return z.object({ ...common, type, data });
}

function membershipOf(type: string): z.ZodType {
  const group = z.object({ id: uuid });
  const whom = type === "membership.reset" ? {} : { member };
  return z.object({ ...common, type: z.literal(type), data: z.object({ ...commonData, group, ...whom }) });
}
