/** What was seen, newest first, with the ids by which it is found in logs. */
import type { EvidenceItem, Explanation } from "../../ops/explain/explanation.ts";
import { counted } from "../../ops/words.ts";
import { chip, empty, idCode, time, type Tone } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";
import type { View } from "../view.ts";

/** The rest is folded away. */
const shownMost = 12;

const kinds: Readonly<Record<EvidenceItem["kind"], readonly [tone: Tone, word: string]>> = {
  accepted: ["info", "accepted"],
  applied: ["good", "applied"],
  failed: ["bad", "not applied"],
  lookedUp: ["quiet", "looked for"],
  refused: ["bad", "refused"],
  fault: ["bad", "our fault"],
  ignored: ["warn", "not kept"],
  released: ["quiet", "name given up"],
  contact: ["quiet", "contact"],
  rejected: ["bad", "not let in"],
  other: ["quiet", "besides"],
};

export function evidencePart(view: View, { evidence }: Pick<Explanation, "evidence">): Html {
  if (evidence.length === 0) return empty("Nothing was seen", html`<p>No request and no change is known about it.</p>`);
  const rest = evidence.slice(shownMost);
  return html`<ol class="evidence">
      ${evidence.slice(0, shownMost).map((item) => evidenceItem(view, item))}
    </ol>
    ${
      rest.length === 0
        ? nothing
        : html`<details id="older-evidence">
            <summary>${counted(rest.length, "older one")}</summary>
            <ol class="evidence">
              ${rest.map((item) => evidenceItem(view, item))}
            </ol>
          </details>`
    }`;
}

function evidenceItem(view: View, { at, kind, what, detail, requestId, tokenId }: EvidenceItem): Html {
  const [tone, word] = kinds[kind];
  return html`<li>
    <div class="evidence-when">${time(view, at)}</div>
    <div class="evidence-what">
      <p>${chip(tone, word)} <span dir="auto">${what}</span></p>
      ${detail === undefined ? nothing : html`<p class="quiet" dir="auto">${detail}</p>`} ${byLine(requestId, tokenId)}
    </div>
  </li>`;
}

function byLine(requestId: string | undefined, tokenId: string | undefined): Html {
  const request = requestId === undefined ? nothing : html`<span>request ${idCode(requestId, "the request id")}</span>`;
  const token = tokenId === undefined || tokenId === "" ? nothing : html`<span>token <code>${tokenId}</code></span>`;
  return html`<p class="by">${request} ${token}</p>`;
}
