/** The table of the activity: when, what, who, what of it, how far it has come, by whom. */
import { type ActivityKind, type ActivityRow, type ChangeRow, isRefusal } from "../../ops/activity/row.ts";
import { membersText } from "../../ops/activity/words.ts";
import { maskedText } from "../../ops/mask.ts";
import { withoutValues } from "../../ops/plain-text.ts";
import { counted } from "../../ops/words.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import { addressOf, hrefOf } from "../addresses.ts";
import { chip, type Column, idCode, name, table, time, type Tone } from "../components.ts";
import { type Content, html, type Html, joined, nothing } from "../html.ts";
import { syncChip } from "../listed/chips.ts";
import type { View } from "../view.ts";

const tones: Readonly<Record<ActivityKind, Tone>> = {
  created: "good",
  activated: "good",
  changed: "quiet",
  replaced: "quiet",
  members: "quiet",
  deactivated: "warn",
  deleted: "warn",
  refused: "bad",
  fault: "bad",
};

const columns: readonly Column[] = [
  { title: "When" },
  { title: "What" },
  { title: "Who" },
  { title: "Detail" },
  { title: "Status" },
  { title: "By", isMinor: true },
  { title: "Request", isMinor: true },
];

export function activityTable(view: View, tenant: Tenant, rows: readonly ActivityRow[]): Html {
  const told = view.showsValues ? (text: string) => text : withoutValues(tenant, maskedUnlessId);
  return html`<div class="activity">
    ${table(
      "Activity, newest first",
      columns,
      rows.map((row) => {
        const href = addressAbout(row);
        const cells = [
          time(view, row.at),
          chip(tones[row.kind], row.kind),
          whoCell(row, href),
          ofItCell(row, told),
          isRefusal(row)
            ? chip("bad", String(row.status))
            : html`<span id="${statusId(row)}">${syncChip(view, { status: row.status })}</span>`,
          byCell(row),
          idCode(row.requestId, "the id of the request"),
        ];
        return href === undefined ? { cells } : { cells, href };
      }),
    )}
  </div>`;
}

/** Ids are shown everywhere. */
function maskedUnlessId(value: string): string {
  return /^[0-9a-f-]{36}$/.test(value) ? value : maskedText(value);
}

/** The element whose content is the status. */
export function statusId({ id, version }: Pick<ChangeRow, "id" | "version">): string {
  return `status-${id}-${version}`;
}

/** Whoever was refused may not be there: then to why. */
function addressAbout({ type, id, name: called }: ActivityRow): string | undefined {
  if (id !== undefined) return addressOf({ type, id });
  return called === undefined ? undefined : hrefOf("/why", { who: called });
}

function whoCell({ type, id, name: called }: ActivityRow, href: string | undefined): Html {
  const shown =
    called === undefined ? (id === undefined ? "nobody named" : html`<code>${id.slice(0, 8)}…</code>`) : name(called);
  return html`${href === undefined ? html`<span class="quiet">${shown}</span>` : html`<a href="${href}">${shown}</a>`}
  ${type === "" || type === "User" ? nothing : html`<span class="quiet">${type}</span>`}`;
}

function ofItCell(row: ActivityRow, told: (text: string) => string): Html {
  if (isRefusal(row)) {
    const detail = told(row.detail);
    return html`<code>${row.operation}</code> <span class="detail" title="${detail}">${detail}</span>`;
  }
  const { kind, attributes, members } = row;
  const names = attributes.map(shortName);
  const parts: Content[] = [
    ...(members === undefined ? [] : [`members ${membersText(members)}`]),
    ...(names.length === 0
      ? []
      : [
          kind === "created"
            ? html`<span title="${names.join(", ")}">${counted(names.length, "attribute")}</span>`
            : names.join(", "),
        ]),
  ];
  return parts.length === 0 ? html`<span class="quiet">—</span>` : joined(parts, "; ");
}

/** `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User` as `enterprise:2.0:User`. */
function shortName(attribute: string): string {
  return attribute.replace(/^urn:ietf:params:scim:schemas:(extension:)?/i, "");
}

function byCell({ tokenId, tokenLabel, idp }: ActivityRow): Html {
  if (tokenId === "rollcall") return html`<span class="quiet">Rollcall itself</span>`;
  const label = tokenLabel ?? tokenId;
  if (label === "") return html`<span class="quiet">—</span>`;
  return html`<bdi title="${label}">${label}</bdi
    >${idp === undefined || label.toLowerCase().includes(idp) ? nothing : html` <span class="quiet">${idp}</span>`}`;
}
