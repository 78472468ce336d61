/** What waits: by lane, by age, and of what is parked by cause. */
import type { Bucket } from "../../ops/overview/buckets.ts";
import { countText } from "../../ops/listed/waiting-counts.ts";
import type { Overview } from "../../ops/overview/overview.ts";
import type { LaneOverview } from "../../ops/overview/waiting.ts";
import { age, whole } from "../../ops/words.ts";
import { chip, notice, table, time } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";
import { type Bar, histogram } from "../pictures/histogram.ts";
import { shareBar } from "../pictures/share-bar.ts";
import type { Fill } from "../pictures/picture.ts";
import type { View } from "../view.ts";
import type { Card } from "./card.ts";
import { edgeText } from "./time-words.ts";

const minute = 60_000;
/** As the doctor has it: a worker that is alive takes seconds, and after a quarter of an hour the alarm rings. */
const toneOf = (upToMs = Infinity): Fill => (upToMs <= minute ? "info" : upToMs <= 15 * minute ? "warn" : "bad");

export function lanesCard(view: View, { lanes }: Overview): Card {
  const problem = lanes.find((lane) => lane.problem !== undefined)?.problem;
  const body = html`${table(
      "Both lanes",
      [
        { title: "Lane" },
        { title: "Waits", isNumber: true },
        { title: "Oldest" },
        { title: "On the queue", isNumber: true, isMinor: true },
        { title: "Dead letters", isNumber: true },
      ],
      lanes.map((lane) => ({ cells: laneCells(view, lane) })),
    )}
    ${problem === undefined ? nothing : notice("warn", `A queue does not tell: ${problem}`)}
    <p class="quiet">
      Leavers go before all others. The table is the list of what waits; a message only says “look”.
    </p>`;
  return { id: "lanes", title: "Lanes", body };
}

function laneCells(view: View, lane: LaneOverview) {
  const { name, oldest, depth, deadLetters } = lane;
  const letters =
    deadLetters === undefined ? "?" : deadLetters === 0 ? "0" : html`<a href="/failed">${whole(deadLetters)}</a>`;
  return [
    name === "leavers" ? "Leavers" : "Changes",
    countText(lane),
    oldest === undefined ? html`<span class="quiet">—</span>` : time(view, oldest),
    depth === undefined ? "?" : whole(depth),
    letters,
  ];
}

export function pendingCard({ pending, at }: Overview): Card {
  const { count, isMore, oldest = at, ages } = pending;
  const body =
    count === 0
      ? html`<p>${chip("good", "None")} Nothing waits: all that was accepted is applied, or parked.</p>`
      : histogram(
          {
            id: "ages",
            title: "What waits for the worker, by age",
            says: `${countText({ count, isMore })}, the oldest for ${age(at - oldest)}.`,
          },
          barsOf(ages, "wait", toneOf),
        );
  return {
    id: "pending",
    title: "Waits for the worker, by age",
    body,
    ...(count === 0 ? {} : { numbers: bucketTable("What waits, by age", ages, "Waits for") }),
  };
}

export function parkedCard(view: View, { parked }: Overview): Card {
  const most = Math.max(1, ...parked.causes.map(({ count }) => count));
  const body =
    parked.count === 0
      ? html`<p>${chip("good", "None")} Nothing is parked: no change waits for you.</p>`
      : html`<ul class="causes">
          ${parked.causes.map(
            ({ cause, count, oldest, meaning }) =>
              html`<li>
                <div class="line">
                  <a href="/failed/${encodeURIComponent(cause)}">${cause}</a>
                  <span class="number">${whole(count)}</span>
                </div>
                ${shareBar(count, most, "bad")}
                <p class="quiet">
                  ${meaning ?? "Another version of Rollcall parked it."} The oldest: ${time(view, oldest)}.
                </p>
              </li>`,
          )}
        </ul>`;
  return { id: "parked", title: "Parked, by cause", body };
}

/** `verb`: what they do, for the words on hover. */
export function barsOf(buckets: readonly Bucket[], verb: string, fillOf: (upToMs?: number) => Fill): Bar[] {
  return buckets.map(({ upToMs, count }, n) => ({
    title: `${spanText(buckets, n)}: ${whole(count)} ${verb}`,
    count,
    fill: fillOf(upToMs),
    ...(upToMs === undefined ? {} : { edge: edgeText(upToMs) }),
  }));
}

export function bucketTable(caption: string, buckets: readonly Bucket[], title: string): Html {
  return table(
    caption,
    [{ title }, { title: "How many", isNumber: true }],
    buckets.map(({ count }, n) => ({ cells: [spanText(buckets, n), whole(count)] })),
  );
}

/** `5 min to 15 min` */
function spanText(buckets: readonly Bucket[], n: number): string {
  const [from, to] = [buckets[n - 1]?.upToMs, buckets[n]?.upToMs];
  if (to === undefined) return from === undefined ? "any" : `more than ${edgeText(from)}`;
  return from === undefined ? `up to ${edgeText(to)}` : `${edgeText(from)} to ${edgeText(to)}`;
}
