/** The mapping that is in force, a row for each attribute of the profile. */
import { shortPath } from "../../ops/short-path.ts";
import { counted } from "../../ops/words.ts";
import type { MappedAttribute, MappedRoles, Mapping, TypeMapping } from "../../provisioning/tenant.ts";
import { userType } from "../../scim/resource-type.ts";
import type { ResourceType } from "../../scim/schema.ts";
import { chip, empty, table, type Row } from "../components.ts";
import { html, type Html, joined, nothing } from "../html.ts";

export function rulesPart(mapping: Mapping, type: ResourceType): Html {
  const own: TypeMapping | undefined = type.id === userType.id ? mapping : mapping.resourceTypes.get(type.id);
  if (own === undefined)
    return empty(
      `${type.id} has no mapping of its own`,
      html`<p>
        Its directory entries have what was received, as it is. <code>mapping.resourceTypes</code> of the tenant file
        changes that.
      </p>`,
    );
  const roles = type.id === userType.id ? mapping.roles : [];
  return table(
    `Attributes of the profile of a ${type.id}`,
    [{ title: "Profile attribute" }, { title: "Made from" }, { title: "Rules" }],
    [...own.attributes.map((one) => attributeRow(one, mapping.policy)), ...roles.map(roleRow)],
    { stacks: true },
  );
}

function attributeRow(attribute: MappedAttribute, policy: Mapping["policy"]): Row {
  const { name, from, constant, join } = attribute;
  const paths = from.map(({ text }) => pathCode(text));
  const source =
    paths.length === 0
      ? html`always <code>${String(constant)}</code>`
      : joined(
          paths,
          join === undefined ? html` <span class="quiet">or</span> ` : html` <span class="quiet">and</span> `,
        );
  return { cells: [html`<code>${name}</code>`, source, rules(attribute, policy)] };
}

/** Long names of extensions are shortened; the whole one is on hover. It breaks between its parts alone. */
export function pathCode(path: string): Html {
  const parts = shortPath(path).split(/(?<=[:.])(?=\D)/);
  return html`<code class="path" title="${path}">${joined(parts, html`<wbr />`)}</code>`;
}

function rules(attribute: MappedAttribute, policy: Mapping["policy"]): Html {
  const { required, lookup, table: values, join, as, from, constant } = attribute;
  const words = [
    ...(lookup ? ["the application finds people by it"] : []),
    ...(attribute.case === undefined ? [] : [`${attribute.case} case`]),
    ...(join === undefined ? [] : [`joined by “${join}”`]),
    ...(values === undefined
      ? []
      : [
          `a table of ${counted(values.rows.size, "value")}${values.otherwise === undefined ? "" : ", and one for all others"}`,
        ]),
    ...(as === undefined || as === "text" ? [] : [`as ${as === "dateTime" ? "date and time" : as}`]),
    ...(from.length > 0 && constant !== undefined ? [`otherwise ${String(constant)}`] : []),
  ];
  const must = (attribute.policy ?? policy) === "reject" ? "without it: refused" : "without it: parked";
  return html`${required ? html`${chip("info", must)} ` : nothing}${words.join("; ")}`;
}

function roleRow({ name, exact, prefixes }: MappedRoles): Row {
  const groups = [...exact.keys(), ...prefixes.map(({ prefix }) => `${prefix}*`)];
  return { cells: [html`<code>${name}</code>`, `the groups ${groups.join(", ")}`, "roles, in any letter case"] };
}
