/** The members of a group, a page of them: who is there, and among them who is to come or to leave. */
import { commandFor } from "../../ops/command.ts";
import type { ListedMember, MembersPage } from "../../ops/group/members-page.ts";
import type { Operations } from "../../ops/operations.ts";
import { groupType } from "../../scim/resource-type.ts";
import { addressOf, hrefOf } from "../addresses.ts";
import { chip, type Column, command, empty, idCode, pager, section, table } from "../components.ts";
import { type Content, html, type Html } from "../html.ts";
import { stateChip } from "../listed/chips.ts";
import { nameLink, orDash } from "../listed/rows.ts";
import type { View } from "../view.ts";

const standings: Readonly<Record<ListedMember["standing"], Html>> = {
  member: chip("quiet", "there"),
  coming: chip("info", "to come"),
  leaving: chip("warn", "to leave"),
};

export function membersPart(
  view: Pick<View, "showsValues">,
  o: Operations,
  id: string,
  { members, next }: MembersPage,
  after: string | undefined,
): Html {
  const here = addressOf({ type: groupType.id, id });
  const list = members.length === 0 ? noMembers(after) : membersTable(view, members);
  const content = html`${list}
  ${pager({
    ...(after !== undefined && { first: `${here}#members` }),
    ...(next !== undefined && { next: `${hrefOf(here, { after: next })}#members` }),
  })}
  ${command(commandFor(o, `ls members ${id}${after === undefined ? "" : ` --after ${after}`}`))}`;
  return section("Members", content, { id: "members" });
}

function noMembers(after: string | undefined): Html {
  if (after !== undefined) return empty("That was all", html`<p>Nobody comes after the page before this one.</p>`);
  return empty("No members", html`<p>The identity provider has sent the group, and nobody in it.</p>`);
}

function membersTable({ showsValues }: Pick<View, "showsValues">, members: readonly ListedMember[]): Html {
  const showsDisplayName = showsValues && members.some(({ displayName }) => displayName !== undefined);
  const showsType = members.some(({ type }) => type === groupType.id);
  const columns: Column[] = [
    { title: "Name" },
    ...(showsDisplayName ? [{ title: "Display name", isMinor: true }] : []),
    ...(showsType ? [{ title: "Type" }] : []),
    { title: "State" },
    { title: "Member" },
    { title: "id", isMinor: true },
  ];
  const cells = (member: ListedMember): Content[] => [
    nameLink(member),
    ...(showsDisplayName ? [orDash(member.displayName)] : []),
    ...(showsType ? [member.type] : []),
    member.state === undefined ? chip("warn", "unknown") : stateChip({ state: member.state }),
    standings[member.standing],
    idCode(member.id),
  ];
  const rows = members.map((member) => ({ href: addressOf(member), cells: cells(member) }));
  return html`<div class="listed">${table("members", columns, rows)}</div>`;
}
