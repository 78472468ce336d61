/** The page of something that is being done to failed changes: how far it is, a button that stops it, and what came of it. */
import { age, counted, whole } from "../../ops/words.ts";
import { actionForm, chip, linkButton, notice, time } from "../components.ts";
import type { ConsoleApp, ConsoleContext, ConsoleRequest } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import type { Job } from "../jobs.ts";
import { progressPart } from "../job-part.ts";
import { page } from "../layout.ts";
import { live } from "../live.ts";
import { type View, viewOf } from "../view.ts";
import { runAddress, runFolders } from "./runs.ts";

const everyMs = 500;

export function addRunPages(app: ConsoleApp, context: ConsoleContext): void {
  const { jobs, actions } = context;
  for (const [kind, folder] of Object.entries(runFolders)) {
    const jobOf = (c: ConsoleRequest): Job | undefined => {
      const job = jobs.find(c.req.param("id") ?? "");
      return job?.kind === kind ? job : undefined;
    };
    app.get(`${folder}/:id`, (c) => {
      const job = jobOf(c);
      return job === undefined
        ? c.html(unknownPage(viewOf(c, context)), 404)
        : c.html(runPage(viewOf(c, context), job));
    });
    app.post(`${folder}/:id/stop`, (c) => {
      const job = jobOf(c);
      if (job === undefined) return c.html(unknownPage(viewOf(c, context)), 404);
      if (job.state === "running") actions({ action: `${kind}.stop`, subject: job.title, outcome: "asked to stop" });
      jobs.stop(job.id);
      return c.redirect(runAddress(job), 303);
    });
    app.get(`/live${folder}/:id`, (c) =>
      live(c, everyMs, async () => {
        const job = jobOf(c);
        if (job === undefined) return { parts: {}, isLast: true };
        const view = viewOf(c, context);
        const parts = { "run-state": stateChip(job), run: content(view, job), "run-stop": stopPart(view, job) };
        return { parts, isLast: job.state !== "running" };
      }),
    );
  }
}

function runPage(view: View, job: Job): Html {
  const isRunning = job.state === "running";
  const address = runAddress(job);
  return page(view, {
    title: job.title,
    place: "/failed",
    aside: html`<span id="run-state" role="status">${stateChip(job)}</span>`,
    ...(isRunning && { liveFrom: `/live${address}` }),
    content: html`<div id="run" class="run">${content(view, job)}</div>
      <div id="run-stop" class="run">${stopPart(view, job)}</div>
      <p class="actions">
        ${isRunning ? html`<span class="without-script">${linkButton(address, "Show how far it is now")}</span>` : nothing}
        ${linkButton("/failed", "Failed syncs")}
      </p>`,
  });
}

function unknownPage(view: View): Html {
  const text = `Nothing is known of this run. The console remembers the last fifty for as long as it is open; what is left to do
    stands under Failed syncs, and may simply be begun again.`;
  return page(view, {
    title: "No such run",
    place: "/failed",
    content: html`<p>${text}</p>
      <p>${linkButton("/failed", "Failed syncs")}</p>`,
  });
}

export function stateChip({ state, isStopping }: Job): Html {
  if (state === "failed") return chip("bad", "failed");
  if (state === "running") return isStopping ? chip("warn", "stopping") : chip("info", "running");
  return isStopping ? chip("warn", "stopped") : chip("quiet", "ended");
}

function content(view: View, job: Job): Html {
  if (job.state === "running")
    return html`${progressPart(job)}
      <p class="quiet">Begun ${time(view, job.startedAt, { exact: true })}. It goes on when this page is left.</p>`;
  const summary = job.summary === undefined ? notice("bad", job.problem ?? "") : job.summary(view);
  const endedAt = job.endedAt ?? job.startedAt;
  return html`${summary}
    <p class="quiet">Ended ${time(view, endedAt)}, ${lasted(endedAt - job.startedAt)}.</p>`;
}

function lasted(ms: number): string {
  return ms < 1000 ? "within a second" : `after ${age(ms)}`;
}

function stopPart(view: View, job: Job): Html {
  if (job.state !== "running") return nothing;
  if (job.isStopping) return html`<p>It stops after what it has at hand.</p>`;
  return html`${actionForm(view, { action: `${runAddress(job)}/stop`, button: "Stop", tone: "danger" })}
    <p class="quiet">What was done stays done, and the rest waits as before: it can be begun again at any time.</p>`;
}

/** `3 sent, 2 applied`: what is nothing is left out. */
export function tally(parts: readonly (readonly [count: number, what: string])[]): string {
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${whole(count)} ${what}`);
  return told.length === 0 ? "nothing to do" : told.join(", ");
}

export function changes(count: number): string {
  return counted(count, "change");
}
