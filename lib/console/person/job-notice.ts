/** What became of a button that was pressed: it waits, it is done, it could not be done. */
import { notice, time } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";
import type { Job } from "../jobs.ts";
import type { View } from "../view.ts";

export function jobNotice(view: View, job: Job | undefined): Html {
  if (job === undefined) return nothing;
  if (job.state === "running") {
    return notice(
      "info",
      html`Asked for ${time(view, job.startedAt)}: the worker is to answer.
        <span class="needs-script">This page shows it by itself.</span
        ><noscript>Load the page again to see it.</noscript>`,
    );
  }
  if (job.problem !== undefined) return notice("bad", job.problem);
  return job.summary?.(view) ?? nothing;
}
