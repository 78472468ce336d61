/** Where a group stands: its versions, size, what is pending, the walk that is under way, and the roles that its name gives. */
import type { GroupStanding } from "../../ops/group/group.ts";
import type { Walk } from "../../ops/group/walk.ts";
import { pendingWords, walkWords } from "../../ops/group/words.ts";
import { type CountedUpTo, countText } from "../../ops/listed/waiting-counts.ts";
import { copyable, facts, name, section, time } from "../components.ts";
import { type Content, html, type Html, joined, nothing } from "../html.ts";
import { syncChip } from "../listed/chips.ts";
import type { View } from "../view.ts";

export function standingPart(view: View, standing: GroupStanding, size: CountedUpTo): Html {
  const { id, version, applied, pending, walk, roles, externalId, lastModified } = standing;
  const given = Object.entries(roles);
  const content = html`${facts([
    ["Sync", syncChip(view, standing)],
    ["Members in the directory", countText(size)],
    ["Pending", pendingWords(pending) ?? html`<span class="quiet">nothing about members</span>`],
    ["Version", version === applied ? version : html`${version} accepted, ${applied} applied`],
    ["Changed", time(view, lastModified)],
    ["id", copyable(id, "the id")],
    ["externalId", externalId === undefined ? html`<span class="quiet">none</span>` : name(externalId)],
    ...given.map(([attribute, list]): [string, Content] => [`Gives ${attribute}`, rolesOf(list)]),
  ])}
  ${walk === undefined ? nothing : walkPart(view, walk)}`;
  return section("Where it stands", content, { id: "standing" });
}

function rolesOf(roles: readonly string[]): Html {
  return joined(
    roles.map((role) => html`<code>${role}</code>`),
    ", ",
  );
}

function walkPart(view: View, walk: Walk): Html {
  const what =
    walk.doing === "names" ? "The new name is made known to its members' roles" : "The worker walks over its members";
  return html`<div class="walk">
    <p>
      <strong>${what}</strong>, up to version ${walk.to}: ${walkWords(walk)}.
      <span class="quiet">Last step ${time(view, walk.at)}.</span>
    </p>
    <progress max="100" value="${Math.round(walk.part * 100)}" aria-label="${what}"></progress>
  </div>`;
}
