/**
 * What a sink did not take is put into its queue again. A pointer goes into the queue first and out of the dead letters then: at
 * worst an event comes twice. It comes behind later ones of its subject; the receiver tells by `sequence`.
 */
import { readEventOf } from "../../events/feed.ts";
import type { SinkPointer } from "../../events/ports.ts";
import { readSinkPointer } from "../../events/sink-pointer.ts";
import { type DeadLetter, LaneError } from "../../provisioning/ports.ts";
import type { OnProgress, Operations } from "../operations.ts";
import { partsOf } from "./sinks.ts";

interface Letter extends DeadLetter {
  /** "newer": only a later release understands it. */
  readonly pointer?: SinkPointer | "newer";
}

type OurLetter = Letter & { readonly pointer: SinkPointer };

export interface SinkReplayPlan {
  /** In the order of the feed. */
  readonly replay: readonly OurLetter[];
  /** The feed does not have their events any more: their dead letters go. */
  readonly gone: readonly OurLetter[];
  /** Of a later release: they stay for it. */
  readonly newer: number;
  /** Not ours: they stay. */
  readonly unreadable: number;
}

export interface SinkReplayed {
  readonly sent: number;
  readonly gone: number;
  /** By Ctrl-C, or by a queue that took nothing: run it again. */
  readonly stopped: boolean;
  readonly problem?: string;
}

/** Long enough for the question and the run; after that a letter may be sent twice, which is safe. */
const hiddenSeconds = 900;
const emptyAnswersMost = 3;
const atOnce = 10;

/** Hands the plan to `use`; whatever it did not take away is given back, also after an error. Errors: OperationError; TableError, LaneError. */
export async function withSinkReplay<T>(
  o: Operations,
  sink: string,
  onProgress: OnProgress,
  use: (plan: SinkReplayPlan, run: RunReplay) => Promise<T>,
): Promise<T> {
  const { deadLetters } = partsOf(o, sink);
  const letters: Letter[] = [];
  const removed = new Set<Letter>();
  try {
    const depth = await deadLetters.depth();
    for (let empty = 0; empty < (letters.length >= depth ? 1 : emptyAnswersMost);) {
      const received = await deadLetters.receive({ hiddenSeconds });
      empty = received.length === 0 ? empty + 1 : 0;
      letters.push(...received.map(letterOf));
      onProgress(letters.length, Math.max(letters.length, depth));
    }
    const plan = await planOf(o, letters);
    return await use(plan, async (during) => await replay(o, sink, plan, removed, during));
  } finally {
    for (const letter of letters) {
      if (!removed.has(letter)) await deadLetters.release(letter.receipt).catch(() => {});
    }
  }
}

async function planOf({ table, clock }: Operations, letters: readonly Letter[]): Promise<SinkReplayPlan> {
  const ours = letters.filter(isOurs).toSorted((a, b) => a.pointer.position - b.pointer.position);
  const newer = letters.filter(({ pointer }) => pointer === "newer").length;
  const there: OurLetter[] = [];
  const gone: OurLetter[] = [];
  for (const letter of ours) {
    const event = await readEventOf(table, letter.pointer, clock.now());
    (event === undefined ? gone : there).push(letter);
  }
  return { replay: there, gone, newer, unreadable: letters.length - ours.length - newer };
}

function isOurs(letter: Letter): letter is OurLetter {
  return typeof letter.pointer === "object";
}

export interface ReplayDuring {
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

export type RunReplay = (during: ReplayDuring) => Promise<SinkReplayed>;

async function replay(
  o: Operations,
  sink: string,
  plan: SinkReplayPlan,
  removed: Set<Letter>,
  { onProgress, signal }: ReplayDuring,
): Promise<SinkReplayed> {
  const { queue, deadLetters } = partsOf(o, sink);
  const remove = async (letter: Letter) => {
    await deadLetters.remove(letter.receipt);
    removed.add(letter);
  };
  // Their first send may be minutes ago: the queue must not take it for this one, as their dead letters go.
  const again = o.chance.uuid().slice(0, 8);
  const total = plan.replay.length + plan.gone.length;
  let [sent, gone] = [0, 0];
  try {
    while (sent < plan.replay.length && !signal.aborted) {
      const some = plan.replay.slice(sent, sent + atOnce);
      await queue.sendAll(
        some.map(({ pointer }) => pointer),
        again,
      );
      for (const letter of some) await remove(letter);
      sent += some.length;
      onProgress(sent, total);
    }
    for (const letter of signal.aborted ? [] : plan.gone) {
      await remove(letter);
      gone += 1;
      onProgress(sent + gone, total);
    }
  } catch (error) {
    if (!(error instanceof LaneError)) throw error;
    return { sent, gone, stopped: true, problem: error.message };
  }
  return { sent, gone, stopped: sent + gone < total };
}

function letterOf(letter: DeadLetter): Letter {
  const pointer = readSinkPointer(letter.body);
  return pointer === undefined ? letter : { ...letter, pointer };
}
