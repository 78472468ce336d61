import { EventBridgeClient, type PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { eventBusSend } from "../../lib/aws/event-bus.ts";
import { userEvent } from "../events/sink-world.ts";

function bus(answer: object | Error) {
  const entries: unknown[] = [];
  const client = new EventBridgeClient({ region: "eu-central-1" });
  client.send = async ({ input }: PutEventsCommand) => {
    entries.push(...(input.Entries ?? []));
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { send: eventBusSend({ client, busName: "rollcall-acme", tenant: "acme" }), entries };
}

test("the bus gets the event as detail, its type as detail-type, the tenant in the source and the subject as resource", async () => {
  const { send, entries } = bus({ FailedEntryCount: 0, Entries: [{ EventId: "1" }] });
  const event = userEvent("a", 7);
  expect(await send(event)).toEqual({ isTaken: true });
  const Time = new Date(event.timestamp);
  const named = {
    EventBusName: "rollcall-acme",
    Source: "rollcall.acme",
    DetailType: "user.updated",
    Resources: ["User/a"],
  };
  expect(entries).toEqual([{ ...named, Time, Detail: JSON.stringify(event) }]);
});

test.each([
  [{ FailedEntryCount: 1, Entries: [{ ErrorCode: "ThrottlingException" }] }, "ThrottlingException"],
  [
    Object.assign(new Error("there is no such bus"), { name: "ResourceNotFoundException" }),
    "ResourceNotFoundException",
  ],
])("what the bus refuses comes again, with its code as the reason", async (answer, code) => {
  expect(await bus(answer).send(userEvent("a", 1))).toEqual({
    isTaken: false,
    reason: `EventBridge did not take it: ${code}`,
  });
});

test("an event that EventBridge would find too large goes without its values, and says so", async () => {
  const { send, entries } = bus({ FailedEntryCount: 0 });
  const event = userEvent("a", 7);
  const values = { email: { new: "x".repeat(260_000) } };
  await send({ ...event, data: { ...event.data, values } } as typeof event);
  const [{ Detail }] = entries as [{ Detail: string }];
  expect(JSON.parse(Detail)).toEqual({ ...event, data: { ...event.data, valuesLeftOut: true } });
});
