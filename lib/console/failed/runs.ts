/**
 * What is done to failed changes takes longer than a page may, so each is a job with a page of its own. One at a time: two at
 * once would hide each other's dead letters.
 */
import type { ParkedRow } from "../../ops/dlq/parked-rows.ts";
import type { OnProgress } from "../../ops/operations.ts";
import { logged } from "../action-log.ts";
import type { ConsoleContext, ConsoleRequest } from "../context.ts";
import { linkButton, notice } from "../components.ts";
import { html } from "../html.ts";
import type { Job, Summary } from "../jobs.ts";
import { page } from "../layout.ts";
import { viewOf } from "../view.ts";

/** By the kind of the job, which is also the action of the log: where its pages are. */
export const runFolders = {
  replay: "/failed/replays",
  drop: "/failed/drops",
  decide: "/failed/decisions",
  look: "/failed/letters",
} as const;
export type RunKind = keyof typeof runFolders;

export interface RunWork {
  readonly kind: RunKind;
  readonly title: string;
  /** What it is done to, for the action log: a cause, or a resource by id. */
  readonly subject: string;
  readonly run: (options: { onProgress: OnProgress; signal: AbortSignal }) => Promise<RunResult>;
}

export interface RunResult {
  readonly summary: Summary;
  /** For the action log: counts. */
  readonly outcome: string;
}

/** `User/<id>`, or the cause when it is about all of it. */
export function subjectOf(rows: readonly Pick<ParkedRow, "type" | "id">[], who: string, cause: string): string {
  const row = rows.find(({ id }) => id === who);
  if (row !== undefined) return `${row.type}/${row.id}`;
  return who === "" ? cause : `id ${who}`;
}

export function runAddress({ kind, id }: Pick<Job, "kind" | "id">): string {
  return `${runFolders[kind as RunKind]}/${id}`;
}

/** Newest first. */
export function runsOf({ jobs }: ConsoleContext): Job[] {
  return jobs.list().filter(({ kind }) => Object.hasOwn(runFolders, kind));
}

/** Begins it and goes to its page; or to the one that is running, with a word about it. */
export function startRun(c: ConsoleRequest, context: ConsoleContext, work: RunWork): Response | Promise<Response> {
  const running = runsOf(context).find(({ state }) => state === "running");
  const { kind, title, subject } = work;
  const { actions } = context;
  if (running !== undefined) {
    actions({ action: kind, subject, outcome: "not begun: another one is running" });
    return c.html(page(viewOf(c, context), { title: "Not begun", place: "/failed", content: waits(running) }), 409);
  }
  const run = async (options: Parameters<RunWork["run"]>[0]): Promise<Summary> => {
    const begun = async () => await work.run(options);
    const { summary } = await logged(actions, { action: kind, subject }, begun, ({ outcome }) => ({ outcome }));
    return summary;
  };
  actions({ action: kind, subject, outcome: "begun" });
  return c.redirect(runAddress(context.jobs.start({ kind, title, run })), 303);
}

function waits(running: Job): ReturnType<typeof html> {
  return html`${notice("warn", html`Nothing was done: “${running.title}” is still running. Begin again when it has ended.`)}
    <p>${linkButton(runAddress(running), "See how far it is")}</p>`;
}
