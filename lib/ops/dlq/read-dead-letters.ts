/** Reading a dead-letter queue as a whole, and giving back what is not wanted. */
import type { DeadLetter, LaneName, Pointer } from "../../provisioning/ports.ts";
import { jsonObjectIn } from "../json-object.ts";
import { laneNames, type OnProgress, type Operations } from "../operations.ts";
import { eachOf } from "../../provisioning/in-parallel.ts";

export interface Letter extends DeadLetter {
  readonly lane: LaneName;
  /** Absent: the message is not one of ours. */
  readonly pointer?: Pointer;
}

/** SQS asks some of its servers only, so one empty answer does not mean that nothing is there … */
const emptyAnswersMost = 3;
/** … unless all that it counted were received. Each of these answers takes a second. */
const emptyAnswersLeast = 1;
const lettersPerReceiver = 100;
const receiversMost = 8;

/**
 * All letters of both lanes, hidden from others for `hiddenSeconds`. Give back with `releaseAll` what stays.
 *
 * Errors: the adapter's; what was received by then is given back first.
 */
export async function readDeadLetters(
  o: Operations,
  hiddenSeconds: number,
  onProgress?: OnProgress,
): Promise<Letter[]> {
  const found = { letters: [] as Letter[], depth: 0 };
  const tell = (letters: readonly Letter[], depth: number) => {
    found.letters.push(...letters);
    found.depth += depth;
    if (found.letters.length > 0) onProgress?.(found.letters.length, Math.max(found.letters.length, found.depth));
  };
  try {
    await eachOf(laneNames, laneNames.length, async (lane) => await readLane(o, lane, hiddenSeconds, tell));
  } catch (error) {
    await releaseAll(o, found.letters);
    throw error;
  }
  return found.letters;
}

async function readLane(
  o: Operations,
  lane: LaneName,
  hiddenSeconds: number,
  tell: (letters: readonly Letter[], depth: number) => void,
): Promise<void> {
  const depth = await o.deadLetters[lane].depth();
  tell([], depth);
  let count = 0;
  const receiver = async () => {
    for (let empty = 0; empty < (count >= depth ? emptyAnswersLeast : emptyAnswersMost);) {
      const received = await o.deadLetters[lane].receive({ hiddenSeconds });
      empty = received.length === 0 ? empty + 1 : 0;
      count += received.length;
      tell(
        received.map((letter) => letterOf(lane, letter)),
        0,
      );
    }
  };
  const receivers = Math.min(receiversMost, Math.ceil(depth / lettersPerReceiver));
  await eachOf(Array.from({ length: Math.max(1, receivers) }), receiversMost, receiver);
}

/** Gives letters back. One that cannot be given back comes back by itself when its hiding ends, so no failure matters. */
export async function releaseAll(o: Operations, letters: readonly Letter[]): Promise<void> {
  await eachOf(letters, 8, async (letter) => {
    await o.deadLetters[letter.lane].release(letter.receipt).catch(() => {});
  });
}

function letterOf(lane: LaneName, letter: DeadLetter): Letter {
  const pointer = pointerOf(letter.body);
  return pointer === undefined ? { ...letter, lane } : { ...letter, lane, pointer };
}

/** Anything may lie on a queue: what does not look like a pointer is unreadable, not an error. */
function pointerOf(body: string): Pointer | undefined {
  const { type, id, version } = jsonObjectIn(body) ?? {};
  if (typeof type !== "string" || typeof id !== "string" || typeof version !== "number") return undefined;
  return type === "" || id === "" ? undefined : { type, id, version };
}
