import { describe, expect, test } from "vitest";
import { sqsDeadLetters } from "../../lib/aws/sqs-dead-letters.ts";
import { sqsLane } from "../../lib/aws/sqs-lane.ts";
import { LaneError, type Pointer } from "../../lib/provisioning/ports.ts";
import { failure, networkError, ok, scriptedSqs, type Answer, type Request, type Script } from "./scripted-clients.ts";

const queueUrl = "https://sqs.eu-central-1.amazonaws.com/1/lane";
const deadLetterUrl = `${queueUrl}-dead`;
const pointer = (version: number): Pointer => ({ type: "User", id: "2819c223", version });
const pointers = (count: number): Pointer[] => Array.from({ length: count }, (_, i) => pointer(i));

function scripted(script: Script = [ok()]) {
  const { client, requests } = scriptedSqs(script);
  const deadLetters = sqsDeadLetters({ client, queueUrl: deadLetterUrl });
  return { lane: sqsLane({ client, queueUrl, deadLetterUrl }), deadLetters, requests };
}

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

const entriesOf = ({ body }: Request): Entry[] => body.Entries;

/** Takes what `takes` says, and refuses the rest. */
function answerBatch(request: Request, takes: (entry: Entry) => boolean): Answer {
  const [Successful, refused] = [entriesOf(request).filter(takes), entriesOf(request).filter((entry) => !takes(entry))];
  const why = { Code: "InternalError", Message: "try again", SenderFault: false };
  return ok({ Successful, Failed: refused.map(({ Id }) => ({ Id, ...why })) });
}

describe("a lane on SQS", () => {
  test("sends a pointer and nothing else", async () => {
    const { lane, requests } = scripted();
    const withMore = { ...pointer(3), userName: "ada" };
    await lane.send(withMore, { delaySeconds: 60 });
    const MessageBody = '{"type":"User","id":"2819c223","version":3}';
    expect(requests).toEqual([
      { operation: "SendMessage", body: { QueueUrl: queueUrl, MessageBody, DelaySeconds: 60 } },
    ]);
  });

  test.each([-1, 901, Number.NaN])("refuses a delay of %d seconds as a mistake of the caller", async (delaySeconds) => {
    const { lane, requests } = scripted();
    await expect(lane.send(pointer(1), { delaySeconds })).rejects.toThrow(RangeError);
    expect(requests).toEqual([]);
  });

  test("buries with the reason, and a message that is no pointer as it is", async () => {
    const { lane, requests } = scripted();
    await lane.bury(pointer(1), "mapping-required");
    await lane.bury("not ours", "unreadable");
    const reason = (code: string) => ({ reason: { DataType: "String", StringValue: code } });
    expect(requests.map(({ body }) => [body.QueueUrl, body.MessageBody, body.MessageAttributes])).toEqual([
      [deadLetterUrl, JSON.stringify(pointer(1)), reason("mapping-required")],
      [deadLetterUrl, "not ours", reason("unreadable")],
    ]);
  });

  test("sends many in batches of ten", async () => {
    const { lane, requests } = scripted((request) => answerBatch(request, () => true));
    await lane.sendAll(pointers(25));
    expect(requests.map((request) => entriesOf(request).length)).toEqual([10, 10, 5]);
    const bodies = requests.flatMap((request) => entriesOf(request)).map((entry) => entry.MessageBody);
    expect(bodies.toSorted()).toEqual(
      pointers(25)
        .map((each) => JSON.stringify(each))
        .toSorted(),
    );
  });

  test("sends once more what SQS did not take of a batch, and only that", async () => {
    let batches = 0;
    const { lane, requests } = scripted((request) => {
      batches += 1;
      return answerBatch(request, ({ Id }) => batches > 1 || Number(Id) < 7);
    });
    await lane.sendAll(pointers(10));
    expect(requests.slice(1).map((request) => entriesOf(request).map((entry) => entry.MessageBody))).toEqual([
      [7, 8, 9].map((version) => JSON.stringify(pointer(version))),
    ]);
  });

  test("throws when SQS does not take them the second time either", async () => {
    const { lane, requests } = scripted((request) => answerBatch(request, ({ Id }) => Number(Id) < 7));
    await expect(lane.sendAll(pointers(10))).rejects.toThrow(
      new LaneError(`SQS did not take 3 of 10 messages for ${queueUrl}: InternalError: try again`),
    );
    expect(requests).toHaveLength(2);
  });

  test.each<[string, Answer]>([
    ["no answer", networkError("ECONNRESET")],
    ["no such queue", failure("QueueDoesNotExist")],
    ["no right", failure("AccessDeniedException")],
  ])("throws LaneError with the cause: %s", async (_, answer) => {
    const { lane } = scripted([answer]);
    const error = { name: "LaneError", message: expect.stringContaining(queueUrl), cause: expect.any(Error) };
    await expect(lane.send(pointer(1))).rejects.toMatchObject(error);
    await expect(lane.sendAll(pointers(2))).rejects.toMatchObject(error);
    await expect(lane.bury(pointer(1), "mapping-required")).rejects.toMatchObject(error);
  });
});

describe("dead letters on SQS", () => {
  test("depth counts visible, hidden and delayed ones", async () => {
    const Attributes = {
      ApproximateNumberOfMessages: "1",
      ApproximateNumberOfMessagesNotVisible: "20",
      ApproximateNumberOfMessagesDelayed: "300",
    };
    const { deadLetters } = scripted([ok({ Attributes })]);
    expect(await deadLetters.depth()).toBe(321);
  });

  test("are received with their reason and the time of the first send", async () => {
    const letter = { Body: "{}", ReceiptHandle: "r1", Attributes: { SentTimestamp: "1700000000000" } };
    const MessageAttributes = { reason: { DataType: "String", StringValue: "mapping-required" } };
    const { deadLetters, requests } = scripted([ok({ Messages: [{ ...letter, MessageAttributes }, letter] })]);
    const expected = { body: "{}", receipt: "r1", sentAt: 1_700_000_000_000 };
    expect(await deadLetters.receive({ hiddenSeconds: 30 })).toEqual([
      { ...expected, reason: "mapping-required" },
      expected,
    ]);
    expect(requests[0]?.body).toMatchObject({
      QueueUrl: deadLetterUrl,
      VisibilityTimeout: 30,
      MaxNumberOfMessages: 10,
    });
  });

  test("one that is no longer hidden is released already", async () => {
    const { deadLetters } = scripted([failure("MessageNotInflight")]);
    await expect(deadLetters.release("r1")).resolves.toBeUndefined();
  });

  test("whatever SQS cannot do is a LaneError with the cause", async () => {
    const { deadLetters } = scripted([failure("AccessDeniedException")]);
    const error = { name: "LaneError", message: expect.stringContaining(deadLetterUrl), cause: expect.any(Error) };
    await expect(deadLetters.depth()).rejects.toMatchObject(error);
    await expect(deadLetters.receive({ hiddenSeconds: 1 })).rejects.toMatchObject(error);
    await expect(deadLetters.remove("r1")).rejects.toMatchObject(error);
    await expect(deadLetters.release("r1")).rejects.toMatchObject(error);
  });
});
