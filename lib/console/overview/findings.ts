/** What the doctor found: what, since when, what to do, and where in the console. */
import type { Check, CheckState } from "../../ops/doctor/check.ts";
import { upperFirst } from "../../ops/words.ts";
import { chip, command, section, table, time, type Tone, withCode } from "../components.ts";
import { html, type Html, nothing } from "../html.ts";
import { places } from "../layout.ts";
import type { View } from "../view.ts";

const marks: Readonly<Record<CheckState, { readonly tone: Tone; readonly word: string }>> = {
  failure: { tone: "bad", word: "Failed" },
  warning: { tone: "warn", word: "Warning" },
  unknown: { tone: "info", word: "Not known" },
  ok: { tone: "good", word: "Well" },
  skipped: { tone: "quiet", word: "Not asked" },
};

/** Where it is mended, or seen at more length: within one of the places. */
const hrefs: Readonly<Partial<Record<string, string>>> = {
  contact: "/connect",
  "let in": "/settings#tokens",
  addresses: "/settings#tokens",
  tokens: "/settings#tokens",
  "tenant file": "/settings#policies",
  refusals: "/activity?kind=refused",
  faults: "/activity?kind=fault",
  leavers: "/failed",
  brake: "/failed/brake",
  pending: "/activity?status=pending",
  parked: "/failed",
  mapping: "/mapping",
};

/** Nothing where all is well. What failed is unfolded. */
export function findingsOf(view: View, checks: readonly Check[]): Html {
  const found = checks.filter(({ state }) => state === "failure" || state === "warning" || state === "unknown");
  if (found.length === 0) return nothing;
  return section(
    "What to look at",
    html`<ul class="findings">
      ${found.map((check, n) => html`<li>${findingOf(view, check, idOf(found, n))}</li>`)}
    </ul>`,
  );
}

/** The same while others come and go before it: what was unfolded stays so. There may be several of one name. */
function idOf(found: readonly Check[], n: number): string {
  const name = found[n]?.name ?? "";
  const before = found.slice(0, n).filter((other) => other.name === name).length;
  return `finding-${name.replaceAll(/\W+/g, "-")}${before === 0 ? "" : `-${before + 1}`}`;
}

function findingOf(view: View, check: Check, id: string): Html {
  const { name, state, summary, since } = check;
  const { tone, word } = marks[state];
  return html`<details id="${id}" ${state === "failure" ? html`open` : nothing}>
    <summary>
      ${chip(tone, word)}
      <h3>${upperFirst(name)}</h3>
      ${since === undefined ? nothing : html`<span class="quiet">since ${time(view, since)}</span>`}
      <p>${withCode(summary)}</p>
    </summary>
    ${whatToDo(check)}
  </details>`;
}

function whatToDo({ name, details = [], action, command: words }: Check): Html {
  const href = hrefs[name];
  const place = places.find((one) => one.href !== "/" && href?.startsWith(one.href) === true)?.title;
  return html`<div class="stack">
    ${
      details.length === 0
        ? nothing
        : html`<ul class="details">
            ${details.map((detail) => html`<li>${withCode(detail)}</li>`)}
          </ul>`
    }
    ${action === undefined ? nothing : html`<p><strong>What to do:</strong> ${withCode(action)}</p>`}
    <div class="line">
      ${href === undefined ? nothing : html`<a class="button plain" href="${href}">Open ${place}</a>`}
      ${words === undefined ? nothing : command(words, "On the command line")}
    </div>
  </div>`;
}

/** `19 checks: 9 well, 5 to look at, 5 do not apply here` */
export function checksText(checks: readonly Check[]): string {
  const count = (...states: readonly CheckState[]): number =>
    checks.filter(({ state }) => states.includes(state)).length;
  const parts = [
    [count("ok"), "well"],
    [count("failure", "warning", "unknown"), "to look at"],
    [count("skipped"), "do not apply here"],
  ] as const;
  return `${checks.length} checks: ${parts.flatMap(([n, words]) => (n === 0 ? [] : `${n} ${words}`)).join(", ")}`;
}

export function checksTable(checks: readonly Check[]): Html {
  const rows = checks.map(({ name, state, summary }) => {
    const { tone, word } = marks[state];
    return { cells: [chip(tone, word), upperFirst(name), withCode(summary)] };
  });
  return table("All that is checked", [{ title: "State" }, { title: "What" }, { title: "Found" }], rows);
}
