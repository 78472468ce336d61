/** Is the identity provider heard of, as often as it should be, and let in? */
import { lastContact } from "../../provisioning/contact.ts";
import { isAlive, type StoredToken } from "../../provisioning/token.ts";
import { sumOf } from "../../provisioning/traffic.ts";
import { idpWords, type IdpWords } from "../idp/idp.ts";
import { age } from "../words.ts";
import type { Check } from "./check.ts";
import { day, type Facts } from "./facts.ts";

const minute = 60_000;
const hour = 60 * minute;

/** One for each identity provider; one that says so when there is none. */
export function contactChecks({ tokens, traffic, now }: Facts): Check[] {
  const alive = tokens.filter((token) => isAlive(token, now));
  if (alive.length === 0) return [noToken];
  const used = alive.filter((token) => lastContact(token) !== undefined);
  if (used.length === 0) return [neverHeard(alive, now)];
  const named = used.filter(({ idp }) => idp !== undefined);
  // A trial by hand with another token is no identity provider that went silent.
  const connections = Map.groupBy(named.length > 0 ? named : used, ({ idp }) => idp);
  return [...connections]
    .map(([idp, all]) => ({ words: idpWords(idp), token: latest(all) }))
    .sort((a, b) => (a.words.title < b.words.title ? -1 : 1))
    .map(({ words, token }) => contactOf(words, token, { now, failing: isFailing(traffic) }));
}

const noToken: Check = {
  name: "contact",
  state: "failure",
  summary: "There is no token that would be let in, so no identity provider can call.",
  action: "Make one, and paste it into the identity provider.",
  command: "connect entra",
};

function neverHeard(alive: readonly StoredToken[], now: number): Check {
  const since = Math.min(...alive.map(({ createdAt }) => createdAt));
  return {
    name: "contact",
    state: "warning",
    summary: `No identity provider has called yet; the first token was made ${age(now - since)} ago.`,
    since,
    action: "Paste base URL and token, test the connection, switch provisioning on, and assign somebody.",
    command: "connect entra",
  };
}

const latest = (all: readonly StoredToken[]): StoredToken =>
  all.reduce((a, b) => ((lastContact(b) ?? 0) > (lastContact(a) ?? 0) ? b : a));

/** Source: Microsoft Learn, "Application provisioning in quarantine status": when most calls fail. */
function isFailing(traffic: Facts["traffic"]): boolean {
  const { reads, writes, unchanged, refused, faults } = sumOf(traffic);
  return (refused + faults) * 100 > (reads + writes + unchanged + refused + faults) * 40;
}

function contactOf(
  words: IdpWords,
  token: StoredToken,
  { now, failing }: { readonly now: number; readonly failing: boolean },
): Check {
  const at = lastContact(token) ?? token.createdAt;
  const gaps = gapsOf(token.cycles);
  const rhythm = rhythmText(words, gaps);
  const heard = `${words.title} called ${age(now - at)} ago (${kindsText(token, now)})${rhythm}.`;
  const check = { name: "contact", summary: heard };
  const daily = onceADaySince(words, token.cycles, now);
  if (daily !== undefined && failing)
    return {
      ...check,
      state: "failure",
      summary: `${heard} Once a day, while most calls fail, is a job in quarantine.`,
      since: daily,
      action: `Mend what is refused, then ${words.forceAll}, with "Clear quarantine".`,
    };
  const { lateMs, failedMs } = patience(words, gaps);
  if (now - at <= lateMs) return { ...check, state: "ok" };
  return {
    ...check,
    state: now - at > failedMs ? "failure" : "warning",
    summary: `${heard} That is longer than usual.`,
    since: at,
    action: `Look whether it is still on: ${words.switchOn}; its log: ${words.evidence}.`,
  };
}

function kindsText({ readAt, writeAt, refusedAt }: StoredToken, now: number): string {
  const kinds = [
    ["read", readAt],
    ["write", writeAt],
    ["refused", refusedAt],
  ] as const;
  return kinds.flatMap(([kind, at]) => (at === undefined ? [] : `${kind} ${age(now - at)}`)).join(", ");
}

function gapsOf(cycles: readonly number[]): number[] {
  return cycles.slice(1).map((at, n) => at - (cycles[n] ?? at));
}

/** Of three or more: fewer are no rhythm. */
function median(gaps: readonly number[]): number | undefined {
  return gaps.length < 3 ? undefined : gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)];
}

function rhythmText({ cycleMinutes }: IdpWords, gaps: readonly number[]): string {
  const own = median(gaps);
  const usual = cycleMinutes === undefined ? "" : `, usual there ${cycleMinutes} min`;
  return own === undefined ? usual : `, about every ${age(own)}${usual}`;
}

/**
 * How long it may be silent. One that works by cycles is late after three of them; one that sends changes when there are some
 * is silent over a long weekend. Both send only changes, so a silence about as long as one that went by itself is none.
 */
function patience({ cycleMinutes }: IdpWords, gaps: readonly number[]): { lateMs: number; failedMs: number } {
  const own = median(gaps) ?? 0;
  // No two nights are equally long.
  const longest = 1.2 * Math.max(0, ...gaps);
  if (cycleMinutes === undefined)
    return { lateMs: Math.max(4 * day, 5 * own, longest), failedMs: Number.POSITIVE_INFINITY };
  const lateMs = Math.max(3 * cycleMinutes * minute, 3 * own, longest);
  return { lateMs, failedMs: Math.max(day, 3 * lateMs) };
}

/** Of its last three calls, each a day behind the other: a job in quarantine, or one that has something to send once a day. */
function onceADaySince({ name }: IdpWords, cycles: readonly number[], now: number): number | undefined {
  const lastThree = cycles.slice(-3);
  if (name !== "entra" || lastThree.length < 3) return undefined;
  const daily = gapsOf(lastThree).every((gap) => gap > 12 * hour && gap < 36 * hour);
  return daily && now - (lastThree.at(-1) ?? 0) < 36 * hour ? lastThree[0] : undefined;
}
