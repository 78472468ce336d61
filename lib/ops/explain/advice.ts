/** How advice is written: who is to do it, and how the subject is called on a command line. */
import { nameOf } from "../find-resource.ts";
import type { Action } from "./explanation.ts";
import type { Facts } from "./facts.ts";

export const idp = (text: string): Action => ({ who: "idp", text });
/** `command`: the words behind `rollcall`. */
export const operator = (text: string, command?: string): Action => {
  return { who: "operator", text, ...(command === undefined ? {} : { command }) };
};
export const application = (text: string): Action => ({ who: "application", text });

export function replay(facts: Facts): string {
  return `dlq replay --user ${who(facts)}`;
}

export function resync(facts: Facts): string {
  return `resync --user ${who(facts)}`;
}

/** The name where it leads to this one alone and needs no quotation marks, for people to read; else the id. */
export function who({ stored, others, word }: Facts): string {
  if (stored === undefined) return word;
  const name = nameOf(stored.head);
  const isPlain = name !== undefined && /^[A-Za-z0-9][A-Za-z0-9@._+-]*$/.test(name);
  return isPlain && others.every(({ by }) => by.startsWith("former ")) && !stored.foundBy.startsWith("former ")
    ? name
    : stored.head.id;
}
