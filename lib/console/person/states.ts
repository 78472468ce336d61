/** Where somebody stands, in a word or two each. */
import { type Head, isGivenUp, isParked } from "../../provisioning/head.ts";
import { nameBeforeSoftDelete } from "../../scim/dialects/entra.ts";
import { chip } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";

export function stateChips(head: Head): Html {
  return html`${stateChip(head)} ${syncChip(head)}
  ${head.reapply === undefined ? nothing : chip("info", "to be applied again")}`;
}

export function stateChip({ state, resource }: Head): Html {
  if (state === "deleted") return chip("quiet", "deleted");
  if (nameBeforeSoftDelete(resource) !== undefined) return chip("quiet", "deleted there");
  return resource["active"] === false ? chip("quiet", "inactive") : chip("good", "active");
}

function syncChip(head: Head): Html {
  if (isParked(head)) return chip("bad", "parked");
  if (isGivenUp(head)) return chip("warn", "given up");
  return head.applied < head.version ? chip("info", "pending") : chip("good", "applied");
}
