/** The mapping of a tenant file, ready to use: its paths resolved, its tables folded, its constants tried. */
import type { ResourceType } from "../scim/schema.ts";
import { compileTable } from "./compile-table.ts";
import { defined } from "./head.ts";
import { mappablePath } from "./mappable-path.ts";
import { mappingHash } from "./mapping-hash.ts";
import type { AttributeSettings, MappingSettings } from "./mapping-settings.ts";
import type { MappedAttribute, MappedRoles, Mapping, TypeMapping } from "./tenant.ts";
import { compileRoles } from "./role-table.ts";
import { formatKeyPath, type Tell } from "./tenant-file-problem.ts";
import { formNames } from "./value-form.ts";
import { takeSteps } from "./value-steps.ts";

type Types = readonly [ResourceType, ...ResourceType[]];

/** The mapping, and a sentence for each thing that could never give a value; with one of those it must not be used. */
export function compileMapping(
  types: Types,
  settings: MappingSettings,
): { mapping: Mapping; problems: readonly string[] } {
  const problems: string[] = [];
  const tell: Tell = (place, message) => void problems.push(`${formatKeyPath(["mapping", ...place])}: ${message}`);
  const { policy } = settings;
  const user = compileAttributes(types[0], settings.attributes, below(tell, "attributes"));
  const resourceTypes = compileTypes(types, settings.resourceTypes ?? {}, below(tell, "resourceTypes"));
  return { mapping: { policy, hash: mappingHash(user.attributes, user.roles), ...user, resourceTypes }, problems };
}

/** Tells of what stands below a key. */
function below(tell: Tell, ...keys: readonly string[]): Tell {
  return (place, message) => tell([...keys, ...place], message);
}

function compileTypes(
  types: Types,
  settings: NonNullable<MappingSettings["resourceTypes"]>,
  tell: Tell,
): ReadonlyMap<string, TypeMapping> {
  const [user, ...others] = types;
  const compiled = new Map<string, TypeMapping>();
  for (const [name, { attributes }] of Object.entries(settings)) {
    const type = others.find(({ id }) => id === name);
    if (type === undefined) {
      const names = others.map(({ id }) => id).join(", ");
      const cure = name === user.id ? "mapping.attributes, where users are mapped" : `one of ${names}`;
      tell([name], `found ${JSON.stringify(name)}; expected ${cure}`);
      continue;
    }
    const made = compileAttributes(type, attributes, below(tell, name, "attributes"));
    for (const { name: attribute } of made.roles) tell([name, "attributes", attribute, "fromGroups"], noRoles);
    if (type.hasMembers) refuseWaiting(made.attributes, below(tell, name, "attributes"));
    compiled.set(name, { hash: mappingHash(made.attributes), attributes: made.attributes });
  }
  return compiled;
}

const noRoles = 'only users have roles; expected "from", "constant" or both';

/** A member who leaves must not wait for the name of the group. */
function refuseWaiting(attributes: readonly MappedAttribute[], tell: Tell): void {
  const cure = "a group is never held back by its mapping; remove it";
  for (const { name, required, policy } of attributes) {
    if (required) tell([name, "required"], cure);
    if (policy !== undefined) tell([name, "policy"], cure);
  }
}

function compileAttributes(
  type: ResourceType,
  settings: MappingSettings["attributes"],
  tell: Tell,
): { attributes: MappedAttribute[]; roles: MappedRoles[] } {
  const attributes: MappedAttribute[] = [];
  const roles: MappedRoles[] = [];
  for (const [name, attribute] of Object.entries(settings)) {
    if (attribute.fromGroups === undefined) {
      attributes.push(compileAttribute(type, name, attribute, below(tell, name)));
    } else {
      roles.push(compileRoles(name, attribute.fromGroups, (row) => tell([name, "fromGroups", row], twice)));
    }
  }
  return { attributes, roles };
}

const twice = "is there twice, as names are compared in any letter case; keep one of them";

function compileAttribute(type: ResourceType, name: string, settings: AttributeSettings, tell: Tell): MappedAttribute {
  const { from = [], constant, join, trim, case: letters, as, required, policy, lookup } = settings;
  const paths = [from].flat().flatMap((text, n) => {
    const path = mappablePath(type, text);
    if (typeof path !== "string") return path;
    tell(["from", ...(typeof from === "string" ? [] : [n])], path);
    return [];
  });
  const table = compileTable(settings, tell);
  const attribute = {
    name,
    from: paths,
    trim,
    required,
    lookup,
    ...defined({ constant, join, case: letters, table, as, policy }),
  };
  refuseOddConstant(attribute, tell);
  return attribute;
}

/** A constant goes through the same steps as a value that was sent. */
function refuseOddConstant(attribute: MappedAttribute, tell: Tell): void {
  const { constant, table, as = "text" } = attribute;
  if (constant === undefined || takeSteps(attribute, constant).value !== undefined) return;
  const wanted = table === undefined ? formNames[as] : 'one that is in the table, or "otherwise" beside it';
  tell(["constant"], `found ${JSON.stringify(constant)}; expected ${wanted}`);
}
