/** What can be done here about somebody, and what it would do. What the identity provider does stands in the advice. */
import { commandFor } from "../../ops/command.ts";
import type { Stored } from "../../ops/explain/facts.ts";
import { differencesOf } from "../../ops/explain/publish.ts";
import { listed } from "../../ops/explain/sentences.ts";
import type { Operations } from "../../ops/operations.ts";
import { standing } from "../../ops/resync/plan.ts";
import { counted } from "../../ops/words.ts";
import { addressOf, causeAddress, hrefOf } from "../addresses.ts";
import { actionForm, command, section } from "../components.ts";
import { type Content, html, type Html, nothing } from "../html.ts";
import type { View } from "../view.ts";

interface Act {
  readonly button: Html;
  readonly text: Content;
  readonly words?: string;
}

export function actPart(view: View, stored: Stored, o: Operations): Html {
  const acts = [...mending(view, stored), bundle(view, stored)];
  const list = html`<ul class="acts">
    ${acts.map(
      ({ button, text, words }) =>
        html`<li>
          <div>${button}</div>
          <div>
            <p>${text}</p>
            ${words === undefined ? nothing : command(commandFor(o, words))}
          </div>
        </li>`,
    )}
  </ul>`;
  return section("Do something", list, { id: "do" });
}

function mending(view: View, stored: Stored): Act[] {
  const { head } = stored;
  const here = addressOf(head);
  if (head.state === "deleted") return [];
  switch (standing(head)) {
    case "settled":
      return [
        {
          button: actionForm(view, {
            action: `${here}/again`,
            button: "Apply again",
            tone: isToChange(stored) ? "primary" : "plain",
          }),
          text: html`The worker makes the entry anew with the mapping of today; nothing that was said changes.
          ${wouldChange(stored)}`,
          words: `resync --user ${head.id}`,
        },
      ];
    case "pending":
      return [
        {
          button: html`<span class="quiet">Apply again</span>`,
          text: "A change is pending: the worker applies it by itself.",
        },
      ];
    case "parked":
    case "givenUp":
      return [replay(view, stored)];
  }
}

function replay(view: View, stored: Stored): Act {
  const { head, mapped } = stored;
  const isGivenUp = standing(head) === "givenUp";
  const isInTheWay = isMappingInTheWay(stored);
  const again = isInTheWay
    ? html` <strong>The mapping of the tenant file here would refuse it again</strong>, so it would not be sent: mend
        that first.`
    : mapped === undefined
      ? nothing
      : html` The mapping of the tenant file here can carry it.`;
  return {
    button: actionForm(view, {
      action: `${addressOf(head)}/replay`,
      button: isGivenUp ? "Take up again" : "Replay",
      tone: isInTheWay ? "plain" : "primary",
    }),
    text: html`It is sent to the worker again, which applies it, or parks it again with the reason.${again}
    ${
      isGivenUp || head.failure === undefined
        ? nothing
        : html`Or <a href="${hrefOf(`${causeAddress(head.failure.code)}/drop`, { who: head.id })}">give it up …</a>`
    }`,
    words: `dlq replay --user ${head.id}${isGivenUp ? " --given-up" : ""}`,
  };
}

function isMappingInTheWay({ head, mapped }: Stored): boolean {
  return (mapped?.problems.length ?? 0) > 0 && head.resource["active"] !== false;
}

function isToChange(stored: Stored): boolean {
  return stored.entry === undefined || differencesOf(stored).length > 0;
}

function wouldChange(stored: Stored): string {
  if (isMappingInTheWay(stored)) return `It would fail, and stay as it is: ${stored.mapped?.problems.join(" ")}`;
  if (stored.entry === undefined) return "The application would see it, which it does not now.";
  const names = differencesOf(stored).map(({ attribute }) => attribute);
  if (names.length === 0) return "It would be the same as now.";
  return `It would change ${counted(names.length, "attribute")}: ${listed(names)}.`;
}

function bundle(view: View, { head }: Stored): Act {
  const action = `${addressOf(head)}/bundle`;
  return {
    button: actionForm(view, { action, button: "Support bundle" }),
    text: html`One Markdown page for whoever is to help, with values masked: what was said and what is here, error
      texts, time line, versions. <a href="${action}">With values as they are …</a>`,
    words: `support-bundle ${head.id}`,
  };
}
