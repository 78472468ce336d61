/** The way from the identity provider to the application, stretch by stretch, as a provisioning log has it. */
import type { Explanation, Step } from "../../ops/explain/explanation.ts";
import { chip, type Tone, withCode } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";

const names: Readonly<Record<Step["name"], readonly [title: string, what: string]>> = {
  contact: ["Contact", "the identity provider calls"],
  match: ["Match", "who is meant"],
  accept: ["Accept", "what was said is stored"],
  map: ["Map", "the profile is made of it"],
  apply: ["Apply", "the worker carries it over"],
  publish: ["Publish", "the application reads it, and is told"],
};

const marks: Readonly<Record<Step["status"], readonly [tone: Tone, word: string]>> = {
  success: ["good", "ok"],
  warning: ["warn", "warning"],
  failure: ["bad", "failed"],
  skipped: ["quiet", "skipped"],
};

export function stepsPart({ steps }: Pick<Explanation, "steps">): Html {
  return html`<ol class="steps">
    ${steps.map(stepItem)}
  </ol>`;
}

function stepItem({ name, status, reason, action }: Step): Html {
  const [title, what] = names[name];
  const [tone, word] = marks[status];
  return html`<li class="${tone}">
    <div class="step-name">
      <strong>${title}</strong>
      <span class="quiet">${what}</span>
    </div>
    <div class="step-mark">${chip(tone, word)}</div>
    <div class="step-text">
      <p dir="auto">${withCode(reason)}</p>
      ${action === undefined ? nothing : html`<p class="quiet" dir="auto">→ ${withCode(action)}</p>`}
    </div>
  </li>`;
}
