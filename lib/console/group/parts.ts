/** The page of a group in parts, each of which can be replaced while somebody looks; its members stay as they were read. */
import { commandFor } from "../../ops/command.ts";
import { type Facts, readFacts } from "../../ops/explain/facts.ts";
import { readGroup, type ReadGroup } from "../../ops/group/group.ts";
import { countMembers } from "../../ops/group/size.ts";
import type { CountedUpTo } from "../../ops/listed/waiting-counts.ts";
import type { Operations } from "../../ops/operations.ts";
import type { Head } from "../../provisioning/head.ts";
import { groupType } from "../../scim/resource-type.ts";
import { command, section } from "../components.ts";
import { actionsPart } from "../explained/actions.ts";
import { evidencePart } from "../explained/evidence.ts";
import { shownExplanation } from "../explained/shown.ts";
import { stepsPart } from "../explained/steps.ts";
import { verdictPart } from "../explained/verdict.ts";
import { html, type Html, nothing } from "../html.ts";
import type { Job } from "../jobs.ts";
import { actPart } from "../person/act-part.ts";
import { jobNotice } from "../person/job-notice.ts";
import { stateChips } from "../person/states.ts";
import type { View } from "../view.ts";
import { standingPart } from "./standing-part.ts";

export interface GroupParts {
  /** By the id of the element that holds it, in the order in which they stand. */
  readonly content: Readonly<Record<string, Html>>;
  /** Beside the title. */
  readonly state: Html;
  readonly group: ReadGroup;
  readonly size: CountedUpTo;
}

export const standingId = "group-standing";
export const stateId = "group-state";
export const lastBeforeMembers = "group-do";

/** Errors: TableError. */
export async function groupParts(view: View, o: Operations, head: Head, job: Job | undefined): Promise<GroupParts> {
  const [facts, group] = await Promise.all([readFacts(o, head.id, { id: head.id }, groupType.id), readGroup(o, head)]);
  const explained = shownExplanation(view, facts);
  const size = await sizeOf(o, facts, head.id);
  const why = html`${verdictPart(explained)} ${command(commandFor(o, `explain group ${head.id}`))}`;
  const content = {
    "group-notice": jobNotice(view, job),
    "group-why": section("Why it is so", why, { id: "verdict" }),
    "group-advice": section("What to do", actionsPart(explained), { id: "advice" }),
    [standingId]: standingPart(view, group.standing, size),
    [lastBeforeMembers]: facts.stored === undefined ? nothing : actPart(view, facts.stored, o),
    "group-steps": section("The way it took", stepsPart(explained), { id: "steps" }),
    "group-evidence": section("What was seen", evidencePart(view, explained), { id: "evidence" }),
  };
  return { content, state: stateChips(head), group, size };
}

/** An explanation has counted them, but for those of a deleted group. */
async function sizeOf(o: Operations, { stored }: Facts, id: string): Promise<CountedUpTo> {
  if (stored?.members === undefined) return await countMembers(o, id);
  const { applied: count, isMore } = stored.members;
  return { count, isMore };
}
