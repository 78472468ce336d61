/**
 * What lib/provisioning/ports.ts promises about Lane and DeadLetters, as one suite for every adapter.
 *
 * A queue is asked until it has given what it should: it may give fewer messages at once than it holds.
 */
import { afterEach, beforeEach, describe } from "vitest";
import type { Clock, DeadLetters, Lane } from "../../lib/provisioning/ports.ts";
import { deadLettersContract } from "./lane/dead-letters.ts";
import { deliveryContract } from "./lane/delivery.ts";

export interface ReceivedMessage {
  readonly body: string;
  /** 1 the first time. */
  readonly receiveCount: number;
  ack(): Promise<void>;
}

export interface LaneHarness {
  readonly lane: Lane;
  readonly deadLetters: DeadLetters;
  /** What is there now, of the lane itself: up to ten messages, hidden from now for the visibility time-out. */
  receive(): Promise<readonly ReceivedMessage[]>;
  /** Short, for the tests wait for it. */
  readonly visibilityTimeoutSeconds: number;
  /** At least 2. */
  readonly maxReceiveCount: number;
  /** The queue's own clock where a test can move it; absent: real time. */
  readonly clock?: Clock;
  close(): Promise<void>;
}

/** `make` is called for each test and gives an empty lane with empty dead letters. */
export function laneContract(name: string, make: () => Promise<LaneHarness>): void {
  describe(`lane contract: ${name}`, () => {
    let harness: LaneHarness | undefined;
    const current = (): LaneHarness => {
      if (harness === undefined) throw new Error("a test of the contract uses the lane before it was made");
      return harness;
    };
    beforeEach(async () => {
      harness = await make();
    });
    afterEach(async () => {
      await harness?.close();
      harness = undefined;
    });

    deliveryContract(current);
    deadLettersContract(current);
  });
}
