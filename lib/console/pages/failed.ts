/** Failed syncs: what could not be carried over into the directory, by cause, with its cure; and everything that mends it. */
import type { ConsoleApp, ConsoleContext } from "../context.ts";
import { addBrakeDecisions } from "../failed/brake-decisions.ts";
import { addBrakePage } from "../failed/brake-page.ts";
import { addCausePages } from "../failed/cause-page.ts";
import { addDropPages } from "../failed/drop-page.ts";
import { addFailedOverview } from "../failed/overview.ts";
import { addTakeUp } from "../failed/given-up.ts";
import { addLetterPages } from "../failed/letters-page.ts";
import { addRunPages } from "../failed/run-page.ts";

/** Causes have addresses beside those of the runs, so these come first. */
export function addFailedPages(app: ConsoleApp, context: ConsoleContext): void {
  addFailedOverview(app, context);
  addRunPages(app, context);
  addLetterPages(app, context);
  addBrakePage(app, context);
  addBrakeDecisions(app, context);
  addTakeUp(app, context);
  addDropPages(app, context);
  addCausePages(app, context);
}
