/** The verdict of `explain` as a page shows it: what it is called, how bad it is, and the sentence. */
import type { Explanation, VerdictCode } from "../../ops/explain/explanation.ts";
import { chip, type Tone, withCode } from "../components.ts";
import { html, type Html } from "../html.ts";

interface VerdictWords {
  readonly tone: Tone;
  readonly title: string;
}

const words: Readonly<Record<VerdictCode, VerdictWords>> = {
  "in-sync": { tone: "good", title: "In sync" },
  waiting: { tone: "info", title: "Waiting for the worker" },
  parked: { tone: "bad", title: "Parked" },
  refused: { tone: "bad", title: "Refused" },
  "token-rejected": { tone: "bad", title: "Not let in" },
  "attribute-missing": { tone: "warn", title: "Attribute missing" },
  "attribute-differs": { tone: "warn", title: "Attribute differs" },
  "still-active": { tone: "warn", title: "Still active" },
  "looked-up-not-created": { tone: "warn", title: "Looked for, not created" },
  "idp-silent": { tone: "warn", title: "Nothing is heard" },
  "never-named": { tone: "warn", title: "Never named" },
  deactivated: { tone: "quiet", title: "Deactivated" },
  "soft-deleted": { tone: "quiet", title: "Deleted, can be restored" },
  deleted: { tone: "quiet", title: "Deleted" },
  unknown: { tone: "quiet", title: "Not known yet" },
};

/** The code stands beside it: the command line and the docs call it so. */
export function verdictPart({ verdict: { code, summary } }: Pick<Explanation, "verdict">): Html {
  const { tone, title } = words[code];
  return html`<div class="verdict ${tone}">
    <p class="verdict-head">${chip(tone, title)} <code>${code}</code></p>
    <p class="verdict-text" dir="auto">${withCode(summary)}</p>
  </div>`;
}
