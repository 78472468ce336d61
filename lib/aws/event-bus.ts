/** A tenant's EventBridge bus as a sink. */
import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  PutEventsCommand,
  type PutEventsResultEntry,
} from "@aws-sdk/client-eventbridge";
import { type DirectoryEvent, isMembershipEvent } from "../events/event.ts";
import { limits } from "./clients.ts";
import type { Send, SendResult, TestEvent } from "../events/send.ts";

/** With our limits; not in clients.ts, so that no other function's bundle has it. */
export function eventBridgeClient(config: EventBridgeClientConfig = {}): EventBridgeClient {
  return new EventBridgeClient({ ...limits, ...config });
}

export interface EventBusOptions {
  readonly client: EventBridgeClient;
  readonly busName: string;
  readonly tenant: string;
}

/** An entry has at most 256 KiB, with its source, type and subject. */
const detailBytesMost = 250_000;

/** Rules find events by source `rollcall.<tenant>` and the event's type as detail-type. */
export function eventBusSend({ client, busName, tenant }: EventBusOptions): Send {
  return async (event) => {
    const entry = {
      EventBusName: busName,
      Source: `rollcall.${tenant}`,
      DetailType: event.type,
      Time: new Date(event.timestamp),
      Resources: [event.data.subject],
      Detail: detailOf(event),
    };
    try {
      const { FailedEntryCount = 0, Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
      return FailedEntryCount === 0 ? { isTaken: true } : refused(Entries[0]);
    } catch (error) {
      return {
        isTaken: false,
        reason: `EventBridge did not take it: ${error instanceof Error ? error.name : "no answer"}`,
      };
    }
  };
}

function refused(entry: PutEventsResultEntry = {}): SendResult {
  return { isTaken: false, reason: `EventBridge did not take it: ${entry.ErrorCode ?? "no reason given"}` };
}

/** The publisher bounds events below this; what an earlier limit let through goes without its values. */
function detailOf(event: DirectoryEvent | TestEvent): string {
  const whole = JSON.stringify(event);
  if (Buffer.byteLength(whole) <= detailBytesMost || event.type === "rollcall.test") return whole;
  const told = event as DirectoryEvent;
  if (isMembershipEvent(told)) return whole;
  const { values: _, ...data } = told.data;
  return JSON.stringify({ ...told, data: { ...data, valuesLeftOut: true } });
}
