/** How much one search may read: a scan ends at whichever bound comes first. */
import { ScimError } from "../scim/error.ts";
import { uniqueAttributes } from "../scim/resource-type.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { Clock } from "./ports.ts";

/** Units: resources; milliseconds. */
const resourcesMost = 20_000;
const msMost = 8_000;
/** Whoever is found by an index is told, also when the table took its time: "too many" would be untrue. */
const resourcesAlways = 100;

/** Tells, resource by resource, whether the search has read its fill. */
export function searchBound(clock: Clock): () => boolean {
  const deadline = clock.now() + msMost;
  let seen = 0;
  return () => {
    seen += 1;
    return seen > resourcesMost || (seen > resourcesAlways && clock.now() > deadline);
  };
}

/** R46. `what`: what would have needed all resources to be read. */
export function tooMany(types: readonly ResourceType[], what: "filter" | "sort" | "skip"): ScimError {
  const names = types.map((type) => type.name).join(" and ");
  const cures = {
    filter: `search without an index; compare one of these by "eq": ${indexedNames(types)}; or ask page by page with "cursor"`,
    sort: `sort; leave "sortBy" out, or narrow the search by "eq" of one of these: ${indexedNames(types)}`,
    skip: `pass over; ask page by page with "cursor", or search one endpoint`,
  };
  return new ScimError(400, "tooMany", `there are too many ${names} resources to ${cures[what]}`);
}

function indexedNames(types: readonly ResourceType[]): string {
  const names = types.flatMap((type) => [...uniqueAttributes(type).map(({ name }) => name), ...type.lookups]);
  return ["id", ...new Set(names)].join(", ");
}
