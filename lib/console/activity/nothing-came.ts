/** What the activity says when nothing is in it, and what to do then. */
import { commandFor } from "../../ops/command.ts";
import { counted } from "../../ops/words.ts";
import { hrefOf } from "../addresses.ts";
import { command, empty, linkButton } from "../components.ts";
import type { ConsoleContext } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import { type Asked, hrefTo, isFiltered } from "./asked.ts";

export function nothingCame({ operations }: ConsoleContext, asked: Asked): Html {
  const { after, who } = asked;
  const { evidenceDays } = operations.tenant;
  if (after !== undefined) return empty("That was all", html`<p>Nothing came before the page before this one.</p>`);
  if (isFiltered(asked)) {
    return empty(
      "Nothing of that came",
      html`<p>Not within the ${counted(evidenceDays, "day")} that are kept.</p>
        <p class="buttons">
          ${who === undefined ? nothing : linkButton(hrefOf("/why", { who }), "Why not?", "primary")}
          ${linkButton(hrefTo({ most: asked.most, follows: false }), "Show all activity")}
        </p>`,
    );
  }
  return empty(
    "Nothing has come yet",
    html`<p>
        What an identity provider changes, and what is refused of it, is listed here as it comes, for
        ${counted(evidenceDays, "day")}.
      </p>
      <p>${linkButton("/connect", "Connect an identity provider", "primary")}</p>
      ${
        operations.deployment === undefined
          ? command(
              commandFor(operations, "simulate entra --users 20 --groups 3 --token …"),
              "Or let one be played, with the token that npm start printed",
            )
          : nothing
      }`,
  );
}
