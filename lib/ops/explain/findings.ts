/** Findings that steps and verdicts both tell of, as sentences. */
import type { Change } from "../../provisioning/change.ts";
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import type { Found } from "../find-resource.ts";
import { age, counted } from "../words.ts";
import { type AskedAttribute, type Lookalike, lookalikesOf } from "./asked-attribute.ts";
import type { Refused } from "./asked-for.ts";
import type { Facts, Stored } from "./facts.ts";
import type { NotKept } from "./not-kept.ts";
import { ago, listed, shown, whenOf } from "./sentences.ts";

/** `POST /Users was answered with 400 invalidValue 3 min ago: "…" It was tried 3 times …` */
export function refusalText(facts: Facts, { latest, first, count }: Refused): string {
  const { operation = "A request", status = 0, scimType, detail = "", at, kind } = latest;
  const code = scimType === undefined ? `${status}` : `${status} ${scimType}`;
  const whose = kind === "fault" ? ", a fault on our side," : "";
  const often =
    count > 1
      ? ` It was refused ${counted(count, "time")}, first ${ago(facts, first.at)}, and not accepted since.`
      : ` It has not been seen again since.`;
  return `${operation} was answered with ${code}${whose} ${ago(facts, at)}: ${sentence(detail)}${often}`;
}

export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Why the present mapping cannot carry it, with what stands where a value could not be used. */
export function problemText({ mapped, failing }: Stored): string {
  const values = failing.flatMap(({ outcome, places }) =>
    outcome === "unusable"
      ? places.flatMap(({ path, value }) => (value === undefined ? [] : [` At ${path} stands ${shown(value)}.`]))
      : [],
  );
  return `${mapped?.problems.join(" ") ?? ""}${[...new Set(values)].join("")}`;
}

export function waitingText(facts: Facts, { head, ahead, sweep }: Stored): string {
  const { failure, waitAt, pendingSince = facts.now, version, applied } = head;
  const behind = `Version ${version} is accepted and not yet applied (${applied === 0 ? "nothing is" : `${applied} is`}), for ${age(facts.now - pendingSince)}.`;
  const place = ahead === undefined ? "" : placeText(ahead);
  const tried =
    failure === undefined
      ? ""
      : ` It was tried ${counted(failure.attempts, "time")}, last ${ago(facts, failure.at)}: ${failure.code}, ${failure.message}.`;
  const next =
    waitAt === undefined
      ? ""
      : waitAt > facts.now
        ? ` It is tried again within ${age(waitAt - facts.now)} at the latest.`
        : " It is due.";
  const swept =
    sweep !== undefined && facts.now - sweep.at > sweepLateMs
      ? ` The sweep, which sends again what was lost, was last seen ${ago(facts, sweep.at)}: it does not run.`
      : "";
  return `${behind}${place}${tried}${next}${swept}`;
}

/** Of one that is applied: empty unless a resync has asked for it once more. */
export function againText(facts: Facts, { head }: Stored): string {
  return head.reapply === undefined
    ? ""
    : ` An operator asked ${ago(facts, head.reapply)} that it be applied again, which waits for the worker.`;
}

/** It runs every minute, and says so every five at the latest. */
const sweepLateMs = 10 * 60_000;

function placeText({ count, isMore }: NonNullable<Stored["ahead"]>): string {
  if (isMore) return ` More than ${counted(count, "other")} wait before it.`;
  return count === 0
    ? " Nothing waits before it."
    : ` ${counted(count, "other")} ${count === 1 ? "waits" : "wait"} before it.`;
}

/** What was left out lately; empty when nothing was. */
export function notKeptText({ notKept }: Stored): string {
  const of = (kind: NotKept["what"]) => [
    ...new Set(notKept.flatMap(({ what, path }) => (what === kind ? [path] : []))),
  ];
  const [paths, members] = [of("attribute"), of("member")];
  const what = [...paths.slice(0, 4), ...(members.length === 0 ? [] : [counted(members.length, "member")])];
  const more = paths.length > 4 ? ` and ${paths.length - 4} more attributes` : "";
  return what.length === 0 ? "" : ` Of what was sent lately, this is not kept: ${listed(what)}${more}.`;
}

/** An attribute of the profile that has no value, while something of its name was sent to where nobody looks. */
export interface Unmapped {
  readonly attribute: string;
  readonly paths: readonly string[];
  readonly lookalike: Lookalike;
}

export function unmappedLookalikes({ mapped, notKept, head }: Stored): Unmapped[] {
  if (mapped === undefined || head.state === "deleted") return [];
  return mapped.trace.flatMap(({ attribute, outcome, tried }): Unmapped[] => {
    if (outcome !== "absent" && outcome !== "missing") return [];
    const paths = tried.map(({ path }) => path);
    const [lookalike] = lookalikesOf(
      notKept,
      attribute,
      paths.map((text) => ({ text })),
    );
    return lookalike === undefined ? [] : [{ attribute, paths, lookalike }];
  });
}

/** How an attribute came by its value, or why it has none. */
export function attributeText(
  facts: Facts,
  { name, outcome, value, source, places, lookalikes, fromGroups }: AskedAttribute,
): string {
  if (value !== undefined) return `${name} is ${shown(value)}, from ${source ?? "the mapping"}.`;
  if (fromGroups === true) {
    return `${name} is empty: no group that it is a direct member of, as applied, gives a role by the table \`fromGroups\` of the tenant file.`;
  }
  const tried = places.map((place) => placeFound(facts, place));
  const what = outcome === "unusable" ? `${name} cannot be made from what was sent` : `${name} has no value`;
  const [like] = lookalikes;
  const sent =
    like === undefined
      ? ""
      : ` Something like it was sent and not kept ${ago(facts, like.at)}: ${like.path}, which the mapping does not read.`;
  return `${what}: ${tried.length === 0 ? "the mapping reads nothing" : tried.join("; ")}.${sent}`;
}

function placeFound(facts: Facts, { path, value, sent, taken }: AskedAttribute["places"][number]): string {
  if (value !== undefined) return `at ${path} stands ${shown(value)}`;
  if (taken !== undefined) return `at ${path} there was a value, which was taken away ${whenOf(facts, taken.at)}`;
  if (sent !== undefined) return `at ${path} there was a value ${ago(facts, sent.at)}, and there is none now`;
  return `nothing was sent at ${path}`;
}

/** The change that made it inactive, as far as the log goes back. */
export function deactivationOf({ changes }: Stored): Change | undefined {
  return changes.find(({ changed }) => changed?.["active"] === false);
}

/** Its last failure was the mapping's, whether or not the present one can carry it. */
export function isMappingFailure({ head }: Stored): boolean {
  return head.failure?.code.startsWith("mapping-") === true;
}

/** Somebody deleted, here or at the identity provider, who had the name that the subject has now: often the same person, come back. */
export function predecessorOf({ others, stored }: Facts): Found | undefined {
  if (stored === undefined || stored.foundBy.startsWith("former ")) return undefined;
  return others.find(({ head, by }) => by.startsWith("former ") && goneKind(head) !== undefined);
}

export function goneText({ head }: Found): string {
  return goneKind(head) === "deleted" ? "was deleted" : "is deleted at the identity provider";
}

function goneKind(head: Found["head"]): "deleted" | "soft-deleted" | undefined {
  if (head.state === "deleted") return "deleted";
  return nameBeforeSoftDelete(head.resource) === undefined ? undefined : "soft-deleted";
}
