/**
 * Error texts without the values in them. What we tell an identity provider quotes what was sent, beside the names of
 * attributes; a text that is counted, or leaves the house, keeps only the names.
 */
import type { Attribute, ResourceType, Schema } from "../scim/schema.ts";
import type { Tenant, TypeMapping } from "../provisioning/tenant.ts";

/** E-mail addresses and our own ids, quoted or not. */
const value = /[^\s"'<>(),;:]+@[^\s"'<>(),;:]+|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

/** `replace` says what stands in place of a value; without it, `…`. */
export function withoutValues(
  tenant: Tenant,
  replace: (value: string) => string = () => "…",
): (text: string) => string {
  const names = knownNames(tenant);
  return (text) =>
    text
      // A long value may have been cut, and then has no end.
      .replaceAll(/"((?:[^"\\]|\\.)*?)(?:"|…(?=[\s.,;)]|$))/g, (whole, quoted: string) =>
        names.has(quoted.toLowerCase()) ? whole : `"${quoted === "" ? "" : replace(quoted)}"`,
      )
      .replaceAll(value, (found) => replace(found));
}

/** All that may stand in quotation marks and is nobody's: attributes, their paths, schemas, resource types, keys of ours. In lower case. */
export function knownNames(tenant: Tenant): ReadonlySet<string> {
  const schemas = tenant.types.flatMap(schemasOf);
  const names = [
    ...tenant.types.flatMap(({ id, name, endpoint }) => [id, name, endpoint]),
    ...schemas.flatMap(({ id, attributes }) => [id, ...attributes.flatMap((one) => pathsOf(id, one))]),
    ...mappingNames("mapping", tenant.mapping),
    ...[...tenant.mapping.resourceTypes].flatMap(([id, own]) => mappingNames(`mapping.resourceTypes.${id}`, own)),
    ...tenant.mapping.roles.map(({ name }) => name),
    ...ownWords,
  ];
  return new Set(names.map((name) => name.toLowerCase()));
}

function mappingNames(place: string, { attributes }: TypeMapping): string[] {
  return attributes.flatMap(({ name, from }) => [
    name,
    `${place}.attributes.${name}`,
    ...from.flatMap(({ text }) => [text, ...quotedIn(text)]),
  ]);
}

/** `emails[type eq "work"].value` */
function quotedIn(path: string): string[] {
  return [...path.matchAll(/"([^"]*)"/g)].map(([, quoted = ""]) => quoted);
}

const ownWords =
  "required lookup from constant join trim case table otherwise default as add replace remove op path value schemas Operations members cursor count startIndex filter sortBy eq true false rc_<id>_<secret>".split(
    " ",
  );

const schemasOf = ({ schema, extensions }: ResourceType): Schema[] => [schema, ...extensions.map((one) => one.schema)];

function pathsOf(urn: string, { name, subAttributes = [], canonicalValues = [] }: Attribute): string[] {
  const paths = [name, ...subAttributes.map((sub) => `${name}.${sub.name}`)];
  const types = [...canonicalValues, ...subAttributes.flatMap((sub) => sub.canonicalValues ?? [])];
  return [...paths, ...types, ...subAttributes.map((sub) => sub.name), ...paths.map((path) => `${urn}:${path}`)];
}
