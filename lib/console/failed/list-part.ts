/** Failed changes one by one: who, since when, what the worker said. */
import type { FailedChange } from "../../ops/dlq/failed-changes.ts";
import { knownNames } from "../../ops/known-names.ts";
import type { Operations } from "../../ops/operations.ts";
import { userType } from "../../scim/resource-type.ts";
import { addressOf, causeAddress, hrefOf } from "../addresses.ts";
import { idCode, name, type Row, table, time, withCode } from "../components.ts";
import { html, type Html, joined, nothing } from "../html.ts";
import type { View } from "../view.ts";

export const changesOnPage = 50;

/** Those with the same words of the worker stand together, below these words. */
export async function listPart(
  view: View,
  o: Pick<Operations, "table">,
  changes: readonly FailedChange[],
): Promise<Html> {
  const names = await namesOf(o, changes);
  const groups = [...Map.groupBy(changes, ({ cause, message = "" }) => `${cause} ${message}`).values()];
  return joined(
    groups.map((all) => {
      const { cause, message = "" } = all[0] ?? { cause: "" };
      // It names attributes, never values.
      return html`<h3 class="said"><code>${cause}</code> ${withCode(message)}</h3>
        <div class="listed">
          ${table(
            `Changes that failed with ${cause}, oldest first`,
            columns,
            all.map((change) => rowOf(view, change, names)),
          )}
        </div>`;
    }),
  );
}

const columns = [
  { title: "Who" },
  { title: "Id", isMinor: true },
  { title: "Waits since" },
  { title: "Attempts", isNumber: true, isMinor: true },
  { title: "Decide" },
];

function rowOf(view: View, change: FailedChange, names: ReadonlyMap<string, string>): Row {
  const { id = "", type = "", since, head, cause } = change;
  const href = addressOf({ type, id });
  const kind = type === userType.id ? nothing : html` <span class="quiet">${type}</span>`;
  return {
    href,
    cells: [
      html`<a href="${href}">${name(names.get(id) ?? id)}</a>${kind}`,
      idCode(id),
      time(view, since),
      String(head?.failure?.attempts ?? ""),
      html`<a class="unbroken" href="${hrefOf(`${causeAddress(cause)}/drop`, { who: id })}">Give up …</a>`,
    ],
  };
}

export async function namesOf(
  { table }: Pick<Operations, "table">,
  changes: readonly FailedChange[],
): Promise<ReadonlyMap<string, string>> {
  return await knownNames(
    table,
    changes.flatMap(({ head }) => (head === undefined ? [] : [head])),
  );
}
