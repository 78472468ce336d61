/** What the identity provider said, change by change, newest first, and what became of each. */
import { type ChangeAlone, readChangesAlone } from "../../provisioning/change.ts";
import { type Head, isGivenUp, isParked } from "../../provisioning/head.ts";
import { changedNames } from "../../ops/explain/evidence.ts";
import type { Stored } from "../../ops/explain/facts.ts";
import { ignoredWords } from "../../ops/ignored-words.ts";
import type { Operations } from "../../ops/operations.ts";
import { addressOf, hrefOf } from "../addresses.ts";
import { chip, empty, idCode, linkButton, section, table, time } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";
import type { View } from "../view.ts";

const onPage = 25;

export interface ChangePage {
  /** Newest first. */
  readonly changes: readonly ChangeAlone[];
  /** Those of a lower version are on the next page; absent: it was the last. */
  readonly next?: number;
  readonly isFirst: boolean;
}

/** `before`: changes of lower versions than this. What is not at hand is one short range of the log. Errors: TableError. */
export async function changePageOf(
  o: Operations,
  { head, changes }: Stored,
  before: number | undefined,
): Promise<ChangePage> {
  const to = Math.min(head.version, (before ?? Infinity) - 1);
  const from = Math.max(0, to - onPage);
  const isFirst = to === head.version;
  const read = isFirst ? changes.slice(0, onPage) : (await readChangesAlone(o.table, head.id, from, to)).toReversed();
  return { changes: read, isFirst, ...(from > 0 && read.length > 0 ? { next: from + 1 } : {}) };
}

export function changePart(view: View, { changes, next, isFirst }: ChangePage, stored: Stored): Html {
  const columns = [
    { title: "Version", isNumber: true },
    { title: "When" },
    { title: "What" },
    { title: "Outcome" },
    { title: "Request", isMinor: true },
    { title: "Token", isMinor: true },
  ];
  const rows = changes.map((change) => ({
    cells: [
      String(change.version),
      time(view, change.at),
      whatPart(change),
      outcomePart(view, change, stored),
      idCode(change.requestId, "the request id"),
      change.tokenId === "" ? "—" : html`<code>${change.tokenId}</code>`,
    ],
  }));
  const here = addressOf(stored.head);
  const content =
    rows.length === 0
      ? empty("No change is kept", html`<p>What was applied is kept for as long as the tenant file says.</p>`)
      : html`${table("Changes, newest first", columns, rows)}
          <nav class="pager" aria-label="Pages of the changes">
            ${isFirst ? nothing : linkButton(`${here}#changes`, "From the newest")}
            ${next === undefined ? nothing : linkButton(`${hrefOf(here, { before: next })}#changes`, "Older changes")}
          </nav>`;
  return section("Changes", content, { id: "changes" });
}

const kinds: Readonly<Record<ChangeAlone["kind"], string>> = {
  create: "create (POST)",
  replace: "replace (PUT)",
  patch: "change (PATCH)",
  delete: "delete (DELETE)",
  removeMembers: "members removed by Rollcall",
};

function whatPart({ kind, changed = {}, ignored = [] }: ChangeAlone): Html {
  const names = changedNames(changed);
  return html`<div class="change">${kinds[kind]}${names.length === 0 ? nothing : html`: ${names.join(", ")}`}</div>
    ${
      ignored.length === 0
        ? nothing
        : html`<div class="quiet">
            not kept: ${ignored.map(({ path, reason }) => `${path} (${ignoredWords[reason]})`).join(", ")}
          </div>`
    }`;
}

function outcomePart(view: View, { version }: ChangeAlone, { head, entry }: Stored): Html {
  if (version <= head.applied) {
    return entry?.version === version
      ? html`${chip("good", "applied")} ${time(view, entry.appliedAt)}`
      : chip("good", "applied");
  }
  return waitingPart(view, head);
}

function waitingPart(view: View, head: Head): Html {
  const { failure, givenUp } = head;
  if (isParked(head))
    return html`${chip("bad", "parked")} ${failure === undefined ? nothing : html`<code>${failure.code}</code>`}`;
  if (isGivenUp(head))
    return html`${chip("warn", "given up")} ${givenUp === undefined ? nothing : time(view, givenUp.at)}`;
  return chip("info", "pending");
}
