/** A row of the activity in words, as the command line and the console say it. */
import { shortPath } from "../short-path.ts";
import { type ActivityRow, isRefusal, type MembersChanged } from "./row.ts";

/** `title, active; applied`, `members +2 -1; pending`, `POST /Users, 409` */
export function whatText(row: ActivityRow): string {
  if (isRefusal(row)) return `${row.operation}, ${row.status}`;
  const parts = [
    ...row.attributes.map(shortPath),
    ...(row.members === undefined ? [] : [`members ${membersText(row.members)}`]),
  ];
  const status = row.status === "givenUp" ? "given up" : row.status;
  return [...(parts.length === 0 ? [] : [parts.join(", ")]), status].join("; ");
}

/** `+2 -1`, `=3`: these and nobody else, `many` */
export function membersText({ added, removed, replacesAll, isMany }: MembersChanged): string {
  if (isMany) return "(many)";
  if (replacesAll) return `=${added}`;
  return [...(added > 0 ? [`+${added}`] : []), ...(removed > 0 ? [`-${removed}`] : [])].join(" ");
}
