/** What a sink answered last in all is one item: it is written now and then, not for each event. */
import type { Clock, Table } from "../provisioning/ports.ts";
import { noteLastAnswer, type SinkAnswer } from "./sink-state.ts";

const noteEveryMs = 5_000;

/** Each outcome within so many seconds of when it was noted before is left out. Errors of what it gives: TableError. */
export function lastAnswers({
  table,
  clock,
}: {
  readonly table: Table;
  readonly clock: Clock;
}): (sink: string, answer: SinkAnswer) => Promise<void> {
  const notedAt = new Map<string, number>();
  return async (sink, answer) => {
    const key = `${sink} ${answer.outcome}`;
    const now = clock.now();
    if (now - (notedAt.get(key) ?? Number.NEGATIVE_INFINITY) < noteEveryMs) return;
    notedAt.set(key, now);
    await noteLastAnswer(table, sink, answer);
  };
}
