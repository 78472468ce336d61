/**
 * So many requests are handled at once; who comes after them waits for a turn, first come, first served.
 *
 * SQLite does one thing at a time, so more at once are no quicker. But two hundred that change one group would lose two hundred
 * races against each other, read by read: measured, answers took three times as long.
 */
import type { Handler } from "./gateway.ts";

export function inTurns(handler: Handler, atOnce: number): Handler {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  const turn = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
  };
  const done = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async (event, context) => {
    await turn();
    try {
      return await handler(event, context);
    } finally {
      done();
    }
  };
}
