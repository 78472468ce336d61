/** What a replay would do, before it is done. */
import { failingGroups, type FailingChange } from "../../ops/dlq/replay-plan.ts";
import type { ParkedPlan } from "../../ops/dlq/parked-rows.ts";
import { isOtherFile } from "../../ops/other-file.ts";
import type { Operations } from "../../ops/operations.ts";
import { counted, whole } from "../../ops/words.ts";
import { actionForm, notice, table, withCode } from "../components.ts";
import { html, type Html, nothing, joined } from "../html.ts";
import type { View } from "../view.ts";

export interface PlanAsked {
  /** Where the form goes. */
  readonly action: string;
  /** `Replay`, `Take up again` */
  readonly verb: string;
}

/** The plan in a sentence, the reasons of what would fail, and the button. */
export function planPart(view: View, o: Operations, parked: ParkedPlan, { action, verb }: PlanAsked): Html {
  const { plan, asked, total } = parked;
  const [sent, failing] = [plan.replay.length, plan.failing.length];
  const ofFirst = asked < total ? ` Asked of the first ${whole(asked)} of ${whole(total)}; a replay asks all.` : "";
  const all = asked < total ? `all that can be applied` : whole(sent);
  const otherFile = isOtherFile(o)
    ? notice(
        "warn",
        "The stack was deployed with another tenant file than the one here: what would fail is asked of the one here.",
      )
    : nothing;
  const failingText = `${counted(failing, "change")} would fail again and ${failing === 1 ? "stays where it is" : "stay where they are"}.`;
  return html`${otherFile}
    <p>
      <strong>${counted(sent, "change")}</strong> would be sent to the worker.
      ${failing === 0 ? nothing : html`<strong>${failingText}</strong>`}${ofFirst}
      <span class="quiet">Dead letters that tell of nothing any more are taken away.</span>
    </p>
    ${failing === 0 ? nothing : failingTable(plan.failing)}
    ${
      sent === 0
        ? actionForm(view, { action, button: `${verb} all the same`, hidden: { even: "yes" } })
        : actionForm(view, { action, button: `${verb} ${all}`, tone: "primary", fields: evenField(failing) })
    }`;
}

function evenField(failing: number): Html {
  if (failing === 0) return nothing;
  return html`<label class="beside"
    ><input type="checkbox" name="even" value="yes" /> Also what would fail again</label
  >`;
}

/** By reason, with the first few. */
export function failingTable(failing: readonly FailingChange[]): Html {
  const rows = failingGroups(failing).map(({ count, code, message, examples }) => ({
    cells: [whole(count), html`<code>${code}</code> ${withCode(message)}`, examplesText(examples, count)],
  }));
  const columns = [{ title: "Changes", isNumber: true }, { title: "Would say" }, { title: "Such as", isMinor: true }];
  return table("What would fail again, by reason", columns, rows, { stacks: true });
}

function examplesText(examples: readonly string[], count: number): Html {
  const more = count - examples.length;
  return html`${joined(
    examples.map((text) => html`<bdi>${text}</bdi>`),
    ", ",
  )}${more > 0 ? ` and ${whole(more)} more` : ""}`;
}
