/** How long may the tokens be used? */
import { lastContact } from "../../provisioning/contact.ts";
import { isAlive, type StoredToken } from "../../provisioning/token.ts";
import { idpWords } from "../idp/idp.ts";
import { age, counted } from "../words.ts";
import type { Check } from "./check.ts";
import { day, type Facts } from "./facts.ts";

const warnDays = 30;
const failDays = 7;

export function tokensCheck({ tokens, now }: Facts): Check {
  const alive = tokens.filter((token) => isAlive(token, now));
  const ending = alive
    .filter(({ expiresAt }) => expiresAt !== undefined && expiresAt - now <= warnDays * day)
    .sort((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0));
  // The one that matters is in use: another that nobody shows may end.
  const urgent = ending.find((token) => lastContact(token) !== undefined) ?? ending[0];
  const ended = tokens.length - alive.length;
  const name = "tokens";
  if (urgent === undefined)
    return {
      name,
      state: "ok",
      summary: `${counted(alive.length, "token")} may be used, none ends within ${warnDays} days${ended > 0 ? `; ${ended} ended in the last 30 days` : ""}.`,
    };
  return { name, ...endingSoon(urgent, now) };
}

function endingSoon(token: StoredToken, now: number): Omit<Check, "name"> {
  const { id, label, idp, expiresAt = now } = token;
  const used = lastContact(token);
  const { title, tokenField } = idpWords(idp);
  const use = used === undefined ? "never used" : `used ${age(now - used)} ago`;
  return {
    state: used !== undefined && expiresAt - now <= failDays * day ? "failure" : "warning",
    summary: `Token ${id} ("${label}", ${use}) ends in ${age(expiresAt - now)}.`,
    action: `Make another, paste it into ${title}: ${tokenField}; then revoke the old one: both may be used at a time.`,
    command: `connect ${idp ?? "other"}`,
  };
}
