/** The way from the identity provider to the application, one stretch after the other. */
import { type Head, isParked } from "../../provisioning/head.ts";
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import { age, counted, moment } from "../words.ts";
import { isConclusive, missesOf, refusedOf, releasedOf } from "./asked-for.ts";
import type { Step } from "./explanation.ts";
import { type Facts, isStuck, type Stored } from "./facts.ts";
import { againText, notKeptText, problemText, refusalText, unmappedLookalikes, waitingText } from "./findings.ts";
import { differencesOf, dueState } from "./publish.ts";
import { joined, toldPart } from "./told-step.ts";
import { ago, becauseOf, isGroup, isSilent, listed, shown, titleOf, verbOf, whenOf, wordsOf } from "./sentences.ts";

export function stepsOf(facts: Facts): Step[] {
  return [contact(facts), match(facts), accept(facts), map(facts), apply(facts), publish(facts)];
}

function contact(facts: Facts): Step {
  const { heard, now } = facts;
  const words = wordsOf(facts);
  const { rejected, lastAt, alive, rhythm } = heard;
  const made = (status: Step["status"], reason: string, action?: string): Step => {
    return { name: "contact", status, reason, ...(action === undefined ? {} : { action }) };
  };
  const before =
    lastAt === undefined ? "Nothing was ever let in." : `The last that was let in came ${whenOf(facts, lastAt)}.`;
  if (rejected !== undefined) {
    const reason = `${titleOf(words)} calls and is not let in, last ${ago(facts, rejected.at)}: ${becauseOf(rejected)}. ${before}`;
    const action =
      rejected.why === "address"
        ? "If the address is its own, add it to allowFrom of the tenant file, and deploy."
        : `Make a token and paste it there: ${words.tokenField}.`;
    return made("failure", reason, action);
  }
  if (alive === 0) {
    const reason = `There is no token that is valid. ${before}`;
    return made("failure", reason, `Make a token and paste it there: ${words.tokenField}.`);
  }
  const usual = rhythm.usualMs === undefined ? "" : `; it usually calls every ${age(rhythm.usualMs)}`;
  if (lastAt === undefined) {
    const reason = `Nothing was ever heard of ${words.title}${facts.heard.tokenless === undefined ? "" : `; a request without a token came ${ago(facts, facts.heard.tokenless.at)}`}.`;
    return made("failure", reason, `Switch provisioning on: ${words.switchOn}.`);
  }
  if (isSilent(heard, now)) {
    return made(
      "warning",
      `Nothing was heard of ${words.title} for ${age(now - lastAt)}${usual}.`,
      `See whether provisioning is on: ${words.switchOn}.`,
    );
  }
  const well = `${titleOf(words)} was last heard ${ago(facts, lastAt)}${usual}.`;
  const { besides } = heard;
  if (besides === undefined) return made("success", well);
  const other = ` But somebody calls and is not let in, last ${ago(facts, besides.at)}: ${becauseOf(besides)}.`;
  const action =
    besides.why === "address"
      ? "If the address is to be let in, add it to allowFrom of the tenant file; if not, revoke the token."
      : "Make a token for that one, or let it stop calling.";
  return made("warning", well + other, action);
}

function match(facts: Facts): Step {
  const { stored } = facts;
  const words = wordsOf(facts);
  const misses = missesOf(facts);
  const [miss] = misses;
  if (stored !== undefined) {
    const { head, foundBy } = stored;
    const found = `It is stored as ${head.type} ${head.id}, found by ${foundBy}.`;
    if (miss === undefined) return { name: "match", status: "success", reason: found };
    return {
      name: "match",
      status: "warning",
      reason: `${found} Since its last change it was looked for by ${miss.attribute} and not found, ${counted(misses.length, "time")}.`,
      action: `Match by what it has here: ${words.matching}.`,
    };
  }
  const refused = refusedOf(facts);
  if (refused !== undefined) {
    return {
      name: "match",
      status: "success",
      reason: `It was named, last ${ago(facts, refused.latest.at)}, by ${refused.latest.attribute}.`,
    };
  }
  const released = releasedOf(facts);
  if (released !== undefined && (miss === undefined || miss.at < released.at)) {
    return {
      name: "match",
      status: "skipped",
      reason: `The name was given up ${ago(facts, released.at)}, and nobody has asked for it since.`,
    };
  }
  if (miss !== undefined) {
    const often = misses.length > 1 ? `, ${counted(misses.length, "time")} in all` : "";
    return {
      name: "match",
      status: "success",
      reason: `It was looked for by ${miss.attribute}, last ${ago(facts, miss.at)}${often}, and ${isGroup(facts) ? "none" : "nobody"} was found, which comes before a create.`,
    };
  }
  const { heard, now } = facts;
  if (heard.rejected !== undefined || isSilent(heard, now)) {
    const reason = "It was never named, which says little while nothing arrives.";
    return { name: "match", status: "warning", reason };
  }
  if (!isConclusive(facts)) {
    const why =
      heard.traffic.dropped > 0 ? "not all that was asked for was kept" : "what is asked for is not counted yet";
    return { name: "match", status: "warning", reason: `Nothing says that it was named, but ${why}.` };
  }
  return {
    name: "match",
    status: "failure",
    reason: `In ${age(now - heard.trafficSince)} of evidence it was never named, spelt like this.`,
    action: `${isGroup(facts) ? "Have it sent" : "Assign it"} there, as What to do says.`,
  };
}

function accept(facts: Facts): Step {
  const { stored } = facts;
  const words = wordsOf(facts);
  const refused = refusedOf(facts);
  if (refused !== undefined) {
    const action =
      refused.latest.kind === "fault"
        ? "Look for the request id in the log of the api function."
        : "Correct what the text names, and have it sent again, as What to do says.";
    return { name: "accept", status: "failure", reason: refusalText(facts, refused), action };
  }
  if (stored === undefined) {
    const isLookedFor = missesOf(facts).length > 0 && releasedOf(facts) === undefined;
    if (!isLookedFor) return { name: "accept", status: "skipped", reason: "There was nothing to accept." };
    return {
      name: "accept",
      status: "failure",
      reason: "No create followed the search.",
      action: `See what it says there: ${words.evidence}.`,
    };
  }
  const { head, changes } = stored;
  const [latest] = changes;
  const how = latest === undefined ? "changed" : verbOf(latest).replace(/^was /, "");
  // Whoever reads this asks next whether somebody was unassigned or disabled there.
  const cause =
    head.leftAt === undefined || head.state === "deleted" || nameBeforeSoftDelete(head.resource) !== undefined
      ? ""
      : ` From there comes, when somebody is unassigned: ${words.unassigned}; when disabled: ${words.disabled}.`;
  const reason = `Version ${head.version} was accepted ${ago(facts, head.lastModified)}: ${how}.${notKeptText(stored)}${cause}`;
  const skipped = stored.members?.skipped.length ?? 0;
  if (skipped > 0 || unmappedLookalikes(stored).length > 0) {
    return { name: "accept", status: "warning", reason };
  }
  return { name: "accept", status: "success", reason };
}

function map(facts: Facts): Step {
  const { stored } = facts;
  const skipped = (reason: string): Step => ({ name: "map", status: "skipped", reason });
  if (stored === undefined) return skipped("There was nothing to map.");
  const { head, mapped } = stored;
  if (head.state === "deleted") return skipped("It is deleted.");
  if (mapped === undefined) return skipped(`The tenant file maps no ${head.type}: the profile is what was sent.`);
  if (nameBeforeSoftDelete(head.resource) !== undefined) {
    return skipped("It is deleted at the identity provider: the profile stays as it was before.");
  }
  const { trace, problems } = mapped;
  if (problems.length > 0) return { name: "map", status: "failure", reason: problemText(stored) };
  const empty = trace.flatMap(({ attribute, outcome }) => (outcome === "mapped" ? [] : [attribute]));
  const made = `${trace.length - empty.length} of ${counted(trace.length, "attribute")} of the profile have a value`;
  if (empty.length === 0) return { name: "map", status: "success", reason: `${made}.` };
  return {
    name: "map",
    status: "warning",
    reason: `${made}; without one: ${listed(empty)}.`,
    action: "Ask about one of them (--attribute, or the field under the verdict), if it should have a value.",
  };
}

function apply(facts: Facts): Step {
  const { stored } = facts;
  if (stored === undefined) return { name: "apply", status: "skipped", reason: "There was nothing to apply." };
  const { head, entry } = stored;
  if (isStuck(head)) {
    const { failure } = head;
    // What the mapping cannot carry stands one step above.
    const message = stored.failing.length > 0 ? "" : ` ${failure?.message ?? ""}`;
    const reason = `${stuckText(facts, head)}: ${failure?.code ?? "no code"}.${message}`;
    return {
      name: "apply",
      status: "failure",
      reason,
      action: "The worker does not try again by itself: replay it once the cause is gone.",
    };
  }
  if (head.applied < head.version) {
    return { name: "apply", status: "warning", reason: waitingText(facts, stored) };
  }
  // A group's entry holds its attributes and is written when these change: its members are applied by the walk.
  const appliedAt = Math.max(entry?.appliedAt ?? 0, head.type === "Group" ? head.closedAt : 0);
  const at = appliedAt === 0 ? "" : ` ${ago(facts, appliedAt)}`;
  const next = head.reapply === undefined ? "; nothing is pending." : `.${againText(facts, stored)}`;
  return { name: "apply", status: "success", reason: `Version ${head.applied} was applied${at}${next}` };
}

function stuckText(facts: Facts, head: Head): string {
  const { givenUp, pendingSince = facts.now } = head;
  const waits = `for ${age(facts.now - pendingSince)}`;
  if (isParked(head) || givenUp === undefined) return `Parked ${waits}`;
  return `Given up by an operator ${ago(facts, givenUp.at)}, not applied ${waits}`;
}

/** What the application reads, and what it was told. */
function publish(facts: Facts): Step {
  const read = readable(facts);
  const told = facts.stored && toldPart(facts, facts.stored);
  return told === undefined ? read : { name: "publish", ...joined(read, told) };
}

function readable(facts: Facts): Step {
  const { stored } = facts;
  const made = (status: Step["status"], reason: string, action?: string): Step => {
    return { name: "publish", status, reason, ...(action === undefined ? {} : { action }) };
  };
  if (stored === undefined) return made("skipped", "The directory has no entry of it.");
  const { head, entry } = stored;
  if (entry === undefined) return publishNothing(stored, made);
  if (head.applied < head.version) {
    return made(
      "warning",
      `The application reads version ${entry.version}, ${entry.state}, of ${moment(entry.appliedAt)}.`,
    );
  }
  const due = dueState(head);
  if (entry.state !== due) {
    return made("failure", `The application reads it as ${entry.state}, and it should be ${due}.`, "Apply it again.");
  }
  const differences = differencesOf(stored);
  if (differences.length > 0) {
    const texts = differences.map(
      ({ attribute, has, should }) =>
        `${attribute} is ${has === undefined ? "missing" : shown(has)}, due is ${should === undefined ? "nothing" : shown(should)}`,
    );
    return made(
      "warning",
      `The profile was made by another mapping than the present one: ${listed(texts, 3)}.`,
      "Apply it again with the present mapping.",
    );
  }
  return made("success", `The application reads it as ${entry.state}, as accepted.`);
}

type Make = (status: Step["status"], reason: string, action?: string) => Step;

function publishNothing({ head }: Stored, made: Make): Step {
  if (head.state === "deleted") return made("success", "The directory has no entry of it, as is due.");
  if (head.applied < head.version) return made("skipped", "The directory has no entry of it yet.");
  return made(
    "failure",
    "It was applied, and the directory has no entry of it: somebody has taken it away.",
    "Apply it again.",
  );
}
