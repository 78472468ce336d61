/** The columns of a CSV of users: each header is a SCIM path, and says where the values of its column belong. */
import { formatPath, parsePath, type ResolvedPath } from "../../scim/attribute-path.ts";
import { ScimError } from "../../scim/error.ts";
import type { Filter } from "../../scim/filter.ts";
import { topLevelAttributes } from "../../scim/resource-type.ts";
import type { Attribute, ResourceType } from "../../scim/schema.ts";
import { distance } from "../../provisioning/tenant-file-problem.ts";
import type { RowProblem } from "./import-row.ts";

export interface Column {
  /** As the file spells it. */
  readonly header: string;
  readonly attribute: Attribute;
  readonly extension?: string;
  readonly sub?: Attribute;
  /** Columns about one element of a list have the same. */
  readonly element: string;
  /** What the header's filter says of the element. */
  readonly chosen: { readonly [name: string]: string | number | boolean };
}

/** The column that has the id which the application knows somebody by. */
export interface IdColumn {
  readonly header: string;
  readonly isId: true;
}

export type AnyColumn = Column | IdColumn;

/** One for each header, or all that is wrong with them. */
export function columnsOf(
  type: ResourceType,
  headers: readonly string[],
): { columns: AnyColumn[]; problems: RowProblem[] } {
  const columns: AnyColumn[] = [];
  const problems: RowProblem[] = [];
  const seen = new Map<string, string>();
  for (const header of headers) {
    const found = columnOf(type, header);
    if (typeof found === "string") problems.push({ row: 1, column: header, problem: found });
    else {
      const place = placeOf(found);
      const before = seen.get(place);
      if (before !== undefined)
        problems.push({
          row: 1,
          column: header,
          problem: `is the same place as column "${before}"; expected each once`,
        });
      seen.set(place, header);
      columns.push(found);
    }
  }
  for (const { name, required } of type.schema.attributes) {
    if (!required || columns.some((column) => "attribute" in column && column.attribute.name === name)) continue;
    if (problems.length === 0)
      problems.push({ row: 1, problem: `there is no column "${name}", which every ${type.name} needs` });
  }
  return { columns, problems };
}

/** A text: what is wrong with the header. */
function columnOf(type: ResourceType, header: string): AnyColumn | string {
  if (header === "") return "a column has no name; expected a SCIM path such as userName";
  if (header.toLowerCase() === "id") return { header, isId: true };
  let path: ResolvedPath;
  try {
    path = parsePath(type, header);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    const nearest = nearestPath(type, header);
    return nearest === undefined
      ? "is no SCIM path of a user; expected one such as userName, name.givenName, emails.value, externalId, active or department"
      : `is no SCIM path of a user; did you mean ${nearest}?`;
  }
  const { attribute, extension, filter } = path;
  if (attribute === undefined) return "is a schema; expected one of its attributes";
  if (attribute.mutability === "readOnly") return "is given by the server; leave the column out";
  const sub = path.subAttribute ?? valueOf(attribute);
  if (attribute.type === "complex" && sub === undefined) {
    const [first] = attribute.subAttributes ?? [];
    return `has parts; expected one of them, such as ${header}.${first?.name ?? "value"}`;
  }
  const chosen = filter === undefined ? {} : chosenBy(filter);
  if (chosen === undefined)
    return 'has a filter that is more than eq; expected one such as emails[type eq "work"].value';
  const element = JSON.stringify([extension, attribute.name, chosen]);
  return {
    header,
    attribute,
    element,
    chosen,
    ...(extension !== undefined && { extension }),
    ...(sub !== undefined && { sub }),
  };
}

/** `emails` stands for `emails.value`. */
function valueOf({ subAttributes = [] }: Attribute): Attribute | undefined {
  return subAttributes.find(({ name }) => name === "value");
}

/** Of `type eq "work" and primary eq true`; undefined for what no element can be made from. */
function chosenBy(filter: Filter): Column["chosen"] | undefined {
  if (filter.kind === "and") {
    const parts = filter.filters.map(chosenBy);
    return parts.includes(undefined) ? undefined : Object.assign({}, ...parts);
  }
  if (filter.kind !== "compare" || filter.op !== "eq" || filter.value === null) return undefined;
  const { attribute } = filter.path;
  return attribute === undefined ? undefined : { [attribute.name]: filter.value };
}

function placeOf(column: AnyColumn): string {
  if ("isId" in column) return "id";
  return `${column.element}${column.sub?.name ?? ""}`;
}

/** What applications call it. */
const otherNames: Readonly<Record<string, string>> = {
  email: "emails.value",
  mail: "emails.value",
  emailaddress: "emails.value",
  firstname: "name.givenName",
  givenname: "name.givenName",
  lastname: "name.familyName",
  surname: "name.familyName",
  familyname: "name.familyName",
  login: "userName",
  user: "userName",
  upn: "userName",
  userprincipalname: "userName",
  phone: "phoneNumbers.value",
  phonenumber: "phoneNumbers.value",
  mobile: 'phoneNumbers[type eq "mobile"].value',
  enabled: "active",
  status: "active",
  company: "organization",
};

/** So many letters may be wrong. */
const lettersMost = 3;

function nearestPath(type: ResourceType, header: string): string | undefined {
  const plain = plainName(header);
  const known = otherNames[plain];
  if (known !== undefined) return known;
  const ranked = pathsOf(type)
    .map((path) => ({ path, letters: distance(plain, plainName(path)) }))
    .toSorted((a, b) => a.letters - b.letters);
  const [best] = ranked;
  return best !== undefined && best.letters <= Math.min(lettersMost, plain.length / 2) ? best.path : undefined;
}

function plainName(name: string): string {
  return name
    .slice(name.lastIndexOf(":") + 1)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "");
}

/** All that a header may be, without filters; attributes of extensions by their short names. */
function pathsOf(type: ResourceType): string[] {
  const settable = ({ mutability }: Attribute) => mutability !== "readOnly";
  const attributes = [
    ...topLevelAttributes(type),
    ...type.extensions.flatMap(({ schema }) => schema.attributes),
  ].filter(settable);
  return attributes.flatMap((attribute) => [
    ...(attribute.type === "complex" ? [] : [attribute.name]),
    ...(attribute.subAttributes ?? [])
      .filter(settable)
      .map((sub) => formatPath({ attribute, subAttribute: sub, text: "" })),
  ]);
}
