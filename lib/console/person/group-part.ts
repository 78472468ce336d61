/** The groups of a person: those that the application sees, and those to come and to go. */
import type { GroupOf, Groups } from "../../ops/person/groups.ts";
import { groupType } from "../../scim/resource-type.ts";
import { addressOf } from "../addresses.ts";
import { chip, empty, name, notice, section } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";

export function groupPart({ groups, applied, isMore, isMoreUnderWay }: Groups): Html {
  const list =
    groups.length === 0
      ? empty("In no group", html`<p>The identity provider has sent no group with this person in it.</p>`)
      : html`<ul class="bare-list columns">
          ${groups.map(groupItem)}
        </ul>`;
  return section(
    "Groups",
    html`${list} ${isMore ? html`<p class="quiet">These are the first ${groups.length} of ${applied}.</p>` : nothing}
    ${
      isMoreUnderWay
        ? notice(
            "info",
            "More groups wait for the worker than are looked at here: this person may be coming to one of them.",
          )
        : nothing
    }`,
    { id: "groups" },
  );
}

function groupItem({ id, name: called, state }: GroupOf): Html {
  const mark = state === "coming" ? chip("info", "to come") : state === "leaving" ? chip("warn", "to leave") : nothing;
  return html`<li><a href="${addressOf({ type: groupType.id, id })}">${name(called ?? id)}</a> ${mark}</li>`;
}
