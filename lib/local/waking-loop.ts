/** Work that is looked for again and again, and at once when somebody says that there is some. */

export interface WakingLoop {
  /** There is something: look at once. */
  wake(): void;
  /** Ends after the work that is under way. */
  stop(): Promise<void>;
}

/** Another process may bring work, too, such as a command of `rollcall --local`. */
const lookEveryMs = 250;
const pauseAfterErrorMs = 1_000;

/** `work` is asked again at once after "done". What it throws ends the loop and is thrown by `stop`. */
export function wakingLoop(work: () => Promise<"done" | "empty" | "failed">): WakingLoop {
  const loop = { stopping: false, woken: false, endPause: (): void => {} };
  const running = run(loop, work);
  return {
    wake: () => {
      loop.woken = true;
      loop.endPause();
    },
    stop: async () => {
      loop.stopping = true;
      loop.endPause();
      await running;
    },
  };
}

interface Loop {
  readonly stopping: boolean;
  /** Somebody said so since it was last looked. */
  woken: boolean;
  endPause: () => void;
}

async function run(loop: Loop, work: () => Promise<"done" | "empty" | "failed">): Promise<void> {
  while (!loop.stopping) {
    loop.woken = false;
    const done = await work();
    if (done === "failed") await pause(loop, pauseAfterErrorMs);
    if (done === "empty") await pause(loop, lookEveryMs);
  }
}

async function pause(loop: Loop, ms: number): Promise<void> {
  if (loop.woken || loop.stopping) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    loop.endPause = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
