/** Whom a request is about, by whatever names it gives: what an operator may later ask for. */
import { sightedAs } from "../provisioning/sighting.ts";
import { planOf } from "../provisioning/search-plan.ts";
import { equalities } from "../scim/indexed-filter.ts";
import { isList, isObject, type Json } from "../scim/json.ts";
import { uniqueAttributes } from "../scim/resource-type.ts";
import type { ResourceType } from "../scim/schema.ts";

export interface Named {
  /** The id of a resource type: `User`. */
  readonly type: string;
  /** `userName`, `externalId`, `emails.value`, `displayName`, `id` */
  readonly attribute: string;
  readonly value: string;
}

/** A request may name somebody in more ways than are worth a note each. */
const namesMost = 4;

/** By the path's id, and by what a body says. Bodies that cannot be read name nobody. */
export function namedBy(type: ResourceType, id: string, body: unknown): Named[] {
  const byId = id === "" ? [] : [{ type: type.id, attribute: "id", value: id }];
  return distinct([...byId, ...inBody(type, body)]).slice(0, namesMost);
}

/** A userName is often the e-mail address, too: it is one name, and the attribute that says more about whom is kept. */
function distinct(all: readonly Named[]): Named[] {
  const names = new Map<string | undefined, Named>();
  for (const named of all) {
    const name = sightedAs(named.value);
    if (!names.has(name)) names.set(name, named);
  }
  return [...names.values()];
}

function inBody(type: ResourceType, body: unknown): Named[] {
  if (!isObject(body)) return [];
  const unique = uniqueAttributes(type).map(({ name }) => name);
  const names = [...new Set([...unique, ...(type.hasMembers ? ["displayName"] : []), "externalId"])];
  const plain = names.map((attribute) => ({ attribute, value: valueAt(body, attribute) }));
  const emails = { attribute: "emails.value", value: firstEmail(valueAt(body, "emails")) };
  return [...plain, emails].flatMap(({ attribute, value }) =>
    typeof value === "string" && value !== "" ? [{ type: type.id, attribute, value }] : [],
  );
}

function firstEmail(emails: Json | undefined): Json | undefined {
  if (emails === undefined || !isList(emails)) return undefined;
  const found = emails.find((email) => isObject(email) && email["primary"] === true) ?? emails[0];
  return isObject(found) ? valueAt(found, "value") : found;
}

/** Names come in any case (R19). */
function valueAt(object: { readonly [name: string]: Json }, name: string): Json | undefined {
  const key = Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : object[key];
}

/** By the equalities of a filter on what resources of the types are found by. An id is no name: nobody is asked for by it. */
export function namedIn(types: readonly ResourceType[], filter: string): Named[] {
  const named = planOf(types, { filter }).flatMap(({ type, filter: parsed }) => {
    const names = [...uniqueAttributes(type).map(({ name }) => name), ...type.lookups];
    const equal = parsed === undefined ? [] : equalities(parsed);
    return equal.flatMap(({ attribute, value }) =>
      typeof value === "string" && names.includes(attribute) ? [{ type: type.id, attribute, value }] : [],
    );
  });
  return distinct(named).slice(0, namesMost);
}
