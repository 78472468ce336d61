/** What another tenant file would change, as it was found for the resources of one or several types. */
import { commandFor } from "../../ops/command.ts";
import type { AttributeDifference } from "../../ops/mapping/differences.ts";
import type { Failing } from "../../ops/mapping/failing.ts";
import type { Person } from "../../ops/mapping/person.ts";
import type { Preview } from "../../ops/mapping/preview.ts";
import type { SharedLookup } from "../../ops/mapping/shared-lookups.ts";
import { nounOf } from "../../ops/noun-of.ts";
import type { Operations } from "../../ops/operations.ts";
import { counted, whole } from "../../ops/words.ts";
import { addressOf } from "../addresses.ts";
import { command, facts, name, notice, section, table } from "../components.ts";
import { html, type Html, joined, nothing } from "../html.ts";
import type { Summary } from "../jobs.ts";
import { shownValue, type View } from "../view.ts";

/** So many of each kind are named. */
export const examplesMost = 50;

export function previewSummary(o: Operations, file: string, all: readonly Preview[]): Summary {
  return (view) => html`${joined(all.map((one) => onePart(view, one)))} ${nextPart(o, file, all)}`;
}

function onePart(view: View, found: Preview): Html {
  const { type, seen, stopped, pending, attributes, failures, mended, shared } = found;
  const content = html`${stopped ? notice("warn", "Stopped before the end: this is the part that was seen.") : nothing}
  ${countFacts(found)}
  ${
    pending > 0 && attributes.length > 0
      ? html`<p class="quiet">
          ${counted(pending, "change")} not yet applied: a part of the differences comes from there.
        </p>`
      : nothing
  }
  ${failures.length === 0 ? nothing : failuresPart(type, failures)}
  ${attributes.length === 0 ? nothing : differencesPart(view, type, attributes)}
  ${
    mended.count === 0
      ? nothing
      : html`<h3>Parked today, and mended by it</h3>
          <p>A replay applies ${mended.count === 1 ? "this one" : "them"}:</p>
          ${among(type, mended.examples, mended.count)}`
  }
  ${shared.length === 0 ? nothing : sharedPart(view, type, shared)}`;
  return section(`${counted(seen, nounOf(type))} compared`, content);
}

function countFacts({ unchanged, changed, foundOtherwise, appears, failed, restamped }: Preview): Html {
  const all: readonly (readonly [string, number])[] = [
    ["Stay as they are", unchanged],
    ["Would change", changed],
    ["Would fail", failed],
    ["Would be found by other values", foundOtherwise],
    ["Would get their first entry", appears],
    ["Same profile, made by another mapping", restamped],
  ];
  return facts(
    all
      .filter(([, count], n) => n < 3 || count > 0)
      .map(([title, count]) => [title, html`<b class="figure">${whole(count)}</b>`]),
  );
}

function failuresPart(type: string, failures: readonly Failing[]): Html {
  return html`<h3>Would fail</h3>
    ${failures.map(({ reason, count, already, examples }) => {
      const today =
        already === 0
          ? "None of them fails today."
          : `${already === count ? "All" : whole(already)} of them ${already === 1 ? "fails" : "fail"} today, too.`;
      return html`${notice("bad", html`<b>${whole(count)}</b>: ${reason} ${today}`)} ${among(type, examples, count)}`;
    })}`;
}

function differencesPart(view: View, type: string, attributes: readonly AttributeDifference[]): Html {
  return html`<h3>Attributes that would differ</h3>
    ${table(
      "Attributes that would differ",
      [
        { title: "Attribute" },
        { title: "Get one", isNumber: true },
        { title: "Lose it", isNumber: true },
        { title: "Differ", isNumber: true },
      ],
      attributes.map(({ attribute, gets, loses, differs }) => ({
        cells: [html`<code>${attribute}</code>`, whole(gets), whole(loses), whole(differs)],
      })),
    )}
    ${attributes.map(
      ({ attribute, gets, loses, differs, examples }) =>
        html`<details>
          <summary><code>${attribute}</code>: ${examplesTitle(type, examples.length, gets + loses + differs)}</summary>
          ${table(
            `Who would have another ${attribute}`,
            [{ title: "Who" }, { title: "Now" }, { title: "Then" }],
            examples.map((one) => ({
              href: addressOf({ type, id: one.id }),
              cells: [personLink(type, one), shownValue(view, one.before), shownValue(view, one.after)],
            })),
          )}
        </details>`,
    )}`;
}

function examplesTitle(type: string, shown: number, all: number): string {
  return shown < all ? `the first ${whole(shown)} of ${whole(all)}` : counted(all, nounOf(type));
}

function sharedPart(view: View, type: string, shared: readonly SharedLookup[]): Html {
  return html`<h3>Values by which several active ones would be found</h3>
    <ul class="lines">
      ${shared.map(({ attribute, values, count, valuesNow, examples: [example] }) => {
        const today = valuesNow === 0 ? "none today" : `${whole(valuesNow)} today`;
        const such =
          example === undefined
            ? nothing
            : html`, such as ${shownValue(view, example.value)} of
              ${joined(
                example.first.map((one) => personLink(type, one)),
                ", ",
              )}`;
        return html`<li>
          <code>${attribute}</code>: ${counted(values, "value")} of ${whole(count)} (${today})${such}
        </li>`;
      })}
    </ul>`;
}

/** Who it is: as many as were kept as examples. */
function among(type: string, examples: readonly Person[], all: number): Html {
  const more = all - examples.length;
  return html`<ul class="names">
    ${examples.map((one) => html`<li>${personLink(type, one)}</li>`)}
    ${more > 0 ? html`<li>and ${counted(more, "other")}</li>` : nothing}
  </ul>`;
}

function personLink(type: string, { id, name: called }: Person): Html {
  return html`<a href="${addressOf({ type, id })}">${name(called ?? id)}</a>`;
}

/** What remains to be done depends on who is there, too: the file may be the one that is in force already. */
function nextPart(o: Operations, file: string, all: readonly Preview[]): Html {
  const tenant = o.tenant.name;
  const isNew = all.some(({ mappingHash: { present, draft } }) => present !== draft);
  const isMended = all.some(({ mended }) => mended.count > 0);
  const isToMake = all.some(({ changed, foundOtherwise, restamped }) => changed + foundOtherwise + restamped > 0);
  if (!isNew && !isMended && !isToMake)
    return notice(
      "good",
      "The mapping makes the same profiles as the one that is there: nothing would have to be applied again.",
    );
  const deploy = o.deployment === undefined ? "npm start" : `npm run deploy -- ${tenant}`;
  return section(
    "To bring it about",
    html`<ol class="lines">
      ${isNew ? html`<li>Put the mapping of <code>${file}</code> into <code>tenants/${tenant}.json</code>.</li>` : nothing}
      <li>${command(deploy, o.deployment === undefined ? "Stop Rollcall, and start it again" : "Deploy it")}</li>
      ${
        isNew || isToMake
          ? html`<li>${command(commandFor(o, "resync --mapping-changed"), "Apply what was received once more")}</li>`
          : nothing
      }
      ${isMended ? html`<li>${command(commandFor(o, "dlq replay"), "Replay who was parked")}</li>` : nothing}
    </ol>`,
  );
}
