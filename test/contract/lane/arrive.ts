/** Waiting for messages, in real time or in that of a clock which the test moves. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DeadLetter, Pointer } from "../../../lib/provisioning/ports.ts";
import type { LaneHarness, ReceivedMessage } from "../lane.ts";

/** Longer than any delay of an emulator; a queue that has lost a message is waited for as long. */
const patienceMs = 30_000;

export function pointer(version: number): Pointer {
  return { type: "User", id: "2819c223-7f76-453a-919d-413861904646", version };
}

export function letTimePass(harness: LaneHarness, seconds: number): Promise<void> {
  return harness.clock === undefined ? sleep(seconds * 1000) : harness.clock.sleep(seconds * 1000);
}

export function now(harness: LaneHarness): number {
  return harness.clock === undefined ? Date.now() : harness.clock.now();
}

/** Receives until it has `count` messages. */
export function arrive(harness: Pick<LaneHarness, "receive">, count: number): Promise<ReceivedMessage[]> {
  return collect(() => harness.receive(), count);
}

/** Receives until it has `count` dead letters, and hides them. */
export function arriveDead(harness: LaneHarness, count: number, hiddenSeconds = 30): Promise<DeadLetter[]> {
  return collect(() => harness.deadLetters.receive({ hiddenSeconds }), count);
}

async function collect<T>(receive: () => Promise<readonly T[]>, count: number): Promise<T[]> {
  const all: T[] = [];
  const deadline = Date.now() + patienceMs;
  while (all.length < count) {
    all.push(...(await receive()));
    if (Date.now() > deadline) throw new Error(`${all.length} messages in ${patienceMs} ms, expected ${count}`);
    if (all.length < count) await sleep(10);
  }
  return all;
}

/** Receives without acknowledging, time-out after time-out, until the queue has moved the message away. */
export async function failUntilDead(harness: LaneHarness): Promise<void> {
  for (let receives = 0; receives < harness.maxReceiveCount; receives += 1) {
    await arrive(harness, 1);
    await letTimePass(harness, harness.visibilityTimeoutSeconds + 0.2);
  }
  // SQS moves a message when it would be received once too often.
  const again = await harness.receive();
  if (again.length > 0) throw new Error(`received again after ${harness.maxReceiveCount} times`);
}
