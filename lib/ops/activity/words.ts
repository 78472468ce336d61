/** A change of members in words, as the command line and the console say it. */
import type { MembersChanged } from "./row.ts";

/** `+2 -1`, `=3`: these and nobody else, `(many)` */
export function membersText({ added, removed, replacesAll, isMany }: MembersChanged): string {
  if (isMany) return "(many)";
  if (replacesAll) return `=${added}`;
  return [...(added > 0 ? [`+${added}`] : []), ...(removed > 0 ? [`-${removed}`] : [])].join(" ");
}
