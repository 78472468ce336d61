/**
 * Masking what leaves the house. Within one bundle equal values look equal and different ones different, so that whoever reads
 * it can still see that a userName changed, or that two people share an e-mail address.
 */
import { isList, isObject, type Json } from "../../scim/json.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import { maskedText } from "../mask.ts";
import { knownNames, withoutValues } from "../plain-text.ts";

export interface Masker {
  /** A value as data: texts and numbers are masked, booleans stay. */
  readonly value: (value: Json) => Json;
  /** A sentence: the values in it are masked, the words stay. */
  readonly text: (text: string) => string;
}

/** What is known of the people that a bundle speaks of. */
export interface Known {
  /** Names, e-mail addresses, ids at the identity provider: masked wherever they stand, in any letter case. */
  readonly identifiers: readonly string[];
  /** Other values: masked where they stand as they are. */
  readonly values: readonly string[];
  /** Whole sentences that others quote, such as what the identity provider was told: quotes within quotes are no pairs. */
  readonly sentences: readonly string[];
  /** Of tokens, which lead into our own log and are nobody's. */
  readonly tokenIds: readonly string[];
}

const hidden = "•••";
/** Around the number of a sentence while what surrounds it is masked: of the private use area, so nobody's. */
const [open, close] = ["\uE000", "\uE001"];

/** Leaves all as it is. */
export const unmasked: Masker = { value: (value) => value, text: (text) => text };

export function masker(tenant: Tenant, known: Known): Masker {
  const issued = new Map<string, string>();
  const taken = new Set<string>();
  const kept = new Set([...known.tokenIds, "…"]);
  const names = knownNames(tenant);

  function mask(text: string): string {
    if (text === "" || taken.has(text) || kept.has(text)) return text;
    const before = issued.get(text);
    if (before !== undefined) return before;
    const plain = maskedText(text);
    let made = plain;
    for (let n = 2; taken.has(made); n += 1) made = `${plain}#${n}`;
    issued.set(text, made);
    taken.add(made);
    return made;
  }

  function value(given: Json): Json {
    if (isList(given)) return given.map(value);
    if (isObject(given))
      return Object.fromEntries(Object.entries(given).map(([name, part]) => [name, partOf(name, part)]));
    if (typeof given === "string") return mask(given);
    return typeof given === "number" ? hidden : given;
  }

  /** "work" is the kind of an address, and nobody's. */
  function partOf(name: string, given: Json): Json {
    return name === "type" && typeof given === "string" && names.has(given.toLowerCase()) ? given : value(given);
  }

  // Our own ids are random and lead into the log; an identity provider's are known values by now.
  const inText = withoutValues(tenant, (found) => (isUuid(found) || found.startsWith(open) ? found : mask(found)));
  const patterns = [pattern(known.identifiers, "giu"), pattern(known.values.filter(isTelling), "gu")];
  const plain = (given: string) =>
    inText(patterns.reduce((so, one) => (one === undefined ? so : so.replaceAll(one, mask)), given));
  const sentences = [...new Set(known.sentences)].sort((a, b) => b.length - a.length);

  function text(given: string): string {
    const marked = sentences.reduce(
      (so, sentence, n) => so.replaceAll(sentence, `${open}${n}${close}`),
      given.replaceAll(/[\uE000\uE001]/g, "\uFFFD"),
    );
    return plain(marked).replaceAll(/\uE000(\d+)\uE001/g, (_, n: string) => plain(sentences[Number(n)] ?? ""));
  }
  return { value, text };
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** `DE` or `7` says nothing of anybody, and stands in every second word. */
function isTelling(value: string): boolean {
  return value.length >= 3;
}

/** A long value may have been cut off in a sentence: its beginning is enough, up to the end of what was quoted. */
const wholeMost = 60;

function pattern(values: readonly string[], flags: string): RegExp | undefined {
  const distinct = [...new Set(values)].filter((one) => one.trim() !== "");
  if (distinct.length === 0) return undefined;
  const parts = distinct
    .sort((a, b) => b.length - a.length)
    .map((one) => {
      const escaped = escape(one.slice(0, wholeMost));
      return one.length > wholeMost ? `${escaped}[^"…]*` : escaped;
    });
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join("|")})(?![\\p{L}\\p{N}])`, flags);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
