/**
 * What lib/events/ports.ts promises about a sink's queue, as one suite for every adapter.
 *
 * A queue is asked until it has given what it should: it may give fewer messages at once than it holds.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SinkMessages, SinkPointer, SinkQueue } from "../../lib/events/ports.ts";
import type { Clock, DeadLetters } from "../../lib/provisioning/ports.ts";

export interface ReceivedSinkMessage {
  readonly body: string;
  readonly subject: string;
  /** 1 the first time. */
  readonly receiveCount: number;
  readonly receipt: string;
  ack(): Promise<void>;
}

export interface SinkQueueHarness {
  readonly queue: SinkQueue;
  readonly messages: SinkMessages;
  readonly deadLetters: DeadLetters;
  /** What is there now: up to ten messages, hidden from now for the visibility time-out. */
  receive(): Promise<readonly ReceivedSinkMessage[]>;
  /** Short, for the tests wait for it. */
  readonly visibilityTimeoutSeconds: number;
  readonly maxReceiveCount: number;
  /** The queue's own clock where a test can move it; absent: real time. */
  readonly clock?: Clock;
  close(): Promise<void>;
}

const patience = { timeout: 30_000, interval: 50 };
/** Longer than any delay of an emulator. */
const patienceMs = 30_000;

export function pointer(subject: string, sequence: number, member?: string): SinkPointer {
  const what = member === undefined ? "" : `.${member}`;
  return { position: sequence, eventId: `${subject.replaceAll("/", ".")}.${sequence}${what}`, subject };
}

/** `make` is called for each test and gives an empty queue with empty dead letters. */
export function sinkQueueContract(name: string, make: () => Promise<SinkQueueHarness>): void {
  describe(`sink queue contract: ${name}`, () => {
    let harness: SinkQueueHarness | undefined;
    const current = (): SinkQueueHarness => {
      if (harness === undefined) throw new Error("a test of the contract uses the queue before it was made");
      return harness;
    };
    beforeEach(async () => {
      harness = await make();
    });
    afterEach(async () => {
      await harness?.close();
      harness = undefined;
    });
    order(current);
    parking(current);
  });
}

function order(harness: () => SinkQueueHarness): void {
  test("delivers the pointer as JSON with its subject, the first time with receive count 1", async () => {
    await harness().queue.sendAll([pointer("User/a", 7)]);
    const [message] = await arrive(harness(), 1);
    expect(JSON.parse(message?.body ?? "")).toEqual(pointer("User/a", 7));
    expect(message?.subject).toBe("User/a");
    expect(message?.receiveCount).toBe(1);
  });

  test("delivers what is of one subject in the order in which it was sent, however many there are", async () => {
    const sent = Array.from({ length: 25 }, (_, n) =>
      pointer(n % 3 === 0 ? "User/a" : "Group/b/members", n + 1, `m${n}`),
    );
    await harness().queue.sendAll(sent);
    const received: SinkPointer[] = [];
    while (received.length < sent.length) {
      for (const message of await arrive(harness(), 1)) {
        received.push(JSON.parse(message.body) as SinkPointer);
        await message.ack();
      }
    }
    const of = (all: readonly SinkPointer[], subject: string) => all.filter((one) => one.subject === subject);
    for (const subject of ["User/a", "Group/b/members"]) expect(of(received, subject)).toEqual(of(sent, subject));
  });

  test("what was sent in the last five minutes, by its event, is not sent again: neither while it waits nor when it was handled", async () => {
    await harness().queue.sendAll([pointer("User/a", 1)]);
    await harness().queue.sendAll([pointer("User/a", 1), pointer("User/b", 2)]);
    const received = await arrive(harness(), 2);
    expect(received.map(({ subject }) => subject).toSorted()).toEqual(["User/a", "User/b"]);
    for (const message of received) await message.ack();
    await harness().queue.sendAll([pointer("User/a", 1)]);
    expect(await harness().receive()).toEqual([]);
  });

  test("but what is replayed is: its first send may be a moment ago", async () => {
    await harness().queue.sendAll([pointer("User/a", 1)]);
    for (const message of await arrive(harness(), 1)) await message.ack();
    await harness().queue.sendAll([pointer("User/a", 1)], "0a1b2c3d");
    await harness().queue.sendAll([pointer("User/a", 1)], "0a1b2c3d");
    const [again] = await arrive(harness(), 1);
    expect(JSON.parse(again?.body ?? "")).toEqual(pointer("User/a", 1));
    await again?.ack();
    expect(await harness().receive()).toEqual([]);
  });

  test("while one of a subject is under way none of it is received; other subjects are", async () => {
    await harness().queue.sendAll([pointer("User/a", 1)]);
    await arrive(harness(), 1);
    await harness().queue.sendAll([pointer("User/a", 2), pointer("User/b", 3)]);
    const others = await arrive(harness(), 1);
    expect(others.map(({ subject }) => subject)).toEqual(["User/b"]);
    expect(await harness().receive()).toEqual([]);
  });

  test("what is not acknowledged comes again after its time-out, in front of later ones of its subject", async () => {
    await harness().queue.sendAll([pointer("User/a", 1)]);
    await arrive(harness(), 1);
    await harness().queue.sendAll([pointer("User/a", 2)]);
    await letTimePass(harness(), harness().visibilityTimeoutSeconds + 0.2);
    const [again] = await arrive(harness(), 1);
    expect(JSON.parse(again?.body ?? "")).toEqual(pointer("User/a", 1));
    expect(again?.receiveCount).toBe(2);
  });

  test("a postponed one hides the later ones of its subject for as long, also those that were received with it and given back", async () => {
    const longer = harness().visibilityTimeoutSeconds + 1;
    await harness().queue.sendAll([pointer("User/a", 1)]);
    await harness().queue.sendAll([pointer("User/a", 2)]);
    const received = await arrive(harness(), 2);
    for (const later of received.slice(1)) await harness().messages.postpone(later.receipt, 0);
    await harness().messages.postpone(received[0]?.receipt ?? "", longer);
    await harness().queue.sendAll([pointer("User/a", 3), pointer("User/b", 4)]);
    const others = await arrive(harness(), 1);
    expect(others.map(({ subject }) => subject)).toEqual(["User/b"]);
    await others[0]?.ack();
    await letTimePass(harness(), longer - 1);
    expect(await harness().receive()).toEqual([]);
    await letTimePass(harness(), 1.3);
    const sequences: number[] = [];
    while (sequences.length < 3) {
      for (const message of await arrive(harness(), 1)) {
        sequences.push((JSON.parse(message.body) as SinkPointer).position);
        await message.ack();
      }
    }
    expect(sequences).toEqual([1, 2, 3]);
  });

  test("what a slow receiver postpones or acknowledges late does not touch who has it since", async () => {
    await harness().queue.sendAll([pointer("User/a", 1)]);
    const [slow] = await arrive(harness(), 1);
    await letTimePass(harness(), harness().visibilityTimeoutSeconds + 0.2);
    const [quick] = await arrive(harness(), 1);
    await quick?.ack();
    await harness()
      .messages.postpone(slow?.receipt ?? "", 0)
      .catch(() => {});
    await harness().queue.sendAll([pointer("User/a", 2)]);
    const [next] = await arrive(harness(), 1);
    expect(JSON.parse(next?.body ?? "")).toEqual(pointer("User/a", 2));
  });

  test("depth counts what waits and what is under way", async () => {
    await harness().queue.sendAll([pointer("User/a", 1), pointer("User/b", 2)]);
    await expect.poll(async () => await harness().queue.depth(), patience).toBe(2);
    const [message] = await arrive(harness(), 1);
    expect(await harness().queue.depth()).toBe(2);
    await message?.ack();
    await expect.poll(async () => await harness().queue.depth(), patience).toBe(1);
  });
}

function parking(harness: () => SinkQueueHarness): void {
  test("bury puts the pointer among the dead letters with its reason; looking at one of a subject hides no other", async () => {
    await harness().messages.bury(pointer("User/a", 1), "not-taken");
    await harness().messages.bury(pointer("User/a", 2), "not-taken");
    await harness().messages.bury("not ours", "unreadable-message");
    const letters = [];
    const deadline = Date.now() + patienceMs;
    while (letters.length < 3 && Date.now() < deadline) {
      letters.push(...(await harness().deadLetters.receive({ hiddenSeconds: 30 })));
    }
    const found = new Map(letters.map(({ body, reason }) => [body, reason]));
    const text = (sequence: number) => JSON.stringify(pointer("User/a", sequence));
    expect(found).toEqual(
      new Map([
        ["not ours", "unreadable-message"],
        [text(1), "not-taken"],
        [text(2), "not-taken"],
      ]),
    );
    await harness().deadLetters.remove(letters[0]?.receipt ?? "");
    await expect.poll(async () => await harness().deadLetters.depth(), patience).toBe(2);
    expect(await harness().queue.depth()).toBe(0);
  });

  test("what is received too often goes to the dead letters, and the later ones of its subject go on", async () => {
    await harness().queue.sendAll([pointer("User/a", 1)]);
    for (let receives = 0; receives < harness().maxReceiveCount; receives += 1) {
      await arrive(harness(), 1);
      await letTimePass(harness(), harness().visibilityTimeoutSeconds + 0.2);
    }
    await harness().queue.sendAll([pointer("User/a", 2)]);
    const [next] = await arrive(harness(), 1);
    expect(JSON.parse(next?.body ?? "")).toEqual(pointer("User/a", 2));
    await expect.poll(async () => await harness().deadLetters.depth(), patience).toBe(1);
  });
}

function letTimePass({ clock }: SinkQueueHarness, seconds: number): Promise<void> {
  return clock === undefined ? sleep(seconds * 1000) : clock.sleep(seconds * 1000);
}

/** Receives until it has `count` messages. */
async function arrive(harness: SinkQueueHarness, count: number): Promise<ReceivedSinkMessage[]> {
  const all: ReceivedSinkMessage[] = [];
  const deadline = Date.now() + patienceMs;
  while (all.length < count) {
    all.push(...(await harness.receive()));
    if (Date.now() > deadline) throw new Error(`${all.length} messages in ${patienceMs} ms, expected ${count}`);
    if (all.length < count) await sleep(10);
  }
  return all;
}
