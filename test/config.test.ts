import { describe, expect, test } from "vitest";
import { functionConfig } from "../lib/config.ts";

const environment = {
  ROLLCALL_TENANT: "acme",
  SCIM_TABLE: "scim-1",
  DIRECTORY_TABLE: "directory-1",
  LEAVERS_QUEUE_URL: "https://sqs/leavers",
  LEAVERS_DEAD_LETTER_URL: "https://sqs/leavers-dead",
  CHANGES_QUEUE_URL: "https://sqs/changes",
  CHANGES_DEAD_LETTER_URL: "https://sqs/changes-dead",
  TENANT_HASH: "0123456789ab",
  AWS_REGION: "eu-central-1",
};

describe("the functions' environment", () => {
  test("is read into names that the functions use", () => {
    expect(functionConfig(environment)).toEqual({
      tenant: "acme",
      tenantHash: "0123456789ab",
      tables: { scim: "scim-1", directory: "directory-1" },
      sinkQueueUrls: {},
      sinkDeadLetterUrls: {},
      lanes: {
        leavers: { queueUrl: "https://sqs/leavers", deadLetterUrl: "https://sqs/leavers-dead" },
        changes: { queueUrl: "https://sqs/changes", deadLetterUrl: "https://sqs/changes-dead" },
      },
    });
  });

  test("names the events' table, queues and bus where the tenant has them", () => {
    const SINK_QUEUE_URLS = JSON.stringify({ bus: "https://sqs/bus.fifo" });
    const SINK_DEAD_LETTER_URLS = JSON.stringify({ bus: "https://sqs/bus-dead.fifo" });
    const set = { EVENTS_TABLE: "events-1", SINK_QUEUE_URLS, SINK_DEAD_LETTER_URLS, EVENT_BUS_NAME: "bus-1" };
    expect(functionConfig({ ...environment, ...set })).toMatchObject({
      tables: { events: "events-1" },
      sinkQueueUrls: { bus: "https://sqs/bus.fifo" },
      sinkDeadLetterUrls: { bus: "https://sqs/bus-dead.fifo" },
      eventBusName: "bus-1",
    });
  });

  test("may name the public address of a custom domain", () => {
    const config = functionConfig({ ...environment, ROLLCALL_PUBLIC_URL: "https://scim.example.com/" });
    expect(config.publicUrl).toBe("https://scim.example.com");
  });

  test.each([
    [{ SCIM_TABLE: undefined }, "This environment variable is missing or empty: SCIM_TABLE;"],
    [{ SCIM_TABLE: "", TENANT_HASH: undefined }, "missing or empty: SCIM_TABLE, TENANT_HASH;"],
  ])("with %j is refused in a sentence that names each", (change, sentence) => {
    expect(() => functionConfig({ ...environment, ...change })).toThrow(sentence);
  });
});
