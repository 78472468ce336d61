/**
 * What the application may rely on when it reads an entry: which attributes a profile has by the tenant file, of which type,
 * which of them may be absent, and by which of them the entry is found.
 *
 * It holds for entries that the mapping of the file has made: one of an earlier mapping has another `mappingHash`, until
 * `rollcall resync --mapping-changed`.
 */
import { hashFor } from "../../provisioning/mapping-hash.ts";
import type { MappedAttribute, Mapping, Scalar, Tenant } from "../../provisioning/tenant.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { groupType, topLevelAttributes, userType } from "../../scim/resource-type.ts";
import { objectType, sentAttributes, sentType, type TypedAttribute } from "./sent-types.ts";

export interface EntryType {
  readonly type: string;
  /** Of the mapping; zeros where the tenant file maps nothing. */
  readonly mappingHash: string;
  /** Of an active entry. */
  readonly attributes: readonly TypedAttribute[];
}

/** In the order of the tenant file: users, groups, types of the tenant's own. */
export function entryTypes({ types, mapping }: Tenant): EntryType[] {
  return types.map((type) => ({
    type: type.id,
    mappingHash: hashFor(mapping, type.id),
    attributes: attributesOf(type, mapping),
  }));
}

function attributesOf(type: ResourceType, mapping: Mapping): TypedAttribute[] {
  if (type.id === userType.id) {
    const roles = mapping.roles.map(({ name }) => ({
      name,
      type: "readonly string[]",
      optional: false,
      lookup: false,
    }));
    return [...mapping.attributes.map((one) => mapped(one, isSure(one))), ...roles];
  }
  const own = mapping.resourceTypes.get(type.id)?.attributes;
  if (type.id === groupType.id) {
    return own === undefined ? unmappedGroup : own.map((one) => mapped(one, isSureOfGroup(one)));
  }
  return own === undefined ? unmapped(type) : own.map((one) => mapped(one, isSure(one)));
}

/** Without the value the change is refused or parked, unless somebody leaves; so is it with one that cannot be used. */
function isSure({ required, constant }: MappedAttribute): boolean {
  return required || constant !== undefined;
}

/** A group is never held back: what cannot be used is left out, also where there is a constant beside it. */
function isSureOfGroup({ constant, from, lookup }: MappedAttribute): boolean {
  return constant !== undefined && from.length === 0 && !lookup;
}

function mapped(attribute: MappedAttribute, sure: boolean): TypedAttribute {
  const { name, lookup, as } = attribute;
  const type = [...typesOf(attribute)].toSorted().join(" | ");
  const form = as === "date" || as === "dateTime" ? { form: as } : {};
  return { name, type, optional: !sure, lookup, ...form };
}

/** What is in a table has its form already; what is in none keeps the type with which it was sent. */
function typesOf({ table, as, join, constant, from }: MappedAttribute): ReadonlySet<string> {
  if (table !== undefined)
    return new Set([...table.rows.values(), ...given(table.otherwise)].map((value) => typeof value));
  if (as !== undefined) return new Set([as === "number" || as === "boolean" ? as : "string"]);
  const sent = from.map(({ attribute, subAttribute }) => {
    const last = subAttribute ?? attribute;
    return join !== undefined || last === undefined ? "string" : sentType(last);
  });
  return new Set([...sent, ...given(constant).map((value) => typeof value)]);
}

function given(value: Scalar | undefined): readonly Scalar[] {
  return value === undefined ? [] : [value];
}

/** As `mapGroup` makes it. */
const unmappedGroup: TypedAttribute[] = [
  { name: "displayName", type: "string", optional: false, lookup: false },
  { name: "externalId", type: "string", optional: true, lookup: false },
];

/** The resource as it was sent, extensions below their URNs. */
function unmapped(type: ResourceType): TypedAttribute[] {
  const core = sentAttributes(topLevelAttributes(type), true);
  const below = type.extensions.map(({ schema: { id, attributes } }) => {
    return { name: id, type: objectType(sentAttributes(attributes, true)), optional: true, lookup: false };
  });
  return [...core, ...below];
}
