/** The words of each identity provider, by the name that stands on tokens and in the log. */
import { entra } from "./entra.ts";
import { okta } from "./okta.ts";
import { others, unknown } from "./others.ts";
import type { IdpWords } from "./words.ts";

export type { IdpWords } from "./words.ts";

const known: ReadonlyMap<string, IdpWords> = new Map([entra, okta, ...others].map((words) => [words.name, words]));

/** Those that can be named, in the order in which people are offered them. */
export const idpNames: readonly string[] = [...known.keys()];

/** Of a name that nobody knows, or of none: words that fit any. */
export function idpWords(name: string | undefined): IdpWords {
  return known.get(name?.toLowerCase() ?? "") ?? unknown;
}
