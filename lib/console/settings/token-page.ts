/** A token: its text where it was just made, what it was used for, and how it ends. */
import { commandFor } from "../../ops/command.ts";
import { idpWords } from "../../ops/idp/idp.ts";
import type { TokenInfo } from "../../ops/tokens.ts";
import { hrefOf } from "../addresses.ts";
import { command, copyable, facts, linkButton, name, notice, section, time } from "../components.ts";
import type { ConsoleContext } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import type { View } from "../view.ts";
import { endOf, lastUseOf, stateOf, tokenPath, userTitle } from "./token-words.ts";

/** `text`: of the token itself, for the one time that it is shown. */
export function tokenContent(
  view: View,
  { operations, baseUrl }: ConsoleContext,
  token: TokenInfo,
  text?: string,
): Html {
  const { id, label, createdAt, alive } = token;
  return html`${text === undefined ? nothing : freshSection(text, token, baseUrl)}
    ${section(
      "What it is",
      html`${facts([
        ["Label", name(label)],
        ["State", stateOf(token)],
        ["Used by", userTitle(token)],
        ["Id", copyable(id, "the id of the token")],
        ["Made", time(view, createdAt)],
        ["Last used", lastUseOf(view, token)],
        ["Ends", endOf(view, token)],
      ])}
      ${
        alive
          ? html`<p><a class="button danger" href="${tokenPath(id)}/revoke">Revoke it …</a></p>
              ${command(commandFor(operations, `token revoke ${id}`))}`
          : html`<p class="quiet">
              Whoever shows it gets a 401, and the overview tells of it.
              ${linkButton("/settings#new-token", "Make another")}
            </p>`
      }`,
    )}
    <p><a href="/settings#tokens">All tokens</a></p>`;
}

function freshSection(text: string, { id, idp }: TokenInfo, baseUrl: string | undefined): Html {
  const { title, place, tokenField, baseUrlField } = idpWords(idp);
  return section(
    "The token",
    html`${notice("warn", "Copy it now: it is shown this once, and stored only as a hash. Loading the page again shows it no more.")}
      <p class="secret">${copyable(text, "the token")}</p>
      <p>Where it goes at ${title}: ${place}.</p>
      ${facts([
        [tokenField, "the token above"],
        [
          baseUrlField,
          baseUrl === undefined ? "as the stack’s output ScimBaseUrl has it" : copyable(baseUrl, "the base URL"),
        ],
      ])}
      <p>${linkButton(hrefOf(`/connect/${idp ?? "other"}`, { token: id }), "All that is to be filled in there")}</p>`,
  );
}
