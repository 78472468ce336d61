/** Which activity is shown: a form that makes an address. */
import { activityKinds, statusWords } from "../../ops/activity/row.ts";
import { html, type Html, nothing } from "../html.ts";
import { type Asked, hrefTo, isFiltered } from "./asked.ts";

/** Of several kinds at once, those that are asked for most. */
const together: readonly (readonly [kinds: string, title: string])[] = [
  ["deactivated,deleted", "deactivated or deleted"],
  ["refused,fault", "refused, or a fault of ours"],
];

const all = [...together, ...activityKinds.map((kind) => [kind, kind] as const)];

export function filters(asked: Asked): Html {
  const { kinds, status, who = "", follows } = asked;
  const kind = kinds?.join(",") ?? "";
  const others =
    kind === "" || all.some(([value]) => value === kind) ? [] : [[kind, kind.replaceAll(",", " or ")] as const];
  const statuses = Object.values(statusWords).map((word) => [word, word.replace("-", " ")] as const);
  return html`<form class="activity-filters" method="get" action="/activity" aria-label="Narrow the activity">
    ${field("What", "kind", select("kind", kind, [["", "everything"], ...all, ...others]))}
    ${field("Status", "status", select("status", status === undefined ? "" : statusWords[status], [["", "any status"], ...statuses]))}
    ${field(
      "Who",
      "who",
      html`<input
        id="activity-who"
        name="who"
        value="${who}"
        placeholder="userName, e-mail, externalId, group or id"
        autocomplete="off"
        spellcheck="false"
      />`,
    )}
    ${follows ? html`<input type="hidden" name="follow" value="yes" />` : nothing}
    <button type="submit" class="button primary">Show</button>
    ${isFiltered(asked) ? html`<a class="button plain" href="${hrefTo({ most: asked.most, follows }, { follows })}">Show all</a>` : nothing}
  </form>`;
}

function field(title: string, called: string, control: Html): Html {
  return html`<div class="field ${called}"><label for="activity-${called}">${title}</label>${control}</div>`;
}

function select(name: string, chosen: string, options: readonly (readonly [value: string, title: string])[]): Html {
  return html`<select id="activity-${name}" name="${name}">
    ${options.map(
      ([value, title]) =>
        html`<option value="${value}" ${value === chosen ? html`selected` : nothing}>${title}</option>`,
    )}
  </select>`;
}
