import { describe, expect, test } from "vitest";
import { sqsSinkMessages, sqsSinkQueue } from "../../lib/aws/sqs-sink-queue.ts";
import { LaneError } from "../../lib/provisioning/ports.ts";
import { pointer } from "../contract/sink-queue.ts";
import { ok, type Request, type Script, scriptedSqs } from "./scripted-clients.ts";

const queueUrl = "https://sqs.eu-central-1.amazonaws.com/1/sink.fifo";
const members = "Group/b/members";

function scripted(script: Script = [ok()]) {
  const { client, requests } = scriptedSqs(script);
  return { queue: sqsSinkQueue({ client, queueUrl }), requests };
}

const batchesOf = (requests: readonly Request[]) =>
  requests.map(({ body }) =>
    body.Entries.map((entry: { MessageDeduplicationId: string }) => entry.MessageDeduplicationId),
  );

describe("a sink's queue on SQS", () => {
  test("has the subject as group and the event as what is not sent twice", async () => {
    const { queue, requests } = scripted();
    await queue.sendAll([pointer("User/a", 1)]);
    const MessageBody = '{"position":1,"eventId":"User.a.1","subject":"User/a"}';
    const entry = { Id: "0", MessageBody, MessageGroupId: "User/a", MessageDeduplicationId: "User.a.1" };
    expect(requests.map(({ body }) => body)).toEqual([{ QueueUrl: queueUrl, Entries: [entry] }]);
  });

  test("what has an order within its subject is never in one batch: SQS may take the later one alone", async () => {
    const { queue, requests } = scripted();
    await queue.sendAll([
      pointer("User/a", 1),
      pointer("User/c", 1),
      pointer("User/a", 2),
      pointer(members, 5, "reset"),
      pointer(members, 5, "x"),
      pointer(members, 5, "y"),
      pointer(members, 6, "x"),
    ]);
    expect(batchesOf(requests)).toEqual([
      ["User.a.1", "User.c.1"],
      ["User.a.2", "Group.b.members.5.reset"],
      ["Group.b.members.5.x", "Group.b.members.5.y"],
      ["Group.b.members.6.x"],
    ]);
  });

  test("a batch has at most ten", async () => {
    const { queue, requests } = scripted();
    await queue.sendAll(Array.from({ length: 21 }, (_, n) => pointer(members, 5, `m${n}`)));
    expect(batchesOf(requests).map((batch: string[]) => batch.length)).toEqual([10, 10, 1]);
  });

  test("what SQS did not take is sent once more, and nothing goes past what it does not take then", async () => {
    const Failed = [{ Id: "1", Code: "InternalError", SenderFault: false }];
    const again = scripted([ok({ Failed }), ok()]);
    await again.queue.sendAll([pointer("User/a", 1), pointer("User/b", 1), pointer("User/a", 2)]);
    expect(batchesOf(again.requests)).toEqual([["User.a.1", "User.b.1"], ["User.b.1"], ["User.a.2"]]);
    const refused = scripted([ok({ Failed })]);
    const sent = refused.queue.sendAll([pointer("User/a", 1), pointer("User/b", 1), pointer("User/b", 2)]);
    await expect(sent).rejects.toThrow(LaneError);
    expect(batchesOf(refused.requests)).toEqual([["User.a.1", "User.b.1"], ["User.b.1"]]);
  });

  test("two messages that are no pointers are two dead letters, also of one length", async () => {
    const { client, requests } = scriptedSqs([ok(), ok()]);
    const messages = sqsSinkMessages({ client, queueUrl, deadLetterUrl: queueUrl });
    for (const text of ["one", "two"]) await messages.bury(text, "unreadable-message");
    expect(new Set(requests.map(({ body }) => body.MessageDeduplicationId)).size).toBe(2);
  });

  test("a dead letter is in a group of its own and carries its reason", async () => {
    const { client, requests } = scriptedSqs([ok()]);
    const deadLetterUrl = "https://sqs.eu-central-1.amazonaws.com/1/dead.fifo";
    await sqsSinkMessages({ client, queueUrl, deadLetterUrl }).bury(pointer("User/a", 1), "not-taken");
    expect(requests[0]?.body).toMatchObject({
      QueueUrl: deadLetterUrl,
      MessageGroupId: "User.a.1",
      MessageDeduplicationId: "User.a.1",
      MessageAttributes: { reason: { DataType: "String", StringValue: "not-taken" } },
    });
  });
});
