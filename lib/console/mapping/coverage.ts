/** What the identity provider sends against what the mapping uses, as far as somebody has looked. */
import { ignoredWords } from "../../ops/ignored-words.ts";
import type { Coverage, CoveredPath } from "../../ops/mapping/coverage.ts";
import { shortPath, shortPathNote } from "../../ops/short-path.ts";
import { counted, whole } from "../../ops/words.ts";
import { notice, table, time } from "../components.ts";
import { html, type Html, joined, nothing } from "../html.ts";
import type { Summary } from "../jobs.ts";
import type { View } from "../view.ts";
import { pathCode } from "./rules.ts";

export function coverageSummary(found: Coverage): Summary {
  return (view) => coveragePart(view, found);
}

function coveragePart(view: View, found: Coverage): Html {
  const { seen, logs, stopped, paths, pathsLeftOut } = found;
  const taken = paths.filter(({ received, gives }) => received > 0 || gives.length > 0);
  const notTaken = paths.filter(({ ignored, refused }) => ignored + refused > 0);
  return html`${stopped ? notice("warn", "Stopped before the end: this is the part that was seen.") : nothing}
    <p>${counted(seen, "resource")} read, with the newest ${counted(logs, "change")} of each.</p>
    ${warnings(found)} ${taken.length === 0 ? nothing : takenTable(view, taken)}
    ${
      notTaken.length === 0
        ? nothing
        : html`<h3>Not taken</h3>
            ${notTakenTable(view, notTaken)}`
    }
    ${pathsLeftOut === 0 ? nothing : html`<p>… and ${counted(pathsLeftOut, "more path")}, which are only counted.</p>`}
    ${paths.some(({ path }) => shortPath(path) !== path) ? html`<p class="quiet">${shortPathNote}</p>` : nothing}`;
}

function warnings({ seen, paths, neverSent, neverMapped }: Coverage): Html {
  const unusable = paths.filter((one) => one.unusable > 0);
  if (seen > 0 && unusable.length + neverSent.length + neverMapped.length === 0)
    return notice("good", "All that is mapped is sent, and all that is sent is mapped.");
  const counts = new Map(paths.map((one) => [one.path, one]));
  const named = (path: string) => html`${pathCode(path)}${countText(counts.get(path))}`;
  return html`<ul class="warnings">
    ${
      unusable.length === 0
        ? nothing
        : html`<li>
            ${notice(
              "bad",
              html`<b>Sent, and of no use to the mapping</b> (a table does not have it, or it has not the form that is
                asked for):
                ${joined(
                  unusable.map(({ path, unusable: count }) => html`${pathCode(path)} (${whole(count)})`),
                  ", ",
                )}`,
            )}
          </li>`
    }
    ${neverSent.map(
      ({ attribute, paths: asked, closest }) =>
        html`<li>
          ${notice(
            "warn",
            html`<b>Mapped, but never sent</b>: <code>${attribute}</code>; nobody has
              ${joined(asked.map(pathCode), " or ")}.${closest === undefined ? nothing : html` Sent is ${named(closest)}.`}`,
          )}
        </li>`,
    )}
    ${
      neverMapped.length === 0
        ? nothing
        : html`<li>
            ${notice("warn", html`<b>Sent, but mapped to nothing</b>: ${joined(neverMapped.map(named), ", ")}`)}
          </li>`
    }
  </ul>`;
}

function countText(found: CoveredPath | undefined): string {
  if (found === undefined) return "";
  const { received, ignored, refused } = found;
  const parts = [
    ...(received > 0 ? [whole(received)] : []),
    ...(ignored > 0 ? [`${whole(ignored)} ignored`] : []),
    ...(refused > 0 ? [`${whole(refused)} refused`] : []),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function takenTable(view: View, paths: readonly CoveredPath[]): Html {
  return table(
    "What is sent, and what becomes of it",
    [
      { title: "Attribute path" },
      { title: "Received", isNumber: true },
      { title: "Mapped", isNumber: true },
      { title: "Gives" },
      { title: "Last seen", isMinor: true },
      { title: "Sample", isMinor: true },
    ],
    paths.map(({ path, received, mapped, gives, lastSeen, sample }) => ({
      cells: [
        pathCode(path),
        whole(received),
        whole(mapped),
        gives.length === 0
          ? html`<span class="quiet">nothing</span>`
          : joined(
              gives.map((one) => html`<code>${one}</code>`),
              ", ",
            ),
        lastSeen === undefined ? (received === 0 ? "never" : "earlier") : time(view, lastSeen),
        sample === undefined ? "" : typeof sample === "string" ? sample : JSON.stringify(sample),
      ],
    })),
  );
}

function notTakenTable(view: View, paths: readonly CoveredPath[]): Html {
  return table(
    "What is sent and not taken",
    [
      { title: "Attribute path" },
      { title: "Ignored", isNumber: true },
      { title: "Refused", isNumber: true },
      { title: "Why" },
      { title: "Last seen", isMinor: true },
    ],
    paths.map(({ path, ignored, refused, reasons, lastSeen }) => ({
      cells: [
        pathCode(path),
        whole(ignored),
        whole(refused),
        reasons.map((reason) => ignoredWords[reason]).join(", "),
        lastSeen === undefined ? "" : time(view, lastSeen),
      ],
    })),
  );
}
