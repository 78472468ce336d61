/** Long work as a page shows it: how far it is, a button that stops it, and what came of it. */
import { age, whole } from "../ops/words.ts";
import { actionForm, notice } from "./components.ts";
import { html, type Html } from "./html.ts";
import type { Job, Progress } from "./jobs.ts";
import type { View } from "./view.ts";

/** `stopAt`: where the button sends to. */
export function jobPart(view: View, job: Job, stopAt: string): Html {
  if (job.state === "failed") return notice("bad", job.problem ?? "It failed.");
  if (job.state === "done") return job.summary?.(view) ?? notice("good", "It is done.");
  return html`<div class="running">
    ${progressPart(job)}
    ${
      job.isStopping
        ? notice("info", "It ends after what it has at hand.")
        : actionForm(view, { action: stopAt, button: "Stop" })
    }
  </div>`;
}

export function progressPart({ title, progress }: Job): Html {
  const { done, total } = progress;
  return html`<progress max="${Math.max(1, total)}" value="${done}" aria-label="${title}"></progress>
    <p>${howFar(progress)}</p>`;
}

/** `Sent to the worker: 120 of 300 · 40 a second, 5 s left` */
export function howFar({ note, done, total, rate, leftMs }: Progress): string {
  if (total === 0) return `${note ?? "Beginning"} …`;
  const what = note === undefined ? "" : `${note}: `;
  const pace =
    rate === 0 || leftMs === undefined || done === total
      ? ""
      : ` · ${whole(Math.max(1, Math.round(rate)))} a second, ${age(leftMs)} left`;
  return `${what}${whole(done)} of ${whole(total)}${pace}`;
}
