/** What an identity provider's administrator fills in, in that provider's words. */
import { commandFor } from "../../ops/command.ts";
import type { ConnectionPlan, MappingRow, OAuthPlan } from "../../ops/connect/plan.ts";
import type { Operations } from "../../ops/operations.ts";
import { shortPathNote } from "../../ops/short-path.ts";
import { upperFirst } from "../../ops/words.ts";
import { chip, command, copyable, section, table, type Row, withCode } from "../components.ts";
import { html, type Html, joined, nothing } from "../html.ts";
import { pathCode } from "../mapping/rules.ts";

/** `token`: what stands in the field for it: the token itself, or how to get one. */
export function pasteSection(plan: ConnectionPlan, token: Html, o: Operations): Html {
  const isLocal = o.deployment === undefined;
  const { place, baseUrl, tokenField, oauth, otherFields } = plan;
  return section(
    "1. Paste",
    html`<p>${withCode(place)}</p>
      <dl class="paste">
        <dt>${baseUrl.field}</dt>
        <dd>${copyable(baseUrl.value, baseUrl.field)}</dd>
        <dt>${tokenField}</dt>
        <dd>${token}</dd>
      </dl>
      ${
        isLocal
          ? html`<p class="quiet">
              This address is this machine: an identity provider on the internet cannot reach it.
            </p>`
          : nothing
      }
      <ul>
        ${otherFields.map((text) => html`<li>${withCode(text)}</li>`)}
      </ul>
      ${oauth === undefined ? nothing : oauthPart(oauth, tokenField, o)}`,
  );
}

/** The way without a token that stays. The command makes the client. */
function oauthPart(
  { choice, tokenUrl, clientIdField, secretField, command: words }: OAuthPlan,
  tokenField: string,
  o: Operations,
): Html {
  return html`<p>Or, in place of ${tokenField}, an OAuth client: ${withCode(choice)}.</p>
    <dl class="paste">
      <dt>${tokenUrl.field}</dt>
      <dd>${copyable(tokenUrl.value, tokenUrl.field)}</dd>
      <dt>${clientIdField}, ${secretField}</dt>
      <dd>${command(commandFor(o, words), "Printed once by")}</dd>
    </dl>`;
}

export function mapSection({ matching, mapping, roles }: ConnectionPlan): Html {
  const hasSources = mapping.some(({ source }) => source !== undefined);
  const titles = ["Profile attribute", "SCIM attribute to send", ...(hasSources ? ["Usually from"] : []), "Notes"];
  return section(
    "2. Map",
    html`<p>Matching: ${withCode(matching)}.</p>
      ${table(
        "What is mapped to what",
        titles.map((title) => ({ title })),
        mapping.map((row) => mappingRow(row, hasSources)),
        { stacks: true },
      )}
      ${roles.map(
        ({ attribute, groups }) =>
          html`<p><code>${attribute}</code> is made from the groups ${groups.join(", ")}: send these.</p>`,
      )}
      ${
        mapping.some(({ send }) => send.some((path) => path.startsWith("urn:")))
          ? html`<p class="quiet">${shortPathNote}</p>`
          : nothing
      }`,
  );
}

function mappingRow({ attribute, send, source, orElse, required, why }: MappingRow, hasSources: boolean): Row {
  const notes = [
    ...(required === undefined ? [] : [chip("info", `without it: ${required}`)]),
    ...(why === undefined ? [] : [withCode(why)]),
    ...(orElse.length === 0 ? [] : [html`${joined(orElse.map(pathCode), " or ")} will do as well`]),
  ];
  return {
    cells: [
      attribute === undefined ? html`<span class="quiet">none, needed anyway</span>` : html`<code>${attribute}</code>`,
      joined(send.map(pathCode), " + "),
      ...(hasSources ? [source === undefined ? "" : html`<code>${source}</code>`] : []),
      joined(notes, " "),
    ],
  };
}

export function switchSection(plan: ConnectionPlan): Html {
  const { testConnection, switchOn, deprovisioning, groups, assign, rhythm, forgotten } = plan;
  return html`${section(
    "3. Switch on",
    html`<ul>
        ${[testConnection, switchOn, deprovisioning, groups, assign].map((text) => html`<li>${withCode(upperFirst(text))}</li>`)}
      </ul>
      <p class="quiet">Rhythm: ${withCode(rhythm)}.</p>`,
  )}
  ${section(
    "Usually forgotten",
    html`<ul>
      ${forgotten.map((text) => html`<li>${withCode(text)}</li>`)}
    </ul>`,
  )}`;
}
