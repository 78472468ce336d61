/** What came over time: accepted, and what of it the directory has; below it what was read, written, refused. */
import type { Hour } from "../../ops/overview/hours.ts";
import type { Overview } from "../../ops/overview/overview.ts";
import { whole } from "../../ops/words.ts";
import { empty, table } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";
import { columnsPicture } from "../pictures/columns.ts";
import { heatStrip, type HeatRow } from "../pictures/heat-strip.ts";
import type { Fill } from "../pictures/picture.ts";
import type { View } from "../view.ts";
import type { Card } from "./card.ts";
import { stepsOf, type Step } from "./steps.ts";

export type Range = "24h" | "7d";

export function rangeOf(asked: string | undefined): Range {
  return asked === "7d" ? "7d" : "24h";
}

const ranges = {
  "24h": { title: "last 24 hours", hours: 24, stepHours: 1 },
  "7d": { title: "last 7 days", hours: 7 * 24, stepHours: 4 },
} as const;

const parts: readonly { readonly name: string; readonly key: keyof Hour; readonly fill: Fill }[] = [
  { name: "applied", key: "applied", fill: "info" },
  { name: "waits", key: "waiting", fill: "warn" },
  { name: "parked", key: "parked", fill: "bad" },
];
const kinds: readonly { readonly name: string; readonly key: keyof Hour; readonly fill: Fill }[] = [
  { name: "Reads", key: "reads", fill: "info" },
  { name: "Writes", key: "writes", fill: "good" },
  { name: "Refused", key: "refused", fill: "warn" },
  { name: "Faults", key: "faults", fill: "bad" },
];

export function trafficCard(view: View, { hours, pending, parked }: Overview, range: Range): Card {
  const { title, hours: count, stepHours } = ranges[range];
  const steps = stepsOf(view, hours.slice(-count), stepHours);
  const isEmpty = steps.every((step) => step.accepted + step.reads + step.refused + step.faults === 0);
  const body = isEmpty
    ? empty(
        `Nothing came in the ${title}`,
        html`<p>Whether that is usual is what the heartbeat says. ${otherRange(range)}</p>`,
      )
    : html`${legend()} ${acceptedPicture(steps, title)}
      ${
        pending.isMore || parked.isMore
          ? html`<p class="quiet">More wait or are parked than were counted, so fewer are applied than is drawn.</p>`
          : nothing
      }
      ${stripPicture(steps, title)}`;
  return {
    id: "traffic",
    title: "Accepted and applied",
    aside: rangeSwitch(range),
    body,
    ...(isEmpty ? {} : { numbers: numbersOf(steps, title) }),
  };
}

function rangeSwitch(range: Range): Html {
  const link = (to: Range, text: string): Html =>
    html`<a href="${to === "24h" ? "/" : `/?range=${to}`}" ${to === range ? html`aria-current="true"` : ""}
      >${text}</a
    >`;
  return html`<nav class="switch" aria-label="How far back">${link("24h", "24 hours")} ${link("7d", "7 days")}</nav>`;
}

function otherRange(range: Range): Html {
  return range === "24h"
    ? html`<a href="/?range=7d">Look at the last 7 days.</a>`
    : html`<a href="/activity">Look at the activity.</a>`;
}

function legend(): Html {
  return html`<ul class="legend">
    ${parts.map(
      ({ name, fill }) =>
        html`<li>
          <svg aria-hidden="true" width="10" height="10">
            <rect class="fill-${fill}" width="10" height="10" rx="2" />
          </svg>
          ${name}
        </li>`,
    )}
  </ul>`;
}

function acceptedPicture(steps: readonly Step[], title: string): Html {
  const sum = (key: keyof Hour): number => steps.reduce((all, step) => all + step[key], 0);
  return columnsPicture(
    {
      id: "accepted",
      title: `Changes accepted in the ${title}, and what became of them`,
      says: `${whole(sum("accepted"))} accepted: ${whole(sum("applied"))} applied, ${whole(sum("waiting"))} wait, ${whole(sum("parked"))} parked.`,
    },
    parts.map(({ fill }) => fill),
    steps.map((step) => ({
      title: `${step.title}: ${whole(step.accepted)} accepted${parts
        .filter(({ key }) => step[key] > 0)
        .map(({ name, key }) => `, ${whole(step[key])} ${name}`)
        .join("")}`,
      values: parts.map(({ key }) => step[key]),
      ...(step.tick === undefined ? {} : { tick: step.tick }),
    })),
  );
}

function stripPicture(steps: readonly Step[], title: string): Html {
  const rows = kinds.map(({ name, key, fill }): HeatRow => ({
    name,
    fill,
    cells: steps.map((step) => ({
      title: `${step.title}: ${whole(step[key])} ${name.toLowerCase()}`,
      count: step[key],
    })),
  }));
  const sums = kinds.map(
    ({ name, key }) => `${whole(steps.reduce((all, step) => all + step[key], 0))} ${name.toLowerCase()}`,
  );
  return heatStrip(
    {
      id: "requests",
      title: `Requests in the ${title} by kind`,
      says: `${sums.join(", ")}. Each row by its own most.`,
    },
    rows,
  );
}

function numbersOf(steps: readonly Step[], title: string): Html {
  const columns = ["Accepted", "Applied", "Wait", "Parked", ...kinds.map(({ name }) => name)];
  return table(
    `Traffic of the ${title}`,
    [{ title: "When" }, ...columns.map((one) => ({ title: one, isNumber: true }))],
    steps.toReversed().map((step) => {
      const counts = [step.accepted, ...parts.map(({ key }) => step[key]), ...kinds.map(({ key }) => step[key])];
      return {
        cells: [
          step.title,
          ...counts.map((count) => (count === 0 ? html`<span class="quiet">0</span>` : whole(count))),
        ],
      };
    }),
  );
}
