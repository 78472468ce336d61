/** Lookup values that several active entries would share: whoever looks one of them up gets the wrong person, or two. */
import type { Entry } from "../../provisioning/entry.ts";
import type { Head } from "../../provisioning/head.ts";
import { maskedText } from "../mask.ts";
import { type Examples, type Person, personOf } from "./person.ts";

export interface SharedLookup {
  readonly attribute: string;
  /** Values that more than one active entry would have, and how many entries have one of those. */
  readonly values: number;
  readonly count: number;
  /** Such values today. */
  readonly valuesNow: number;
  readonly examples: readonly { readonly value: string; readonly first: readonly Person[] }[];
}

interface Holders {
  count: number;
  readonly first: Person[];
}

type Values = Map<string, Map<string, Holders>>;

export interface Lookups {
  readonly add: (time: "present" | "draft", head: Head, entry: Entry) => void;
  /** Attributes of which no value is shared are left out. */
  readonly shared: () => SharedLookup[];
}

const firstMost = 3;

export function newLookups(options: Examples): Lookups {
  const holders: { present: Values; draft: Values } = { present: new Map(), draft: new Map() };
  const isShared = ({ count }: Holders) => count > 1;
  const shown = (value: string) => (options.masked === true ? maskedText(value) : value);
  return {
    add: (time, head, { state, lookups }) => {
      if (state !== "active") return;
      for (const { attribute, value } of lookups) {
        const values = holders[time].get(attribute) ?? new Map<string, Holders>();
        holders[time].set(attribute, values);
        const holder = values.get(value) ?? { count: 0, first: [] };
        values.set(value, holder);
        holder.count += 1;
        if (holder.first.length < firstMost) holder.first.push(personOf(head, options));
      }
    },
    shared: () =>
      [...holders.draft].flatMap(([attribute, values]) => {
        const shared = [...values].filter(([, holder]) => isShared(holder));
        if (shared.length === 0) return [];
        return {
          attribute,
          values: shared.length,
          count: shared.reduce((sum, [, { count }]) => sum + count, 0),
          valuesNow: [...(holders.present.get(attribute)?.values() ?? [])].filter(isShared).length,
          examples: shared.slice(0, options.examples).map(([value, { first }]) => ({ value: shown(value), first })),
        };
      }),
  };
}
