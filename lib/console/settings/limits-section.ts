/** How much a request may hold: the same for every tenant. */
import { limits } from "../../scim/limits.ts";
import { whole } from "../../ops/words.ts";
import { section, table } from "../components.ts";
import { html, type Html } from "../html.ts";

const rows: readonly (readonly [what: string, most: string])[] = [
  ["A page of a list", `${whole(limits.pageSize)}, at most ${whole(limits.pageSizeMost)} resources`],
  ["A filter", `${whole(limits.filterCharacters)} characters, ${limits.filterDepth} levels of brackets`],
  ["A PATCH", `${whole(limits.patchOperations)} operations`],
  ["A bulk request", `${whole(limits.bulkOperations)} operations, ${whole(limits.bulkBytes)} bytes`],
  ["A body", `${whole(limits.bodyBytes)} bytes`],
  ["A resource, members not counted", `${whole(limits.resourceBytes)} bytes`],
  ["Values of one attribute", whole(limits.valuesPerAttribute)],
  [
    "Values that one is found by",
    `${limits.valuesPerLookup} of an attribute, ${limits.lookupsPerResource} of a resource`,
  ],
  ["Groups that a user shows", whole(limits.groupsShown)],
];

export function limitsSection(): Html {
  return section(
    "Limits of a request",
    html`<details>
      <summary>${rows.length} limits, the same for every tenant</summary>
      ${table(
        "Limits of a request",
        [{ title: "Of" }, { title: "At most" }],
        rows.map(([what, most]) => ({ cells: [what, most] })),
      )}
    </details>`,
  );
}
