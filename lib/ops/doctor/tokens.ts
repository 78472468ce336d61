/** How long may the tokens be used? */
import { lastContact } from "../../provisioning/contact.ts";
import { isAlive, isProviders, type StoredToken } from "../../provisioning/token.ts";
import { shellWord } from "../command.ts";
import { age, counted, whole } from "../words.ts";
import type { Check } from "./check.ts";
import { day, type Facts } from "./facts.ts";
import { newTokenCommand, tokenPlace } from "../idp/new-token.ts";

const warnDays = 30;
const failDays = 7;

export function tokensCheck({ tokens: ofProviders, feedTokens, now }: Facts): Check {
  const tokens = [...ofProviders, ...feedTokens];
  const alive = tokens.filter((token) => isAlive(token, now));
  const ending = alive
    .filter(({ expiresAt }) => expiresAt !== undefined && expiresAt - now <= warnDays * day)
    .sort((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0));
  // The one that matters is in use: another that nobody shows may end.
  const urgent = ending.find(isInUse) ?? ending[0];
  const ended = tokens.length - alive.length;
  const name = "tokens";
  if (urgent === undefined)
    return {
      name,
      state: "ok",
      summary: `${aliveText(alive)} may be used, none ends within ${warnDays} days${ended > 0 ? `; ${whole(ended)} ended in the last 30 days` : ""}.`,
    };
  return { name, ...endingSoon(urgent, now) };
}

/** Of one that reads events nobody knows. */
function isInUse(token: StoredToken): boolean {
  return !isProviders(token) || lastContact(token) !== undefined;
}

/** `2 tokens and 1 OAuth client`; a client does not end by itself. */
function aliveText(alive: readonly StoredToken[]): string {
  const clients = alive.filter(({ isClient }) => isClient === true).length;
  const tokens = counted(alive.length - clients, "token");
  if (clients === 0) return tokens;
  return `${alive.length === clients ? "" : `${tokens} and `}${counted(clients, "OAuth client")}`;
}

function endingSoon(token: StoredToken, now: number): Omit<Check, "name"> {
  const { id, label, idp, expiresAt = now } = token;
  const state = isInUse(token) && expiresAt - now <= failDays * day ? "failure" : "warning";
  const end = `ends in ${age(expiresAt - now)}.`;
  if (!isProviders(token))
    return {
      state,
      summary: `Token ${id} ("${label}", which reads events) ${end}`,
      action:
        "Make another, give it to the application, and then revoke the old one, which ends this: both may be used at a time.",
      command: `token create --for events --label ${shellWord(label)}`,
    };
  const used = lastContact(token);
  const use = used === undefined ? "never used" : `used ${age(now - used)} ago`;
  return {
    state,
    summary: `Token ${id} ("${label}", ${use}) ${end}`,
    action: `Make another, paste it into ${tokenPlace(idp)}, and then revoke the old one, which ends this: both may be used at a time.`,
    command: newTokenCommand(idp),
  };
}
