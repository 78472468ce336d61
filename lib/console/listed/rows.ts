/** The table of a list: who it is, the state, how far it has come. */
import { defined } from "../../provisioning/head.ts";
import type { Listed } from "../../ops/listed/listed.ts";
import { groupType } from "../../scim/resource-type.ts";
import { addressOf } from "../addresses.ts";
import { type Column, idCode, name, table, time } from "../components.ts";
import { html, type Html } from "../html.ts";
import type { View } from "../view.ts";
import { stateChip, syncChip } from "./chips.ts";

export interface ListedTable {
  /** What it lists, for whoever does not see the title. */
  readonly caption: string;
  readonly rows: readonly Listed[];
  /** Which one matters: when they changed, since when they wait, when they left. */
  readonly time: "changed" | "since" | "left";
  /** Where a list has several. */
  readonly showsType?: boolean;
}

const timeTitles = { changed: "Changed", since: "Since", left: "Left" } as const;

export function listedTable(view: View, { caption, rows, time: which, showsType = false }: ListedTable): Html {
  // A value like any other: masked, all of them would look alike.
  const showsDisplayName = view.showsValues && rows.some(({ displayName }) => displayName !== undefined);
  // A group is there or deleted.
  const showsState = rows.some(({ type, state }) => type !== groupType.id || state === "deleted");
  const columns: Column[] = [
    { title: "Name" },
    ...(showsDisplayName ? [{ title: "Display name", isMinor: true }] : []),
    ...(showsType ? [{ title: "Type" }] : []),
    ...(showsState ? [{ title: "State" }] : []),
    { title: "Sync", isMinor: which === "left" },
    { title: timeTitles[which], isMinor: which !== "left" },
    // What a cause takes of the room is worth more.
    ...(which === "since" ? [] : [{ title: "externalId", isMinor: true }]),
    { title: "id", isMinor: true },
  ];
  const cells = (row: Listed) => [
    nameLink(row),
    ...(showsDisplayName ? [orDash(row.displayName)] : []),
    ...(showsType ? [row.type] : []),
    ...(showsState ? [stateChip(row)] : []),
    which === "since" ? syncChip(view, { status: row.status, ...defined({ code: row.code }) }) : syncChip(view, row),
    time(view, { changed: row.lastModified, since: row.since, left: row.leftAt }[which]),
    ...(which === "since" ? [] : [orDash(row.externalId)]),
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

/** To the page about it; of whoever was deleted the name is not kept. */
export function nameLink(row: Pick<Listed, "type" | "id" | "name">): Html {
  const { id, name: called } = row;
  return html`<a href="${addressOf(row)}"
    >${called === undefined ? html`<code>${id.slice(0, 8)}…</code>` : name(called)}</a
  >`;
}

export function orDash(text: string | undefined): Html {
  return text === undefined ? html`<span class="quiet">—</span>` : name(text);
}
