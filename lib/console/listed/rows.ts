/** The table of a list: who it is, the state, how far it has come. */
import type { Listed } from "../../ops/listed/listed.ts";
import { addressOf } from "../addresses.ts";
import { type Column, idCode, name, table, time } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";
import type { View } from "../view.ts";
import { stateChip, syncChip } from "./chips.ts";

export interface ListedTable {
  /** What it lists, for whoever does not see the title. */
  readonly caption: string;
  readonly rows: readonly Listed[];
  /** `left`: when they left, in place of when they changed. */
  readonly time: "changed" | "left";
  /** Where a list has several. */
  readonly showsType?: boolean;
}

export function listedTable(view: View, { caption, rows, time: which, showsType = false }: ListedTable): Html {
  const columns: Column[] = [
    { title: "Name" },
    ...(showsType ? [{ title: "Type" }] : []),
    { title: "State" },
    { title: "Sync" },
    { title: which === "left" ? "Left" : "Changed" },
    { title: "externalId", isMinor: true },
    { title: "id", isMinor: true },
  ];
  const cells = (row: Listed) => [
    nameCell(row),
    ...(showsType ? [row.type] : []),
    stateChip(row),
    syncChip(view, row),
    time(view, which === "left" ? row.leftAt : row.lastModified),
    row.externalId === undefined
      ? html`<span class="quiet">—</span>`
      : html`<bdi class="id-text" title="${row.externalId}">${row.externalId}</bdi>`,
    idCode(row.id),
  ];
  return html`<div class="listed">
    ${table(
      caption,
      columns,
      rows.map((row) => ({ href: addressOf(row), cells: cells(row) })),
    )}
  </div>`;
}

/** The link goes to the page about it; of whoever was deleted the name is not kept. */
export function nameCell(row: Pick<Listed, "type" | "id" | "name" | "displayName">): Html {
  const { id, name: called, displayName } = row;
  return html`<a href="${addressOf(row)}"
      >${called === undefined ? html`<code>${id.slice(0, 8)}…</code>` : name(called)}</a
    >
    ${displayName === undefined ? nothing : html`<span class="quiet second">${name(displayName)}</span>`}`;
}
