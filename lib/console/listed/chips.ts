/** The state of somebody, and how far what was said has come, as chips that lists and pages share. */
import type { Listed } from "../../ops/listed/listed.ts";
import { chip, time, type Tone } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";
import type { View } from "../view.ts";

const states: Readonly<Record<Listed["state"], Tone>> = { active: "good", inactive: "quiet", deleted: "quiet" };

const syncs: Readonly<Record<Listed["status"], readonly [tone: Tone, word: string]>> = {
  // What is as it should be draws no eye.
  applied: ["quiet", "applied"],
  pending: ["info", "pending"],
  again: ["info", "looked at again"],
  parked: ["bad", "parked"],
  givenUp: ["warn", "given up"],
};

export function stateChip({ state }: { readonly state: Listed["state"] }): Html {
  return chip(states[state], state);
}

/** With since when it waits, and why. */
export function syncChip(view: View, { status, since, code }: Pick<Listed, "status" | "since" | "code">): Html {
  const [tone, word] = syncs[status];
  return html`<span class="sync"
    >${chip(tone, word)} ${code === undefined ? nothing : html`<code>${code}</code>`}
    ${since === undefined ? nothing : html`<span class="quiet">since ${time(view, since)}</span>`}</span
  >`;
}
