/** A command as an operator can paste it, for the data that is being looked at. */
import type { Operations } from "./operations.ts";

/** `words`: what stands behind `rollcall`, such as `dlq ls`. */
export function commandFor({ tenant, deployment }: Pick<Operations, "tenant" | "deployment">, words: string): string {
  return `npx rollcall ${words} ${deployment === undefined ? "--local" : `--tenant ${tenant.name}`}`;
}

/** A word that others wrote, for a shell: in quotation marks unless it is plain. */
export function shellWord(word: string): string {
  return /^[\w@.+:/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
