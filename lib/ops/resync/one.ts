/** One resource, before it is applied again: where it stands, and what would be different. */
import { readEntry } from "../../provisioning/entry.ts";
import type { Head } from "../../provisioning/head.ts";
import type { Json, JsonObject } from "../../scim/json.ts";
import { equalJson } from "../../scim/json.ts";
import type { Forecast } from "../dlq/forecast.ts";
import { findResources, identityOf } from "../find-resource.ts";
import { OperationError, type Operations } from "../operations.ts";
import { makeNext, standing } from "./plan.ts";

export interface OneResync {
  readonly type: string;
  readonly id: string;
  readonly name?: string;
  readonly standing: "settled" | "pending" | "parked" | "givenUp" | "deleted";
  /** Of the settled: attributes of the profile, and `state`, that the entry has otherwise. */
  readonly differences: readonly AttributeChange[];
  /** Of the settled: why it would fail. */
  readonly forecast?: Forecast;
}

export interface AttributeChange {
  readonly attribute: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** Errors: OperationError when nothing is called so; TableError. */
export async function planOne(o: Operations, word: string): Promise<OneResync[]> {
  const found = await findResources(o, word);
  if (found.length === 0) {
    throw new OperationError(
      `Nothing is called "${word}": no userName, e-mail, externalId, group displayName or id is that.`,
    );
  }
  return await Promise.all(found.map(async ({ head }) => await describe(o, head)));
}

async function describe(o: Operations, head: Head): Promise<OneResync> {
  const about = identityOf(head);
  if (head.state === "deleted") return { ...about, standing: "deleted", differences: [] };
  const stands = standing(head);
  if (stands !== "settled") return { ...about, standing: stands, differences: [] };
  const before = await readEntry(o.table, head.type, head.id);
  const made = await makeNext(o, head, before);
  if ("forecast" in made) return { ...about, standing: stands, differences: [], forecast: made.forecast };
  const had = before === undefined ? {} : { state: before.state, ...before.profile };
  return {
    ...about,
    standing: stands,
    differences: differencesOf(had, { state: made.entry.state, ...made.entry.profile }),
  };
}

function differencesOf(before: JsonObject, after: JsonObject): AttributeChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((attribute) => {
    const [was, will] = [before[attribute], after[attribute]];
    if (equalJson(was, will)) return [];
    return [
      { attribute, ...(was === undefined ? {} : { before: was }), ...(will === undefined ? {} : { after: will }) },
    ];
  });
}
