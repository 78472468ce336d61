/** The page of a person in parts, each of which can be replaced while somebody looks. */
import type { Head } from "../../provisioning/head.ts";
import type { Asked } from "../../ops/explain/facts.ts";
import { type AttributeMap, attributeMapOf } from "../../ops/person/attribute-map.ts";
import { section } from "../components.ts";
import type { ConsoleContext } from "../context.ts";
import { evidencePart } from "../explained/evidence.ts";
import { stepsPart } from "../explained/steps.ts";
import { shownExplanation, shownNames, textShower } from "../explained/shown.ts";
import { type Html, nothing } from "../html.ts";
import type { Job } from "../jobs.ts";
import type { View } from "../view.ts";
import { actPart } from "./act-part.ts";
import { attributePart } from "./attribute-part.ts";
import { changePageOf, changePart } from "./change-part.ts";
import { groupPart } from "./group-part.ts";
import { headPart } from "./head-part.ts";
import { jobNotice } from "./job-notice.ts";
import { readPerson } from "./read-person.ts";
import { valueShower } from "./shown-text.ts";
import { stateChips } from "./states.ts";
import { explainedPart } from "./verdict-part.ts";

interface PartOptions {
  readonly asked: Asked;
  readonly job: Job | undefined;
  readonly before: number | undefined;
}

/** By the id of the element that holds it, in the order in which they stand. */
export async function partsOf(
  view: View,
  { operations: o }: ConsoleContext,
  head: Head,
  { asked, job, before }: PartOptions,
): Promise<{ content: Record<string, Html>; state: Html }> {
  const person = await readPerson(o, head, asked);
  const { facts, groups } = person;
  const { stored } = facts;
  const explanation = shownExplanation(view, facts);
  const map = attributeMapOf(facts);
  const shown = valueShower(view, shownNames(facts));
  const changes = await changePageOf(o, stored, before);
  return {
    state: stateChips(stored.head),
    content: {
      "person-notice": jobNotice(view, job),
      "person-who": headPart(view, facts, explanation),
      "person-why": explainedPart(explanation, person, o),
      "person-do": actPart(view, stored, o),
      "person-steps": section("The way it took", stepsPart(explanation), { id: "steps" }),
      "person-attributes":
        map === undefined ? nothing : attributePart(view, maskedProblems(map, textShower(view, facts)), stored, shown),
      "person-groups": groups === undefined ? nothing : groupPart(groups),
      "person-changes": changePart(view, changes, stored),
      "person-evidence": section("What was seen", evidencePart(view, explanation), { id: "evidence" }),
    },
  };
}

function maskedProblems(map: AttributeMap, text: (text: string) => string): AttributeMap {
  const attributes = map.attributes.map(({ problem, ...line }) =>
    problem === undefined ? line : { ...line, problem: text(problem) },
  );
  return { ...map, attributes };
}
