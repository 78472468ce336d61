/** Why it is as it is: the verdict, what to do; and two questions that lead to another verdict. */
import { commandFor, shellWord } from "../../ops/command.ts";
import type { Explanation } from "../../ops/explain/explanation.ts";
import type { Asked } from "../../ops/explain/facts.ts";
import type { Operations } from "../../ops/operations.ts";
import { userType } from "../../scim/resource-type.ts";
import { addressOf } from "../addresses.ts";
import { command, notice, section } from "../components.ts";
import { actionsPart } from "../explained/actions.ts";
import { verdictPart } from "../explained/verdict.ts";
import { html, type Html, nothing } from "../html.ts";
import type { Person } from "./read-person.ts";

/** The words of the command that says the same. */
function wordsOf(id: string, { attribute, expect }: Asked): string {
  return [
    `explain ${id}`,
    ...(attribute === undefined ? [] : [`--attribute ${shellWord(attribute)}`]),
    ...(expect === undefined ? [] : [`--expect ${expect}`]),
  ].join(" ");
}

export function explainedPart(explanation: Explanation, { facts, problem }: Person, o: Operations): Html {
  const { head } = facts.stored;
  const content = html`${problem === undefined ? nothing : notice("warn", problem)} ${verdictPart(explanation)}
  ${command(commandFor(o, wordsOf(head.id, facts.asked)))} ${questions(facts.asked, head, o)}`;
  return html`${section("Why it is so", content, { id: "verdict" })}
  ${section("What to do", actionsPart(explanation), { id: "advice" })}`;
}

function questions(asked: Asked, head: { type: string; id: string }, { tenant }: Operations): Html {
  const here = addressOf(head);
  const { mapping } = tenant;
  const attributes =
    head.type === userType.id ? mapping.attributes : (mapping.resourceTypes.get(head.type)?.attributes ?? []);
  const names = [...attributes, ...(head.type === userType.id ? mapping.roles : [])].map(({ name }) => name);
  return html`<div class="questions">
    ${
      names.length === 0
        ? nothing
        : html`<form method="get" action="${here}">
            <label
              >Ask about an attribute
              <input
                name="attribute"
                list="attribute-names"
                required
                value="${asked.attribute ?? ""}"
                spellcheck="false"
                autocomplete="off"
              />
            </label>
            <datalist id="attribute-names">${names.map((name) => html`<option value="${name}"></option>`)}</datalist>
            <button type="submit" class="button plain">Ask</button>
          </form>`
    }
    ${
      head.type !== userType.id
        ? nothing
        : html`<form method="get" action="${here}">
            <input type="hidden" name="expect" value="inactive" />
            <button type="submit" class="button plain">Should it be inactive?</button>
          </form>`
    }
    ${asked.attribute === undefined && asked.expect === undefined ? nothing : html`<a href="${here}">Without the question</a>`}
  </div>`;
}
