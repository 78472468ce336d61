/** Who calls, how often, and when the next call is due. */
import type { Heartbeat } from "../../ops/overview/heartbeat.ts";
import type { Overview } from "../../ops/overview/overview.ts";
import { age, upperFirst } from "../../ops/words.ts";
import { chip, empty, exactTime, facts, linkButton, name, time } from "../components.ts";
import { html, type Html } from "../html.ts";
import { beatsPicture } from "../pictures/beats.ts";
import type { View } from "../view.ts";
import type { Card } from "./card.ts";

const states = {
  "on-time": { tone: "good", word: "On time" },
  late: { tone: "warn", word: "Late" },
  silent: { tone: "bad", word: "Silent" },
} as const;

export function heartbeatCard(view: View, { heartbeats, at }: Overview): Card {
  const body =
    heartbeats.length === 0
      ? empty("Nobody calls with a token that may be used", html`<p>${linkButton("/connect", "Connect one")}</p>`)
      : html`${heartbeats.map((one, n) => beatOf(view, one, { now: at, n }))}`;
  return { id: "heartbeat", title: "Heartbeat of the identity provider", body };
}

function beatOf(view: View, beat: Heartbeat, { now, n }: { now: number; n: number }): Html {
  const { title, label, state, readAt, writeAt, refusedAt, bursts } = beat;
  const { tone, word } = states[state];
  const from = bursts[0] === undefined ? "" : `${age(now - bursts[0].at)} ago`;
  const says = `${title} was last heard ${age(now - beat.heardAt)} ago. ${rhythmText(beat)}`;
  return html`<div class="beat stack">
    <div class="line">
      <h3>${upperFirst(title)}</h3>
      ${chip(tone, word)} <span class="quiet">token ${name(label)}</span>
    </div>
    ${facts([
      ["Last read", time(view, readAt)],
      ["Last write", time(view, writeAt)],
      ["Last refused", time(view, refusedAt)],
    ])}
    ${beatsPicture(
      { id: `beats-${n}`, title: `When ${title} began to call`, says },
      {
        at: bursts.map((one) => ({ at: one.at, title: `called at ${exactTime(view, one.at)}` })),
        now,
        ...(beat.nextAt === undefined ? {} : { next: beat.nextAt }),
        from,
        to: toText(beat, now),
      },
    )}
    <p class="quiet">${rhythmText(beat)}</p>
  </div>`;
}

function rhythmText({ everyMs, isObserved }: Heartbeat): string {
  if (everyMs === undefined) return "Changes come when there are some; there is no rhythm to wait for.";
  return isObserved
    ? `Calls about every ${age(everyMs)}, as was observed.`
    : `A call about every ${age(everyMs)} is usual there; too few have come to tell a rhythm of its own.`;
}

function toText({ nextAt }: Heartbeat, now: number): string {
  if (nextAt === undefined) return "now";
  return nextAt > now ? `next in ${age(nextAt - now)}` : `due for ${age(now - nextAt)}`;
}
