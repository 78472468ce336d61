/** Long work as a page shows it: how far it is, a button that stops it, and what came of it. */
import { age, whole } from "../ops/words.ts";
import { actionForm, notice } from "./components.ts";
import { html, type Html, nothing } from "./html.ts";
import type { Job } from "./jobs.ts";
import type { View } from "./view.ts";

/** `stopAt`: where the button sends to. */
export function jobPart(view: View, job: Job, stopAt: string): Html {
  if (job.state === "failed") return notice("bad", job.problem ?? "It failed.");
  if (job.state === "done") return job.summary?.(view) ?? notice("good", "It is done.");
  const { done, total, note } = job.progress;
  return html`<div class="running">
    <progress max="${Math.max(1, total)}" value="${done}" aria-label="${job.title}"></progress>
    <p>${whole(done)} of ${whole(total)}${note === undefined ? nothing : `, ${note}`}${paceText(job)}</p>
    ${
      job.isStopping
        ? notice("info", "It ends after what it has at hand.")
        : actionForm(view, { action: stopAt, button: "Stop" })
    }
  </div>`;
}

function paceText({ progress: { rate, leftMs } }: Job): string {
  if (rate === 0 || leftMs === undefined) return "";
  return ` · ${whole(Math.max(1, Math.round(rate)))} a second, ${age(leftMs)} left`;
}
