/** The tokens that may be used, and how long. */
import type { Overview } from "../../ops/overview/overview.ts";
import { age } from "../../ops/words.ts";
import { chip, empty, linkButton, name, table, type Tone } from "../components.ts";
import { html, type Html } from "../html.ts";
import type { View } from "../view.ts";
import { lastUseOf, tokenPath } from "../settings/token-words.ts";
import type { Card } from "./card.ts";

const day = 86_400_000;
/** As the doctor has it. */
const [warnDays, failDays] = [30, 7];

export function tokensCard(view: View, { tokens, at }: Overview): Card {
  const body =
    tokens.length === 0
      ? empty(
          "There is no token that may be used",
          html`<p>Nobody can call without one. ${linkButton("/settings#new-token", "Make one")}</p>`,
        )
      : table(
          "Tokens that may be used",
          [{ title: "Token" }, { title: "Last used" }, { title: "Ends in" }],
          tokens.map((token) => ({
            cells: [
              html`<a href="${tokenPath(token.id)}">${name(token.label)}</a>`,
              lastUseOf(view, token),
              endOf(token.expiresAt, at),
            ],
            href: tokenPath(token.id),
          })),
        );
  return { id: "tokens", title: "Tokens", body };
}

/** `87 days`, as the doctor and the settings have it; the words say it, the colour helps. */
function endOf(expiresAt: number | undefined, now: number): Html {
  if (expiresAt === undefined) return html`<span class="quiet">does not end</span>`;
  const leftMs = expiresAt - now;
  const tone: Tone = leftMs <= failDays * day ? "bad" : leftMs <= warnDays * day ? "warn" : "quiet";
  return chip(tone, age(leftMs));
}
