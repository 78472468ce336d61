/** A name that nobody has, or that several have, or had: what is known of it, and who may be meant. */
import { commandFor, shellWord } from "../../ops/command.ts";
import { nameOf, type Found } from "../../ops/find-resource.ts";
import { type Asked, type Facts, readFacts } from "../../ops/explain/facts.ts";
import type { ConsoleContext } from "../context.ts";
import { addressOf } from "../addresses.ts";
import { chip, command, empty, idCode, name, notice, section, table, time } from "../components.ts";
import { actionsPart } from "../explained/actions.ts";
import { evidencePart } from "../explained/evidence.ts";
import { shownExplanation } from "../explained/shown.ts";
import { stepsPart } from "../explained/steps.ts";
import { verdictPart } from "../explained/verdict.ts";
import { html, type Html, nothing } from "../html.ts";
import type { View } from "../view.ts";
import { stateChips } from "./states.ts";

/** Errors: OperationError for a text that is nobody's name; TableError. */
export async function whyContent(
  view: View,
  { operations }: ConsoleContext,
  word: string,
  asked: Asked,
): Promise<Html> {
  const facts = await readFacts(operations, word, asked);
  const explanation = shownExplanation(view, facts);
  const verdict = html`${verdictPart(explanation)} ${command(commandFor(operations, `explain ${shellWord(word)}`))}`;
  return html`${facts.stored === undefined && facts.others.length === 0 ? howItWasLookedFor(word) : nothing}
  ${section(facts.stored === undefined ? "Why nobody is found" : "Who is meant first", verdict, { id: "verdict" })}
  ${candidatesPart(view, facts)} ${section("What to do", actionsPart(explanation), { id: "advice" })}
  ${section("The way it took", stepsPart(explanation), { id: "steps" })}
  ${section("What was seen", evidencePart(view, explanation), { id: "evidence" })}`;
}

/** Whoever types a display name is told that nobody was ever called so: it is no name that is looked for. */
function howItWasLookedFor(word: string): Html {
  if (word.includes("@")) return nothing;
  return notice(
    "info",
    html`Looked for as a whole userName, e-mail address, externalId, group name or id. A person's display name, or a
      part of a name, finds nobody: <a href="/people">People</a> shows the display names, once values are shown.`,
  );
}

/** Whom the word leads to; the first is the one that the verdict is about. */
function candidatesPart(view: View, { stored, others }: Facts): Html {
  const all: Found[] = [...(stored === undefined ? [] : [{ head: stored.head, by: stored.foundBy }]), ...others];
  if (all.length === 0) return nothing;
  const columns = [
    { title: "Name" },
    { title: "Found by" },
    { title: "State" },
    { title: "Changed" },
    { title: "Id", isMinor: true },
  ];
  const rows = all.map(({ head, by }) => ({
    href: addressOf(head),
    cells: [
      html`<a href="${addressOf(head)}">${name(nameOf(head) ?? head.id)}</a>
        ${head.type === "User" ? nothing : chip("quiet", head.type)}`,
      by,
      stateChips(head),
      time(view, head.lastModified),
      idCode(head.id),
    ],
  }));
  return section(
    all.length === 1 ? "Who has the name, or had it" : `${all.length} have the name, or had it`,
    table("Whom the name leads to", columns, rows, { stacks: true }),
    {
      id: "candidates",
    },
  );
}

/** Nothing was asked. */
export function whyEmpty(): Html {
  return empty(
    "Whom do you look for?",
    html`<p>Put a userName, an e-mail address, an externalId, a group name or an id into the search above.</p>`,
  );
}
