/**
 * An explanation for the eyes of whoever looks: its sentences quote values, which are masked until they are asked for. Names and
 * ids stay, as on every page.
 */
import type { EvidenceItem, Explanation, Step } from "../../ops/explain/explanation.ts";
import { explanationOf } from "../../ops/explain/explain.ts";
import type { Facts } from "../../ops/explain/facts.ts";
import { nameOf } from "../../ops/find-resource.ts";
import { knownValues } from "../../ops/support-bundle/known.ts";
import { masker } from "../../ops/support-bundle/masker.ts";
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import type { View } from "../view.ts";

/** Of a person, a thing, or a group (`readFacts(o, word, {}, "Group")`). */
export function shownExplanation(view: Pick<View, "showsValues">, facts: Facts): Explanation {
  const explained = explanationOf(facts);
  const text = textShower(view, facts);
  const { verdict, steps, evidence } = explained;
  return {
    ...explained,
    verdict: { ...verdict, summary: text(verdict.summary) },
    steps: steps.map((step) => maskedStep(step, text)),
    evidence: evidence.map((item) => maskedItem(item, text)),
  };
}

/** For any sentence about somebody. */
export function textShower({ showsValues }: Pick<View, "showsValues">, facts: Facts): (text: string) => string {
  if (showsValues) return (text) => text;
  const { protect, restore, marks } = protection(shownNames(facts));
  const known = knownValues(facts, [...marks, ...tokenIdsOf(facts)]);
  const { text } = masker(facts.tenant, { ...known, sentences: known.sentences.map(protect) });
  return (given) => restore(text(protect(given)));
}

/** Around the number of a name while what surrounds it is masked: of the private use area, so nobody's. */
const [open, close] = ["\uE002", "\uE003"];
const anyMark = /[\uE002\uE003]/g;

interface Protection {
  readonly protect: (text: string) => string;
  readonly restore: (text: string) => string;
  readonly marks: readonly string[];
}

/** Names stay whole, also where a part of one is the value of something else. */
function protection(names: readonly string[]): Protection {
  const distinct = [...new Set(names)].filter((name) => name !== "").sort((a, b) => b.length - a.length);
  const patterns = distinct.map((name) => {
    const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    return new RegExp(String.raw`(?<![\p{L}\p{N}@._+-])${escaped}(?![\p{L}\p{N}@_+-]|\.[\p{L}\p{N}])`, "gu");
  });
  const markOf = (n: number): string => `${open}${n}${close}`;
  return {
    protect: (text) =>
      patterns.reduce((so, name, n) => so.replaceAll(name, markOf(n)), text.replaceAll(anyMark, "\uFFFD")),
    restore: (text) =>
      text.replaceAll(/\uE002(\d+)\uE003/g, (_, n: string) => distinct[Number(n)] ?? "").replaceAll(anyMark, ""),
    marks: distinct.map((_, n) => markOf(n)),
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

function maskedStep({ action, ...step }: Step, text: (text: string) => string): Step {
  return { ...step, reason: text(step.reason), ...(action === undefined ? {} : { action: text(action) }) };
}

function maskedItem({ detail, ...item }: EvidenceItem, text: (text: string) => string): EvidenceItem {
  return { ...item, what: text(item.what), ...(detail === undefined ? {} : { detail: text(detail) }) };
}
