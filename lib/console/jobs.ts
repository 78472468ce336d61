/** Work that takes longer than a page may: it goes on when nobody looks, tells how far it is, and can be stopped. */
import { randomUUID } from "node:crypto";
import type { OnProgress } from "../ops/operations.ts";
import type { Clock } from "../provisioning/ports.ts";
import type { Html } from "./html.ts";

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly note?: string;
}

export interface Job {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly state: "running" | "done" | "failed";
  readonly endedAt?: number;
  readonly progress: Progress;
  /** Somebody pressed the button; the work ends after what it has at hand. */
  readonly isStopping: boolean;
  /** What came of it, as the page shows it. */
  readonly summary?: Html;
  /** One sentence. */
  readonly problem?: string;
}

export interface JobWork {
  readonly title: string;
  /** The answer is the summary. */
  readonly run: (options: { onProgress: OnProgress; signal: AbortSignal }) => Promise<Html>;
}

export interface Jobs {
  start(work: JobWork): Job;
  find(id: string): Job | undefined;
  stop(id: string): void;
  /** Newest first. */
  list(): readonly Job[];
  /** Stops all, and waits for them. */
  close(): Promise<void>;
}

const kept = 50;

interface Running {
  job: Job;
  readonly control: AbortController;
  readonly ended: Promise<void>;
}

export function createJobs(clock: Pick<Clock, "now">, sentence: (error: unknown) => string): Jobs {
  const all = new Map<string, Running>();

  const start = ({ title, run }: JobWork): Job => {
    const id = randomUUID();
    const control = new AbortController();
    const change = (changes: Partial<Job>): void => {
      const running = all.get(id);
      if (running !== undefined) running.job = { ...running.job, ...changes };
    };
    const onProgress: OnProgress = (done, total, note) =>
      change({ progress: { done, total, ...(note === undefined ? {} : { note }) } });
    const work = async (): Promise<void> => {
      try {
        const summary = await run({ onProgress, signal: control.signal });
        change({ state: "done", endedAt: clock.now(), summary });
      } catch (error) {
        change({ state: "failed", endedAt: clock.now(), problem: sentence(error) });
      }
    };
    const progress = { done: 0, total: 0 };
    const job: Job = { id, title, startedAt: clock.now(), state: "running", progress, isStopping: false };
    // Not before it stands in the list: the first word of progress may come at once.
    const ended = Promise.resolve().then(work);
    all.set(id, { job, control, ended });
    forgetOldest(all);
    return job;
  };

  return {
    start,
    find: (id) => all.get(id)?.job,
    stop: (id) => {
      const running = all.get(id);
      if (running?.job.state !== "running") return;
      running.job = { ...running.job, isStopping: true };
      running.control.abort();
    },
    list: () => [...all.values()].map(({ job }) => job).toReversed(),
    close: async () => {
      for (const { control } of all.values()) control.abort();
      await Promise.all([...all.values()].map(({ ended }) => ended));
    },
  };
}

function forgetOldest(all: Map<string, Running>): void {
  for (const [id, { job }] of all) {
    if (all.size <= kept) return;
    if (job.state !== "running") all.delete(id);
  }
}
