/** A card of the overview: its content is live, and the numbers behind its picture can be unfolded. */
import { section } from "../components.ts";
import { type Content, html, type Html, nothing } from "../html.ts";

export interface Card {
  readonly id: string;
  readonly title: string;
  readonly aside?: Content;
  readonly body: Html;
  /** A table. */
  readonly numbers?: Html;
}

export function cardOf({ id, title, aside, body, numbers }: Card): Html {
  const content = html`<div id="${id}" class="stack">${body}</div>
    ${
      numbers === undefined
        ? nothing
        : // Not in the live part: what was unfolded stays so.
          html`<details>
            <summary>The numbers</summary>
            <div id="${id}-numbers">${numbers}</div>
          </details>`
    }`;
  return section(title, content, aside === undefined ? {} : { aside });
}

export function livePartsOf({ id, body, numbers }: Card): (readonly [id: string, content: Html])[] {
  return [[id, body], ...(numbers === undefined ? [] : [[`${id}-numbers`, numbers] as const])];
}
