/** Work that takes longer than a page may: it goes on when nobody looks, tells how far it is, and can be stopped. */
import { randomUUID } from "node:crypto";
import type { OnProgress } from "../ops/operations.ts";
import { newPace, type Pace } from "../ops/pace.ts";
import type { Clock } from "../provisioning/ports.ts";
import type { Html } from "./html.ts";
import type { View } from "./view.ts";

export interface Progress extends Pace {
  readonly done: number;
  readonly total: number;
  /** What is being done just now, where there are several things to do. */
  readonly note?: string;
}

export interface Job {
  readonly id: string;
  /** What work it is, such as `replay`: a page lists its own. */
  readonly kind: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly state: "running" | "done" | "failed";
  readonly endedAt?: number;
  readonly progress: Progress;
  /** Somebody pressed the button; the work ends after what it has at hand. */
  readonly isStopping: boolean;
  /** What came of it, for whoever looks at it: values may be masked, times have a zone. */
  readonly summary?: Summary;
  /** One sentence. */
  readonly problem?: string;
}

export type Summary = (view: View) => Html;

export interface JobWork {
  readonly kind: string;
  readonly title: string;
  readonly run: (options: { onProgress: OnProgress; signal: AbortSignal }) => Promise<Summary>;
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

  const start = ({ kind, title, run }: JobWork): Job => {
    const id = randomUUID();
    const control = new AbortController();
    const change = (changes: Partial<Job>): void => {
      const running = all.get(id);
      if (running !== undefined) running.job = { ...running.job, ...changes };
    };
    let [pace, noted] = [newPace(), ""];
    const onProgress: OnProgress = (done, total, note) => {
      if (note !== undefined && note !== noted) [pace, noted] = [newPace(), note];
      change({ progress: { done, total, ...(note === undefined ? {} : { note }), ...pace(done, total) } });
    };
    const work = async (): Promise<void> => {
      try {
        const summary = await run({ onProgress, signal: control.signal });
        change({ state: "done", endedAt: clock.now(), summary });
      } catch (error) {
        change({ state: "failed", endedAt: clock.now(), problem: sentence(error) });
      }
    };
    const progress = { done: 0, total: 0, rate: 0 };
    const job: Job = { id, kind, title, startedAt: clock.now(), state: "running", progress, isStopping: false };
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
