/**
 * Names a mapping by what it does: two that make the same profiles have the same hash, whatever the file's formatting or
 * the order of its keys. An entry records it, so that those made with an older mapping can be found.
 */
import { userType } from "../scim/resource-type.ts";
import type { MappedAttribute, MappedRoles, Mapping } from "./tenant.ts";

const offset = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;
const mask48 = (1n << 48n) - 1n;

/** What the entries of a type that no tenant file maps are made with. */
const unmapped = "000000000000";

/** Of the mapping that the entries of this type are made with. */
export function hashFor({ hash, resourceTypes }: Mapping, type: string): string {
  return type === userType.id ? hash : (resourceTypes.get(type)?.hash ?? unmapped);
}

/**
 * 12 hex digits: FNV-1a, 64 bits, folded to 48 as its authors advise. It need not be cryptographic: whoever can write the
 * tenant file has no one to deceive by a collision, and a chance one among a tenant's few mappings only means that a
 * resync leaves an entry alone. `node:crypto` has no place in this room.
 *
 * Source: RFC 9923.
 */
export function mappingHash(attributes: readonly MappedAttribute[], roles: readonly MappedRoles[] = []): string {
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  const made = [...attributes.toSorted(byName).map(whatItMakes), ...roles.toSorted(byName).map(whatRolesItMakes)];
  let hash = offset;
  for (const byte of new TextEncoder().encode(JSON.stringify(made))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  }
  return ((hash >> 48n) ^ (hash & mask48)).toString(16).padStart(12, "0");
}

/** Not `required`: it decides whether there is a profile, not what is in it. */
function whatItMakes(attribute: MappedAttribute): readonly unknown[] {
  const { name, from, constant, join, trim, case: letters, table, as, lookup } = attribute;
  const rows = table && [...table.rows].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    name,
    from.map((path) => path.text),
    constant ?? null,
    join ?? null,
    trim,
    letters ?? null,
    table === undefined ? null : [rows, table.otherwise ?? null],
    as ?? null,
    lookup,
  ];
}

function whatRolesItMakes({ name, exact, prefixes }: MappedRoles): readonly unknown[] {
  const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
  const begins = prefixes.map(({ prefix, roles }) => [prefix, roles.toSorted()] as const);
  const are = [...exact].map(([group, roles]) => [group, roles.toSorted()] as const);
  return [name, "roles", are.toSorted(byKey), begins.toSorted(byKey)];
}
