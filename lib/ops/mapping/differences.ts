/** How profiles would differ, attribute by attribute. */
import type { Head } from "../../provisioning/head.ts";
import { equalJson, type Json, type JsonObject } from "../../scim/json.ts";
import { masked } from "../mask.ts";
import { type Examples, type Person, personOf } from "./person.ts";

export interface AttributeDifference {
  readonly attribute: string;
  /** Those who have no value now and would have one. */
  readonly gets: number;
  readonly loses: number;
  readonly differs: number;
  readonly examples: readonly Difference[];
}

interface Difference extends Person {
  readonly before?: Json;
  readonly after?: Json;
}

interface Count {
  gets: number;
  loses: number;
  differs: number;
  readonly examples: Difference[];
}

export interface Differences {
  readonly add: (head: Head, before: JsonObject, after: JsonObject) => void;
  /** Most frequent first. */
  readonly all: () => AttributeDifference[];
}

export function newDifferences(options: Examples): Differences {
  const counts = new Map<string, Count>();
  const shown = (value: Json) => (options.masked === true ? masked(value) : value);
  return {
    add: (head, before, after) => {
      for (const attribute of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const [was, will] = [before[attribute], after[attribute]];
        if (equalJson(was, will)) continue;
        const count = counts.get(attribute) ?? { gets: 0, loses: 0, differs: 0, examples: [] };
        counts.set(attribute, count);
        count[was === undefined ? "gets" : will === undefined ? "loses" : "differs"] += 1;
        if (count.examples.length >= options.examples) continue;
        count.examples.push({
          ...personOf(head, options),
          ...(was === undefined ? {} : { before: shown(was) }),
          ...(will === undefined ? {} : { after: shown(will) }),
        });
      }
    },
    all: () => [...counts].map(([attribute, count]) => ({ attribute, ...count })).toSorted((a, b) => sum(b) - sum(a)),
  };
}

function sum({ gets, loses, differs }: AttributeDifference): number {
  return gets + loses + differs;
}
