import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { stackAlarms } from "../../lib/cli/stack-alarms.ts";

test("the alarms of a stack, page by page, asked for by its name and no other's", async () => {
  const asked: object[] = [];
  const pages = [
    {
      MetricAlarms: [
        {
          AlarmName: "rollcall-acme-AlarmsLeaversDeadLetters-1",
          StateValue: "ALARM",
          StateTransitionedTimestamp: 1_700_000_000,
          AlarmDescription: "Changes are parked",
        },
      ],
      NextToken: "more",
    },
    { MetricAlarms: [{ AlarmName: "rollcall-acme-AlarmsServerErrors-2", StateValue: "OK" }] },
  ];
  const requestHandler = {
    handle: async ({ body }: { body: string | Uint8Array }) => {
      asked.push(JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body)));
      const answer = Buffer.from(JSON.stringify(pages[asked.length - 1]));
      return { response: { statusCode: 200, headers: { "content-type": "application/x-amz-json-1.0" }, body: answer } };
    },
  };
  const credentials = { accessKeyId: "scripted", secretAccessKey: "scripted" };
  const client = new CloudWatchClient({ region: "eu-central-1", credentials, requestHandler });
  expect(await stackAlarms(client, "acme")).toEqual([
    {
      name: "rollcall-acme-AlarmsLeaversDeadLetters-1",
      state: "ALARM",
      since: 1_700_000_000_000,
      description: "Changes are parked",
    },
    { name: "rollcall-acme-AlarmsServerErrors-2", state: "OK" },
  ]);
  expect(asked).toMatchObject([
    { AlarmNamePrefix: "rollcall-acme-Alarms" },
    { AlarmNamePrefix: "rollcall-acme-Alarms", NextToken: "more" },
  ]);
});
