/**
 * The verdict: one code and one sentence or two. The order of `rules` is the order of precedence: what keeps this one from
 * being as it should comes before what the identity provider said about it, that before the connection as a whole, and
 * what is merely not known comes last.
 */
import { hashFor } from "../../provisioning/mapping-hash.ts";
import { type SyncErrorCode, syncErrorCodes } from "../../provisioning/sync-error.ts";
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import { age, counted, moment } from "../words.ts";
import { isConclusive, missesOf, refusedOf, releasedOf, requestsOf } from "./asked-for.ts";
import type { Explanation, VerdictCode } from "./explanation.ts";
import { type Facts, isStuck, isWaiting, type Stored } from "./facts.ts";
import {
  againText,
  attributeText,
  deactivationOf,
  goneText,
  isMappingFailure,
  predecessorOf,
  problemText,
  refusalText,
  sentence,
  unmappedLookalikes,
  waitingText,
} from "./findings.ts";
import { differencesOf, dueState, isInactive } from "./publish.ts";
import {
  ago,
  becauseOf,
  isGroup,
  isSilent,
  labelOf,
  lastWord,
  listed,
  shown,
  verbOf,
  whenOf,
  wordsOf,
} from "./sentences.ts";

/** The summary, when it is so. */
type Rule = (facts: Facts) => string | undefined;

const rules: readonly (readonly [VerdictCode, Rule])[] = [
  // It is here, and stuck.
  ["parked", parked],
  // Something later than all that was accepted was turned down: what is here is out of date, or nothing is here.
  ["refused", refused],
  ["waiting", waiting],
  // It is as the identity provider wants it, which is gone or inactive. An attribute is asked about all the same.
  ["deleted", deleted],
  ["soft-deleted", softDeleted],
  ["attribute-missing", attributeMissing],
  ["attribute-differs", attributeDiffers],
  ["deactivated", deactivated],
  // Nothing is known of it that explains anything, or only what was said before the connection broke.
  ["token-rejected", tokenRejected],
  ["still-active", stillActive],
  ["in-sync", inSync],
  // Nothing of this name is stored.
  ["looked-up-not-created", lookedUp],
  ["idp-silent", idpSilent],
  ["never-named", neverNamed],
];

export function verdictOf(facts: Facts): Explanation["verdict"] {
  for (const [code, rule] of rules) {
    const summary = rule(facts);
    if (summary !== undefined) return { code, summary };
  }
  return { code: "unknown", summary: unknown(facts) };
}

function parked(facts: Facts): string | undefined {
  const { stored, now } = facts;
  if (stored === undefined || !isStuck(stored.head)) return undefined;
  const { failure, givenUp, pendingSince = now, version, applied } = stored.head;
  const tried = failure === undefined ? "" : ` (${failure.code}, tried ${counted(failure.attempts, "time")})`;
  const meanwhile =
    stored.entry === undefined
      ? "The application does not see it"
      : `The application reads version ${stored.entry.version}, ${stored.entry.state}`;
  const again = applied === version ? " again" : "";
  const decided =
    givenUp === undefined ? "" : ` An operator gave it up ${whenOf(facts, givenUp.at)}: ${sentence(givenUp.reason)}`;
  return `${labelOf(facts)} is parked: version ${version} was accepted and could not be applied${again}, for ${age(now - pendingSince)}${tried}. ${whyParked(stored)}${decided} ${meanwhile}.`;
}

function whyParked(stored: Stored): string {
  const { failure } = stored.head;
  if (isMappingFailure(stored)) {
    return stored.failing.length > 0 ? problemText(stored) : `${failure?.message} The present mapping can carry it.`;
  }
  const kind = syncErrorCodes[failure?.code as SyncErrorCode] as { summary: string } | undefined;
  return kind?.summary ?? "The failure has no code that is known here.";
}

function refused(facts: Facts): string | undefined {
  const found = refusedOf(facts);
  if (found === undefined) return undefined;
  const what =
    facts.stored === undefined ? "is not here, because it was refused" : "was refused when it was to be changed";
  return `${labelOf(facts)} ${what}: ${refusalText(facts, found)}`;
}

function waiting(facts: Facts): string | undefined {
  const { stored } = facts;
  if (stored === undefined || !isWaiting(stored.head)) return undefined;
  return `${labelOf(facts)} waits for the worker: ${waitingText(facts, stored)}`;
}

function deleted(facts: Facts): string | undefined {
  const { stored } = facts;
  const words = wordsOf(facts);
  if (stored !== undefined) {
    if (stored.head.state !== "deleted") return undefined;
    const change = stored.changes.find(({ kind }) => kind === "delete");
    const by = change === undefined ? "" : `, by request ${change.requestId}`;
    return `${facts.word} was deleted by ${words.title} ${whenOf(facts, stored.head.lastModified)}${by}. The application reads it as removed.`;
  }
  const released = releasedOf(facts);
  if (released === undefined || missesOf(facts).some(({ at }) => at > released.at)) return undefined;
  return `Who was called ${facts.word} gave the name up ${whenOf(facts, released.at)}, by request ${released.requestId}, and is not stored any more.`;
}

function softDeleted(facts: Facts): string | undefined {
  const { stored } = facts;
  const name = stored && nameBeforeSoftDelete(stored.head.resource);
  if (stored === undefined || name === undefined) return undefined;
  const since = stored.head.leftAt ?? stored.head.lastModified;
  return `${name} is deleted at ${wordsOf(facts).title} and can be restored there for 30 days: since ${moment(since)} (${ago(facts, since)}) it is inactive here, under the name that a deleted user gets there. The application keeps its profile, suspended. The name is free for somebody new.${attributeNote(facts)}`;
}

function attributeMissing(facts: Facts): string | undefined {
  const { stored } = facts;
  if (stored === undefined) return undefined;
  const { attribute, mapped, members, head } = stored;
  if (attribute !== undefined) {
    return attribute.value === undefined ? `${labelOf(facts)}: ${attributeText(facts, attribute)}` : undefined;
  }
  if (isInactive(head)) return undefined;
  if (mapped !== undefined && mapped.problems.length > 0) {
    return `${labelOf(facts)} was applied by an earlier mapping, and the present one cannot carry it: ${problemText(stored)}`;
  }
  const [unmapped] = unmappedLookalikes(stored);
  if (unmapped !== undefined) {
    const { attribute, paths, lookalike } = unmapped;
    return `${labelOf(facts)} has no ${attribute}: the mapping reads ${listed(paths)}, and what was sent is ${lookalike.path}, which no schema here has (${ago(facts, lookalike.at)}, request ${lookalike.requestId}).`;
  }
  if (members !== undefined && members.skipped.length > 0) {
    const { skipped } = members;
    const names = skipped.map(({ id, name }) => name ?? id);
    return `${labelOf(facts)} lacks ${counted(skipped.length, "member")} that ${skipped.length === 1 ? "was" : "were"} sent: ${listed(names, 3)}. When they were sent, nobody of that id was here.`;
  }
  return undefined;
}

function attributeDiffers(facts: Facts): string | undefined {
  const { stored, tenant } = facts;
  if (stored === undefined) return undefined;
  const { entry, head, attribute } = stored;
  if (head.applied < head.version) return undefined;
  if (entry === undefined) {
    return `${labelOf(facts)} was applied, and the directory has no entry of it: somebody has taken it away.`;
  }
  const due = dueState(head);
  if (entry.state !== due) return `${labelOf(facts)} is ${entry.state} in the directory, and should be ${due}.`;
  // Whoever has left is explained by that; the step `publish` tells of an old mapping all the same.
  if (isInactive(head) && attribute === undefined) return undefined;
  const all = differencesOf(stored);
  const differences = attribute === undefined ? all : all.filter((one) => one.attribute === attribute.name);
  const [first] = differences;
  if (first === undefined) return undefined;
  const { attribute: name, has, should } = first;
  const more = differences.length > 1 ? ` (and ${differences.length - 1} more)` : "";
  return `${labelOf(facts)}: the application reads ${name} ${has === undefined ? "as missing" : shown(has)}, and the present mapping makes ${should === undefined ? "nothing" : shown(should)}${more}. The entry was made ${whenOf(facts, entry.appliedAt)} by mapping ${entry.mappingHash}; the present one is ${hashFor(tenant.mapping, head.type)}.${againText(facts, stored)}`;
}

function deactivated(facts: Facts): string | undefined {
  const { stored } = facts;
  if (stored === undefined || !isInactive(stored.head)) return undefined;
  const words = wordsOf(facts);
  const change = deactivationOf(stored);
  const by = change === undefined ? "" : `, by request ${change.requestId}`;
  const { leftAt } = stored.head;
  if (leftAt === undefined) {
    return `${labelOf(facts)} is inactive, and was never active here: ${words.title} created it so${by}.`;
  }
  return `${labelOf(facts)} was deactivated by ${words.title} ${whenOf(facts, leftAt)}${by}. The application reads it as suspended.${attributeNote(facts)}`;
}

function tokenRejected(facts: Facts): string | undefined {
  const { rejected, lastAt } = facts.heard;
  if (rejected === undefined) return undefined;
  const before =
    lastAt === undefined
      ? "Nothing was ever let in."
      : `The last request that was let in came ${whenOf(facts, lastAt)}.`;
  const here =
    facts.stored === undefined
      ? `${facts.word} is not here`
      : `What was said of ${labelOf(facts)} before is applied; nothing later can arrive`;
  return `${here}: ${wordsOf(facts).title} calls and is not let in, last ${ago(facts, rejected.at)}, because ${becauseOf(rejected)}. ${before}`;
}

function stillActive(facts: Facts): string | undefined {
  const { stored, asked } = facts;
  if (stored === undefined || asked.expect !== "inactive") return undefined;
  return `${labelOf(facts)} is active because ${lower(noDeactivation(facts))}`;
}

function inSync(facts: Facts): string | undefined {
  const { stored, asked, heard, now } = facts;
  if (stored === undefined) return undefined;
  const { head, foundBy, attribute, members } = stored;
  const renamed = foundBy.startsWith("former ") ? ` Before, it was called ${facts.word}.` : "";
  const former = predecessorOf(facts);
  const before =
    former === undefined
      ? ""
      : ` Who had this name before, ${former.head.type} ${former.head.id}, is another one, and ${goneText(former)} since ${moment(former.head.leftAt ?? former.head.lastModified)}: what was theirs stays with that one.`;
  const silent =
    isSilent(heard, now) && heard.lastAt !== undefined
      ? ` But nothing at all was heard for ${age(now - heard.lastAt)}.`
      : "";
  const more =
    attribute !== undefined
      ? attributeNote(facts)
      : members === undefined
        ? head.type === "User" && asked.expect === undefined
          ? ` ${noDeactivation(facts)}`
          : ""
        : ` It has ${members.isMore ? "more than " : ""}${counted(members.applied, "member")}.`;
  const said =
    head.imported === undefined
      ? `is as ${wordsOf(facts).title} last said`
      : `was imported, and ${wordsOf(facts).title} has said nothing of it yet`;
  return `${labelOf(facts)} ${said}: version ${head.version} is accepted and applied.${renamed}${before}${more}${silent}`;
}

function attributeNote(facts: Facts): string {
  const attribute = facts.stored?.attribute;
  return attribute?.value === undefined ? "" : ` ${attributeText(facts, attribute)}`;
}

function noDeactivation(facts: Facts): string {
  const last = facts.stored && lastWord(facts.stored.changes);
  const word = last === undefined ? "" : `; the last word about it came ${whenOf(facts, last.at)}: it ${verbOf(last)}`;
  return `No deactivation was received${word}.`;
}

function lower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function lookedUp(facts: Facts): string | undefined {
  const [miss] = missesOf(facts);
  if (facts.stored !== undefined || miss === undefined) return undefined;
  const often = missesOf(facts).length;
  return `${facts.word} is not here: ${wordsOf(facts).title} looked for it by ${miss.attribute} ${whenOf(facts, miss.at)}${often > 1 ? ` (${counted(often, "time")} in all)` : ""}, found ${isGroup(facts) ? "none" : "nobody"}, and sent no create.`;
}

function idpSilent(facts: Facts): string | undefined {
  const { heard, now, word } = facts;
  if (!isSilent(heard, now)) return undefined;
  const words = wordsOf(facts);
  if (heard.lastAt === undefined) {
    const why =
      heard.alive === 0
        ? "There is no token that is valid, so nobody could call."
        : `${counted(heard.alive, "token")} ${heard.alive === 1 ? "is" : "are"} valid, and none was ever used.`;
    return `${word} is not here, and nothing was ever heard of ${words.title}. ${why}`;
  }
  const { usualMs } = heard.rhythm;
  const usual = usualMs === undefined ? "" : `, although it usually calls every ${age(usualMs)}`;
  return `${word} is not here, and nothing was heard of ${words.title} since ${moment(heard.lastAt)} (${age(now - heard.lastAt)})${usual}. Provisioning is off there, or the URL or the token was changed.`;
}

function neverNamed(facts: Facts): string | undefined {
  const { heard, now, word } = facts;
  const { traffic, trafficSince, lastAt } = heard;
  if (!isConclusive(facts) || lastAt === undefined) return undefined;
  const requests = requestsOf(heard);
  return `${word} was never named: in ${age(now - trafficSince)} came ${counted(requests, "request")} with ${counted(traffic.writes, "accepted change")}, the last ${ago(facts, lastAt)}, and none was about this one. It is not ${isGroup(facts) ? "pushed by" : "assigned to the application at"} ${wordsOf(facts).title}, or out of scope, or has another spelling than this one.`;
}

function unknown(facts: Facts): string {
  const { heard, word } = facts;
  const { dropped } = heard.traffic;
  if (dropped > 0) {
    return `${word} is not here, and it cannot be said whether it was ever named: so much was asked for at a time that ${counted(dropped, "sighting")}, of anybody, ${dropped === 1 ? "was" : "were"} not kept.`;
  }
  return `${word} is not here, and it cannot be said whether it was named: ${wordsOf(facts).title} was heard, but what it asked for is not counted yet. Ask again in a minute.`;
}
