/** Is the identity provider heard of, as often as it should be, and let in? */
import { lastContact } from "../../provisioning/contact.ts";
import { isAlive, type StoredToken } from "../../provisioning/token.ts";
import { sumOf } from "../../provisioning/traffic.ts";
import { idpWords, type IdpWords } from "../idp/idp.ts";
import { pausesOf, type Rhythm, rhythmOf } from "../idp/rhythm.ts";
import { age, counted } from "../words.ts";
import type { Check } from "./check.ts";
import type { Facts } from "./facts.ts";
import { newTokenCommand, tokenPlace } from "../idp/new-token.ts";

const hour = 3_600_000;

/** One for each identity provider; one that says so when there is none. */
export function contactChecks({ tokens, traffic, now }: Facts): Check[] {
  const alive = tokens.filter((token) => isAlive(token, now));
  if (alive.length === 0) return [noToken(tokens, now)];
  const used = alive.filter((token) => lastContact(token) !== undefined);
  if (used.length === 0) return [neverHeard(alive, tokens, now)];
  const named = used.filter(({ idp }) => idp !== undefined);
  // A trial by hand with another token is no identity provider that went silent.
  const connections = Map.groupBy(named.length > 0 ? named : used, ({ idp }) => idp);
  return [...connections]
    .map(([idp, all]) => ({ words: idpWords(idp), token: latest(all) }))
    .sort((a, b) => (a.words.title < b.words.title ? -1 : 1))
    .map(({ words, token }) => contactOf(words, token, { now, failing: isFailing(traffic) }));
}

function noToken(tokens: readonly StoredToken[], now: number): Check {
  const before = heardBefore(tokens);
  const none = { name: "contact", state: "failure" } as const;
  if (before === undefined)
    return {
      ...none,
      summary:
        tokens.length === 0
          ? "There is no token that would be let in, so no identity provider can call."
          : "No token may be used any more, so no identity provider can call; none of those that ended was ever used.",
      action: "Make one, and paste it into the identity provider.",
      command: `connect ${tokens.find(({ idp }) => idp !== undefined)?.idp ?? "entra"}`,
    };
  const { token, at } = before;
  const { id, label, idp, isClient, revokedAt, expiresAt = now } = token;
  const end =
    revokedAt === undefined ? `expired ${age(now - expiresAt)} ago` : `was revoked ${age(now - revokedAt)} ago`;
  return {
    ...none,
    summary: `No token may be used any more, so no identity provider can call. The last to call was ${idpWords(idp).title}, ${age(now - at)} ago, with ${isClient === true ? "OAuth client" : "token"} ${id} ("${label}"), which ${end}.`,
    since: revokedAt ?? expiresAt,
    action: `Make a token and paste it into ${tokenPlace(idp)}.`,
    command: newTokenCommand(idp),
  };
}

function neverHeard(alive: readonly StoredToken[], tokens: readonly StoredToken[], now: number): Check {
  const since = Math.min(...alive.map(({ createdAt }) => createdAt));
  const before = heardBefore(tokens);
  const ended =
    before === undefined
      ? ""
      : ` With one that has ended, ${idpWords(before.token.idp).title} called ${age(now - before.at)} ago.`;
  return {
    name: "contact",
    state: "warning",
    summary: `Nobody has called with ${alive.length === 1 ? "the token that is valid" : `any of the ${counted(alive.length, "valid token")}`}, made ${age(now - since)} ago.${ended}`,
    since,
    action: "Paste base URL and token, test the connection, switch provisioning on, and assign somebody.",
    command: `connect ${[...alive, ...(before === undefined ? [] : [before.token])].find(({ idp }) => idp !== undefined)?.idp ?? "entra"}`,
  };
}

/** Ended tokens are kept for a month, with when they were used last. An identity provider's, before a trial by hand. */
function heardBefore(tokens: readonly StoredToken[]): { token: StoredToken; at: number } | undefined {
  const used = tokens.filter((token) => lastContact(token) !== undefined);
  const named = used.filter(({ idp }) => idp !== undefined);
  const [first, ...others] = named.length > 0 ? named : used;
  if (first === undefined) return undefined;
  const token = latest([first, ...others]);
  return { token, at: lastContact(token) ?? token.createdAt };
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
  const rhythm = rhythmOf(words, token.cycles);
  const heard = `${words.title} called ${age(now - at)} ago (${kindsText(token, now)})${rhythmText(words, rhythm)}.`;
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
  if (now - at <= rhythm.lateMs) return { ...check, state: "ok" };
  // One without cycles may have nothing to send for weeks.
  const hasFailed = words.cycleMinutes !== undefined && now - at > rhythm.silentMs;
  return {
    ...check,
    state: hasFailed ? "failure" : "warning",
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

function rhythmText({ cycleMinutes }: IdpWords, { usualMs }: Rhythm): string {
  const usual = cycleMinutes === undefined ? "" : `, usual there ${cycleMinutes} min`;
  return usualMs === undefined ? usual : `, about every ${age(usualMs)}${usual}`;
}

/** Of its last three calls, each a day behind the other: a job in quarantine, or one that has something to send once a day. */
function onceADaySince({ name }: IdpWords, cycles: readonly number[], now: number): number | undefined {
  const lastThree = cycles.slice(-3);
  if (name !== "entra" || lastThree.length < 3) return undefined;
  const daily = pausesOf(lastThree).every((gap) => gap > 12 * hour && gap < 36 * hour);
  return daily && now - (lastThree.at(-1) ?? 0) < 36 * hour ? lastThree[0] : undefined;
}
