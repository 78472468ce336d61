/** The first line of the overview: is all well, and how much is there? */
import { countText } from "../../ops/listed/waiting-counts.ts";
import type { Overview } from "../../ops/overview/overview.ts";
import { counted, whole } from "../../ops/words.ts";
import { exactTime } from "../components.ts";
import { html, type Html, joined } from "../html.ts";
import type { View } from "../view.ts";

export function verdictOf(view: View, { diagnosis, at }: Overview): Html {
  const { failures, warnings, checks } = diagnosis;
  const unknown = checks.filter(({ state }) => state === "unknown").length;
  const tone = failures > 0 ? "bad" : warnings > 0 ? "warn" : unknown > 0 ? "info" : "good";
  const parts = [
    ...(failures > 0 ? [counted(failures, "failure")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
    ...(unknown > 0 ? [`${unknown} not known`] : []),
  ];
  const words =
    parts.length === 0
      ? html`<strong>All is well</strong>`
      : html`<strong>${counted(failures + warnings + unknown, "thing")} to look at</strong>
          <span>${joined(parts, ", ")}</span>`;
  return html`<div class="headline notice ${tone}">
    ${words}
    <span class="as-of">as of ${exactTime(view, at)}</span>
  </div>`;
}

export function figuresOf({ totals, pending, parked, hours }: Overview): Html {
  const sum = (count: (hour: Overview["hours"][number]) => number): number =>
    hours.slice(-24).reduce((all, hour) => all + count(hour), 0);
  const figures = [
    ["Users", whole(totals.users), "/people"],
    ["Groups", whole(totals.groups), "/groups"],
    ["Accepted in 24 h", whole(sum(({ accepted }) => accepted)), "/activity"],
    ["Refused in 24 h", whole(sum(({ refused }) => refused)), "/activity?kind=refused"],
    ["Wait for the worker", countText(pending), "/activity?status=pending"],
    ["Parked", countText(parked), "/failed"],
  ] as const;
  return html`<dl class="figures">
    ${figures.map(
      ([name, count, href]) =>
        html`<div>
          <dt>${name}</dt>
          <dd><a href="${href}">${count}</a></dd>
        </div>`,
    )}
  </dl>`;
}
