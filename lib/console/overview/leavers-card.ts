/** The leavers' clock: how long the application still saw those who left. */
import type { Overview } from "../../ops/overview/overview.ts";
import { duration, whole } from "../../ops/words.ts";
import { chip, facts } from "../components.ts";
import { html } from "../html.ts";
import { histogram } from "../pictures/histogram.ts";
import type { Card } from "./card.ts";
import { barsOf, bucketTable } from "./waiting-cards.ts";

const minute = 60_000;

export function leaversCard({ leavers }: Overview): Card {
  const { count, isMore, days, limitMinutes, p50Ms, p99Ms, maxMs, breaches, times } = leavers;
  const title = "Leavers' clock";
  if (p50Ms === undefined || p99Ms === undefined || maxMs === undefined) {
    const body = html`<p>
      ${chip("good", "None")} Nobody has left in the last ${days} days. Whoever does is to be suspended within
      ${limitMinutes} min.
    </p>`;
    return { id: "leavers", title, body };
  }
  const limitMs = limitMinutes * minute;
  const after = times.findIndex(({ upToMs }) => upToMs === limitMs) + 1;
  const who = `${isMore ? "the latest " : ""}${whole(count)} in the last ${days} days`;
  const body = html`<p>
      ${breaches === 0 ? chip("good", "All in time") : chip("bad", `${whole(breaches)} over the limit`)}
      <span class="quiet">${who}</span>
    </p>
    ${facts([
      ["Half within", duration(p50Ms)],
      ["99 % within", duration(p99Ms)],
      ["Slowest", duration(maxMs)],
    ])}
    ${histogram(
      {
        id: "clock",
        title: "How long it took until leavers were suspended or removed",
        says: `Half within ${duration(p50Ms)}, 99 % within ${duration(p99Ms)}, the slowest ${duration(maxMs)}; ${whole(breaches)} over the limit of ${limitMinutes} min.`,
      },
      barsOf(times, "left", (upToMs = Infinity) => (upToMs <= limitMs ? "good" : "bad")),
      { after, name: `limit ${limitMinutes} min` },
    )}`;
  return { id: "leavers", title, body, numbers: bucketTable("Leavers by how long it took", times, "Took") };
}
