/** The mapping of a tenant file, ready to use: its paths resolved, its tables folded, its constants tried. */
import type { ResourceType } from "../scim/schema.ts";
import { compileTable } from "./compile-table.ts";
import { defined } from "./head.ts";
import { mappablePath } from "./mappable-path.ts";
import { mappingHash } from "./mapping-hash.ts";
import type { AttributeSettings, MappingSettings } from "./mapping-settings.ts";
import type { MappedAttribute, MappedRoles, Mapping } from "./tenant.ts";
import { compileRoles } from "./role-table.ts";
import { formatKeyPath, type Tell } from "./tenant-file-problem.ts";
import { formNames } from "./value-form.ts";
import { takeSteps } from "./value-steps.ts";

/** The mapping, and a sentence for each thing that could never give a value; with one of those it must not be used. */
export function compileMapping(
  userType: ResourceType,
  settings: MappingSettings,
): { mapping: Mapping; problems: readonly string[] } {
  const problems: string[] = [];
  const tell: Tell = (place, message) => void problems.push(`${formatKeyPath(place)}: ${message}`);
  const attributes: MappedAttribute[] = [];
  const roles: MappedRoles[] = [];
  for (const [name, attribute] of Object.entries(settings.attributes)) {
    const place = ["mapping", "attributes", name];
    if (attribute.fromGroups === undefined) {
      attributes.push(
        compileAttribute(userType, name, attribute, (below, message) => tell([...place, ...below], message)),
      );
    } else {
      roles.push(compileRoles(name, attribute.fromGroups, (row) => tell([...place, "fromGroups", row], twice)));
    }
  }
  return { mapping: { policy: settings.policy, hash: mappingHash(attributes, roles), attributes, roles }, problems };
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
