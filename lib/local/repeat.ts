/** What the scheduler does on AWS: at once, and then again and again. */

/** An error ends that one run; the next is the retry. `stop` waits for a run that is under way. */
export function repeat(work: () => Promise<unknown>, everyMs: number): { stop(): Promise<void> } {
  let running: Promise<unknown> | undefined;
  const once = (): void => {
    running ??= work()
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
  };
  once();
  const timer = setInterval(once, everyMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
