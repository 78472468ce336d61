import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import type { EntryEvent, MembershipEvent } from "../../lib/events/event.ts";
import { entryEventSchema, eventJsonSchema, eventTypes, membershipEventSchema } from "../../lib/events/event-schema.ts";
import type { Json } from "../../lib/scim/json.ts";
import { userEvent } from "./fed.ts";
import { faultsOf } from "./validate.ts";

const folder = join(import.meta.dirname, "../../docs/events");

/** As far as to values, which are any JSON. */
type ReadOnly<T> = Json extends T ? T : T extends object ? { readonly [K in keyof T]: ReadOnly<T[K]> } : T;

const membership = {
  id: "Group.1.members.5.2",
  type: "membership.added",
  timestamp: "2026-11-24T12:00:00.000Z",
  data: {
    tenant: "acme",
    subject: "Group/2819c223-7f76-453a-919d-413861904646/members",
    sequence: 5,
    version: 1,
    group: { id: "2819c223-7f76-453a-919d-413861904646" },
    member: { type: "User", id: "2819c223-7f76-453a-919d-413861904647" },
  },
} satisfies MembershipEvent;

describe("the JSON Schemas of events", () => {
  test("have the types of the events that are made", () => {
    expectTypeOf<ReadOnly<z.infer<typeof entryEventSchema>>>().toExtend<EntryEvent>();
    expectTypeOf<EntryEvent>().toExtend<ReadOnly<z.infer<typeof entryEventSchema>>>();
    expectTypeOf<ReadOnly<z.infer<typeof membershipEventSchema>>>().toExtend<MembershipEvent>();
    expectTypeOf<MembershipEvent>().toExtend<ReadOnly<z.infer<typeof membershipEventSchema>>>();
  });

  test.each(eventTypes)("docs/events has that of %s as it is in force: npm run event-schemas writes it", (type) => {
    expect(JSON.parse(readFileSync(join(folder, `${type}.schema.json`), "utf8"))).toEqual(eventJsonSchema(type));
  });

  test("docs/events has no other", () => {
    expect(readdirSync(folder).sort()).toEqual(eventTypes.map((type) => `${type}.schema.json`).sort());
  });

  test("let a consumer take what a later release adds", () => {
    expect(JSON.stringify(eventTypes.map((type) => eventJsonSchema(type)))).not.toContain(
      '"additionalProperties":false',
    );
  });

  test.each([
    ["an update of a user", userEvent(1, 5)],
    ["a suspension", suspended()],
    [
      "a resource of an own type",
      {
        ...userEvent(1, 5, "device.created"),
        data: { ...userEvent(1, 5).data, resource: { type: "Device", id: "2819c223-7f76-453a-919d-413861904646" } },
      },
    ],
    ["a member", membership],
    ["a reset", { ...membership, type: "membership.reset", data: { ...membership.data, member: undefined } }],
  ])("take %s", (_, event) => {
    expect(faultsOf(JSON.parse(JSON.stringify(event)))).toEqual([]);
  });

  test.each([
    ["a word that there is not", userEvent(1, 5, "user.renamed"), "user.renamed/type must match pattern"],
    ["a suspension of somebody active", userEvent(1, 5, "user.suspended"), "user.suspended/data/state must be"],
    ["an attribute that nobody documented", { ...userEvent(1, 5), note: "x" }, "must NOT have additional properties"],
    ["a time that is none", { ...userEvent(1, 5), timestamp: "noonZ" }, 'must match format "date-time"'],
    ["a member in a reset", { ...membership, type: "membership.reset" }, "must NOT have additional properties"],
  ])("refuse %s", (_, event, words) => {
    expect(faultsOf(event).join()).toContain(words);
  });

  function suspended() {
    const event = userEvent(1, 5, "user.suspended") as EntryEvent;
    return {
      ...event,
      data: {
        ...event.data,
        state: "suspended",
        values: { name: { old: null, new: ["a", { b: 1 }] } },
        whole: true,
        caughtUp: true,
        receivedAt: "2026-11-24T12:00:00.000Z",
      },
    };
  }
});
