/**
 * From what was said to what the application has: two lists, with a line from each value to the attribute that is made of it.
 * Narrow, or read aloud, each row says by itself where it comes from and where it goes.
 */
import type { AttributeMap, MappedLine, Said } from "../../ops/person/attribute-map.ts";
import type { Stored } from "../../ops/explain/facts.ts";
import { counted } from "../../ops/words.ts";
import { chip, empty, idCode, notice, section, time, type Tone } from "../components.ts";
import { html, type Html, joined, nothing } from "../html.ts";
import { type FlowLine, flowLines } from "../pictures/flow-lines.ts";
import type { View } from "../view.ts";
import { pathCode, type ShowValue } from "./shown-text.ts";

const stateWords: Readonly<Record<MappedLine["state"], readonly [tone: Tone, word: string]>> = {
  equal: ["good", "equal"],
  different: ["warn", "different"],
  missing: ["warn", "missing"],
  surplus: ["warn", "surplus"],
  unmapped: ["warn", "unmapped"],
  "from groups": ["good", "from groups"],
  kept: ["quiet", "kept"],
};

export function attributePart(view: View, map: AttributeMap, stored: Stored, shown: ShowValue): Html {
  const { said, attributes } = map;
  const isNothing = said.length + attributes.length === 0;
  const content = html`${pendingNotice(stored, attributes)}
  ${isNothing ? nothingPart(stored) : html`${flow(map, shown)} ${wholes(stored, shown)}`} ${notKeptPart(view, map)}`;
  return section("Said, mapped, had", content, { id: "attributes", aside: tallyPart(attributes) });
}

function nothingPart({ head }: Stored): Html {
  if (head.state === "deleted")
    return empty(
      "Nothing is kept of who is deleted",
      html`<p>Neither what was said nor the profile; its id stays for 30 days.</p>`,
    );
  return empty("Nothing was said", html`<p>No attribute that is kept was sent.</p>`);
}

/** While a change is on its way the application has what the one before made. */
function pendingNotice({ head, entry }: Stored, lines: readonly MappedLine[]): Html {
  if (head.applied >= head.version || !lines.some(isOff)) return nothing;
  const has = entry === undefined ? "nothing yet" : `what version ${entry.version} made`;
  return notice("info", `Version ${head.version} is not applied: the application has ${has}.`);
}

function tallyPart(lines: readonly MappedLine[]): Html {
  const states = Map.groupBy(lines.filter(isOff), ({ state }) => state);
  return html`${[...states].map(([state, all]) => chip(stateWords[state][0], `${all.length} ${stateWords[state][1]}`))}`;
}

function isOff({ state }: MappedLine): boolean {
  return state !== "equal" && state !== "from groups" && state !== "kept";
}

function flow({ said, attributes }: AttributeMap, shown: ShowValue): Html {
  const rowOf = new Map(attributes.map(({ attribute }, n) => [attribute, n]));
  const lines = said.flatMap(({ gives }, from) =>
    gives.flatMap((attribute): FlowLine[] => {
      const to = rowOf.get(attribute);
      const line = attributes[to ?? -1];
      return to === undefined || line === undefined ? [] : [{ from, to, tone: toneOf(line) }];
    }),
  );
  return html`<div class="flow">
    <div class="flow-said">
      <h3>Said by the identity provider</h3>
      <ul>
        ${said.map((one) => saidRow(one, shown))}
      </ul>
      ${said.length === 0 ? html`<p class="quiet">nothing</p>` : nothing}
    </div>
    ${flowLines(lines, Math.max(said.length, attributes.length))}
    <div class="flow-has">
      <div class="flow-heads">
        <h3>What the mapping does</h3>
        <h3>What the application has</h3>
      </div>
      <ul>
        ${attributes.map((line) => hasRow(line, shown))}
      </ul>
      ${attributes.length === 0 ? html`<p class="quiet">nothing</p>` : nothing}
    </div>
  </div>`;
}

function toneOf(line: MappedLine): FlowLine["tone"] {
  if (line.problem !== undefined) return "bad";
  return isOff(line) ? "warn" : "line";
}

function goesTo({ gives, isRead, isState }: Said): Html {
  if (gives.length > 0) return html`<span class="flow-goes">→ ${gives.join(", ")}</span>`;
  if (isState === true) return chip("info", "the entry's state");
  return chip("quiet", isRead ? "another was taken" : "mapped to nothing");
}

function saidRow(said: Said, shown: ShowValue): Html {
  const text = shown(said.value);
  return html`<li>
    <div class="flow-name">${pathCode(said.path)} ${goesTo(said)}</div>
    <div class="flow-value" title="${text}"><bdi>${text}</bdi></div>
  </li>`;
}

function hasRow(line: MappedLine, shown: ShowValue): Html {
  const { attribute, actual, expected, state } = line;
  const [tone, word] = stateWords[state];
  const isNone = actual === undefined && expected === undefined;
  const [has, due] = [shown(actual), shown(expected)];
  return html`<li>
    <div class="flow-how">${howPart(line)}</div>
    <div class="flow-attribute">
      <div class="flow-name">
        <strong>${attribute}</strong> ${isNone ? chip("quiet", "no value") : chip(tone, word)}
      </div>
      <div class="flow-value">
        ${isNone || state === "missing" ? nothing : html`<bdi title="${has}">${has}</bdi>`}
        ${state === "different" || state === "missing" ? html`<span class="flow-due" title="${due}">due <bdi>${due}</bdi></span>` : nothing}
      </div>
    </div>
  </li>`;
}

/** The places that were tried, then what was done with the value. */
function howPart({ tried, source, steps = [], fromGroups, problem, state }: MappedLine): Html {
  if (fromGroups === true) return html`<span class="quiet">the table of roles, from the groups' names</span>`;
  if (state === "kept") return html`<span class="quiet">as it was at the deletion</span>`;
  if (state === "unmapped") return html`<span class="quiet">not in this mapping: an earlier one made it</span>`;
  if (tried.length === 0 && source !== "constant") return html`<span class="quiet">as it was said</span>`;
  const [found, missed] = [tried.filter((one) => one.found), tried.filter((one) => !one.found)];
  const first = source === "constant" ? html`constant ✓` : triedPart(found.length > 0 ? found : missed);
  const isFallback = missed.length > 0 && (found.length > 0 || source === "constant");
  return html`<div class="flow-tried">${first}</div>
    <div class="flow-steps">
      ${joined(
        steps.map((step) => chip("quiet", step)),
        " ",
      )}
      ${isFallback ? html`<span class="quiet">after ${triedPart(missed)}</span>` : nothing}
      ${problem === undefined ? nothing : html`<span class="problem" title="${problem}">${problem}</span>`}
    </div>`;
}

function triedPart(tried: MappedLine["tried"]): Html {
  const parts = tried.map(
    ({ path, found }) => html`<span class="${found ? "found" : "quiet"}">${pathCode(path)} ${triedMark(found)}</span>`,
  );
  return joined(parts, " ");
}

function triedMark(found: boolean): Html {
  return found
    ? html`<span aria-hidden="true">✓</span><span class="unseen">has a value</span>`
    : html`<span aria-hidden="true">✗</span><span class="unseen">has none</span>`;
}

function wholes({ head, entry }: Stored, shown: ShowValue): Html {
  const said = head.state === "deleted" ? undefined : head.resource;
  const block = (id: string, title: string, text: string) =>
    html`<details id="${id}">
      <summary>${title}</summary>
      <pre tabindex="0">${text}</pre>
    </details>`;
  return html`<div class="wholes">
    ${said === undefined ? nothing : block("all-said", "All that was said, as JSON", indented(shown(said)))}
    ${entry === undefined ? nothing : block("whole-entry", "The entry that the application reads, as JSON", indented(shown(entry.profile)))}
  </div>`;
}

function indented(json: string): string {
  return JSON.stringify(JSON.parse(json), undefined, 2);
}

function notKeptPart(view: View, { notKept }: AttributeMap): Html {
  if (notKept.length === 0) return nothing;
  return html`<div class="not-kept">
    <h3>Sent, and not kept: ${counted(notKept.length, "path")} that no schema here has</h3>
    <ul class="bare-list">
      ${notKept.map(
        ({ path, at, requestId }) =>
          html`<li>
            ${pathCode(path)}
            <span class="quiet">${time(view, at)}, request</span> ${idCode(requestId, "the request id")}
          </li>`,
      )}
    </ul>
  </div>`;
}
