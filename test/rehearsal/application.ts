/** The tenant's application, as far as events go: a queue behind a rule on the bus, the feed over HTTP, and the directory itself. */
import assert from "node:assert/strict";
import { type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { unmarshalItem } from "../../lib/aws/marshal.ts";
import type { DirectoryEvent } from "../../lib/events/event.ts";
import type { Item } from "../../lib/provisioning/ports.ts";
import { type Folded, foldOfDirectory } from "../events/fold.ts";
import { credentials } from "./stage.ts";
import type { Scene } from "./story.ts";

/** An event, and when it came. Units: milliseconds since 1970. */
export interface Heard {
  readonly event: DirectoryEvent;
  readonly at: number;
}

export interface Listener {
  /** All so far, in the order in which they came. */
  readonly heard: readonly Heard[];
  stop(): Promise<void>;
}

/** From now on whatever is put on the tenant's bus is received. */
export async function listenToBus({ stage, tenant, region, outputs, signal }: Scene): Promise<Listener> {
  const aws = { endpoint: stage.awsUrl, region, credentials };
  const [sqs, bridge] = [new SQSClient(aws), new EventBridgeClient(aws)];
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `application-of-${tenant}` }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  const rule = { Name: "all-of-rollcall", EventBusName: outputs.EventBusName };
  const EventPattern = JSON.stringify({ source: [`rollcall.${tenant}`] });
  await bridge.send(new PutRuleCommand({ ...rule, EventPattern }));
  const Targets = [{ Id: "queue", Arn: Attributes?.["QueueArn"] }];
  const { FailedEntryCount } = await bridge.send(
    new PutTargetsCommand({ Rule: rule.Name, EventBusName: rule.EventBusName, Targets }),
  );
  assert.equal(FailedEntryCount, 0);
  const heard: Heard[] = [];
  const running = { isOver: false };
  const receive = async () => {
    while (!running.isOver && !signal.aborted) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      for (const { Body = "", ReceiptHandle } of Messages) {
        const { detail }: { detail: DirectoryEvent } = JSON.parse(Body);
        heard.push({ event: detail, at: Date.now() });
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  };
  const received = receive();
  received.catch(() => {});
  return {
    heard,
    stop: async () => {
      running.isOver = true;
      await received;
      sqs.destroy();
      bridge.destroy();
    },
  };
}

/** All that the feed has, page by page. */
export async function readWholeFeed(feedUrl: string, token: string): Promise<DirectoryEvent[]> {
  const all: DirectoryEvent[] = [];
  for (let after = ""; ;) {
    const answer = await fetch(`${feedUrl}?limit=100${after === "" ? "" : `&after=${encodeURIComponent(after)}`}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    const page: { events: DirectoryEvent[]; next: string; more: boolean; gaps?: number[] } = JSON.parse(text);
    assert.deepEqual(page.gaps ?? [], []);
    all.push(...page.events);
    if (!page.more) return all;
    after = page.next;
  }
}

/** What the Directory table holds, as events fold to it. */
export async function readDirectory(client: DynamoDBClient, TableName: string): Promise<Folded> {
  const all: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    all.push(...Items.map((item) => unmarshalItem(item)));
  }
  return foldOfDirectory(all);
}
