/**
 * Why is this one not as I expect? All that is known of one person, group or thing, made into a verdict with the evidence
 * for it.
 */
import { defined } from "../../provisioning/head.ts";
import { nameOf } from "../find-resource.ts";
import type { Operations } from "../operations.ts";
import { actionsOf } from "./actions.ts";
import { evidenceOf } from "./evidence.ts";
import type { Explanation, Subject } from "./explanation.ts";
import { type Asked, type Facts, readFacts } from "./facts.ts";
import type { Members } from "./members.ts";
import { isInactive } from "./publish.ts";
import { idpOf } from "./sentences.ts";
import { stepsOf } from "./steps.ts";
import { verdictOf } from "./verdict.ts";

/**
 * By userName, e-mail, externalId, displayName or id, also by a userName that was given up. Nothing of the name being
 * stored is an answer, too.
 *
 * Errors: OperationError for an id or an attribute that there is not; TableError.
 */
export async function explain(o: Operations, word: string, asked: Asked = {}): Promise<Explanation> {
  return explanationOf(await readFacts(o, word, asked));
}

export interface GroupExplanation extends Explanation {
  /** Absent: the group is not here. */
  readonly members?: Members;
}

/** The same of a group, with its members: who was sent, who is there, who was left out and why. Errors: as of `explain`. */
export async function explainGroup(
  o: Operations,
  word: string,
  asked: Pick<Asked, "id"> = {},
): Promise<GroupExplanation> {
  const facts = await readFacts(o, word, asked, "Group");
  return { ...explanationOf(facts), ...defined({ members: facts.stored?.members }) };
}

/** What follows from facts that somebody has read already. */
export function explanationOf(facts: Facts): Explanation {
  const verdict = verdictOf(facts);
  return {
    subject: subjectOf(facts),
    verdict,
    steps: stepsOf(facts),
    evidence: evidenceOf(facts),
    actions: actionsOf(facts, verdict.code),
  };
}

function subjectOf(facts: Facts): Subject {
  const { word, stored, sightings } = facts;
  const idp = idpOf(facts);
  if (stored === undefined) return { word, ...defined({ type: sightings[0]?.type, idp }) };
  const { head, foundBy } = stored;
  const { type, id, version, applied } = head;
  const state = head.state === "deleted" ? "deleted" : isInactive(head) ? "inactive" : "active";
  return { word, type, id, foundBy, state, version, applied, ...defined({ name: nameOf(head), idp }) };
}
