/** All tokens, and the form that makes another. */
import { commandFor } from "../../ops/command.ts";
import { idpNames, idpWords } from "../../ops/idp/idp.ts";
import type { Operations } from "../../ops/operations.ts";
import type { TokenInfo } from "../../ops/tokens.ts";
import { actionForm, command, copyable, empty, name, section, table, time } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";
import type { View } from "../view.ts";
import { endOf, lastUseOf, stateOf, tokenPath, userTitle } from "./token-words.ts";

const daysUsual = 180;

/** Whoever may be used first. */
export function tokensSection(view: View, o: Operations, tokens: readonly TokenInfo[]): Html {
  const rows = [...tokens.filter(({ alive }) => alive), ...tokens.filter(({ alive }) => !alive)].map((token) => ({
    cells: [
      html`<a href="${tokenPath(token.id)}">${name(token.label)}</a>`,
      stateOf(token),
      lastUseOf(view, token),
      endOf(view, token),
      userTitle(token),
      time(view, token.createdAt),
      copyable(token.id, "the id of the token"),
    ],
    href: tokenPath(token.id),
  }));
  return section(
    "Tokens",
    html`<p class="quiet">
        Whoever provisions shows one, and so does an application that reads events. Several may be valid at a time, so
        that one can be replaced without a gap; those that ended are listed for 30 days.
      </p>
      ${
        rows.length === 0
          ? empty("There is no token yet", html`<p>Make one below, and paste it into the identity provider.</p>`)
          : table(
              "Tokens",
              [
                { title: "Label" },
                { title: "State" },
                { title: "Last used" },
                { title: "Ends" },
                { title: "Used by", isMinor: true },
                { title: "Made", isMinor: true },
                { title: "Id", isMinor: true },
              ],
              rows,
              { stacks: true },
            )
      }
      ${command(commandFor(o, "token ls"))}`,
    { id: "tokens" },
  );
}

export function newTokenSection(view: View, o: Operations): Html {
  const fields = html`<label
      >Label: who will use it<input
        name="label"
        required
        maxlength="100"
        size="28"
        autocomplete="off"
        placeholder="Entra production"
    /></label>
    <label
      >Identity provider<select name="idp">
        ${idpNames.map((one) => html`<option value="${one}">${idpWords(one).title}</option>`)}
        <option value="">another</option>
      </select></label
    >
    <label
      >Ends after so many days; empty: never<input
        name="days"
        type="number"
        min="1"
        max="3650"
        step="1"
        value="${daysUsual}"
    /></label>`;
  return section(
    "Make a token",
    html`${actionForm(view, { action: "/settings/tokens", button: "Make the token", tone: "primary", fields })}
      <p class="quiet">It is shown once, on the page that follows, and stored only as a hash.</p>
      ${command(commandFor(o, `token create --label "Entra production" --idp entra --expires-days ${daysUsual}`))}
      ${o.tenant.events === undefined ? nothing : eventsToken(o)}`,
    { id: "new-token" },
  );
}

function eventsToken(o: Operations): Html {
  return html`<p class="quiet">One that reads the feed of events, and nothing else, is made by the command alone:</p>
    ${command(commandFor(o, 'token create --for events --label "the application"'))}`;
}
