/** Which tenant file is looked at, and whether it is the one that runs. */
import { commandFor } from "../../ops/command.ts";
import { chip, command, copyable, facts, notice, section } from "../components.ts";
import type { ConsoleContext } from "../context.ts";
import { html, type Html, nothing } from "../html.ts";
import type { View } from "../view.ts";
import { policiesTable } from "./policies.ts";

export function tenantFileSection(view: View, { operations, loaded }: ConsoleContext): Html {
  const { path, hash, settings } = loaded;
  const { deployment } = operations;
  const deployed = deployment?.deployedHash;
  const differs = deployed !== undefined && deployed !== hash;
  return section(
    "Limits and policies",
    html`<p>${copyable(path, "the path of the tenant file")}</p>
      ${facts([
        ["Its hash", html`<code>${hash}</code>`],
        [
          "Deployed",
          deployment === undefined
            ? "embedded: npm start reads the file when it starts"
            : deployed === undefined
              ? "the stack does not say: deploy it again"
              : html`<code>${deployed}</code> ${differs ? chip("warn", "another one") : chip("good", "the same")}`,
        ],
      ])}
      ${
        differs
          ? notice(
              "warn",
              html`The stack runs with another tenant file than the one here, which is what is shown. Deploy it, or take
                the one that was deployed: <code>npm run deploy -- ${operations.tenant.name}</code>`,
            )
          : nothing
      }
      ${policiesTable(view, settings)} ${command(commandFor(operations, "doctor"), "Whether it is the one that runs")}`,
    { id: "policies" },
  );
}
