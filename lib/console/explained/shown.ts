/**
 * An explanation for the eyes of whoever looks: its sentences quote values, which are masked until they are asked for. Names and
 * ids stay, as on every page.
 */
import type { EvidenceItem, Explanation, Step } from "../../ops/explain/explanation.ts";
import { explanationOf } from "../../ops/explain/explain.ts";
import type { Facts } from "../../ops/explain/facts.ts";
import { nameOf } from "../../ops/find-resource.ts";
import { knownValues } from "../../ops/support-bundle/known.ts";
import { type Masker, masker } from "../../ops/support-bundle/masker.ts";
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import type { View } from "../view.ts";

/** Of a person, a thing, or a group (`readFacts(o, word, {}, "Group")`). */
export function shownExplanation({ showsValues }: Pick<View, "showsValues">, facts: Facts): Explanation {
  const explained = explanationOf(facts);
  if (showsValues) return explained;
  const { text } = masker(facts.tenant, knownValues(facts, [...shownNames(facts), ...tokenIdsOf(facts)]));
  const { verdict, steps, evidence } = explained;
  return {
    ...explained,
    verdict: { ...verdict, summary: text(verdict.summary) },
    steps: steps.map((step) => maskedStep(step, text)),
    evidence: evidence.map((item) => maskedItem(item, text)),
  };
}

/** What the page calls somebody, and where else it is the same text. */
export function shownNames({ word, stored, others }: Facts): string[] {
  const heads = [...(stored === undefined ? [] : [stored.head]), ...others.map(({ head }) => head)];
  const members = stored?.members;
  const named = [...(members?.coming ?? []), ...(members?.leaving ?? []), ...(members?.skipped ?? [])];
  const externalId = stored?.head.resource["externalId"];
  return [
    word,
    ...heads.map(nameOf),
    ...heads.map(({ resource }) => nameBeforeSoftDelete(resource)),
    ...named.map(({ name }) => name),
    typeof externalId === "string" ? externalId : undefined,
  ].filter((name) => name !== undefined);
}

function tokenIdsOf({ stored, sightings, heard: { lastTokenId, rejected, besides, tokenless } }: Facts): string[] {
  const others = [rejected, besides, tokenless].map((rejection) => rejection?.tokenId);
  const changes = stored?.changes ?? [];
  const all = [
    lastTokenId,
    ...others,
    ...sightings.map(({ tokenId }) => tokenId),
    ...changes.map((one) => one.tokenId),
  ];
  return all.filter((id) => id !== undefined);
}

function maskedStep({ action, ...step }: Step, text: Masker["text"]): Step {
  return { ...step, reason: text(step.reason), ...(action === undefined ? {} : { action: text(action) }) };
}

function maskedItem({ detail, ...item }: EvidenceItem, text: Masker["text"]): EvidenceItem {
  return { ...item, what: text(item.what), ...(detail === undefined ? {} : { detail: text(detail) }) };
}
