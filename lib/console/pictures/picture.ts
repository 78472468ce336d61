/**
 * Pictures: SVG made here, of numbers. Places along the width are shares of it and heights are pixels, so a picture fits any
 * width and its text stays as large as the text around it. Colours are classes of console.css.
 */
import { type Content, html, type Html } from "../html.ts";

/** What a picture shows, for whoever does not see it. The numbers stand in a table beside it. */
export interface Label {
  /** Of this picture alone on its page. */
  readonly id: string;
  readonly title: string;
  /** What it says, in a sentence. */
  readonly says: string;
}

export type Fill = "good" | "warn" | "bad" | "info" | "quiet";

/** What the names beside an axis take of the width: their `x` is below zero (console.css, `.chart.named`). Units: pixels. */
export const namesWidth = 58;

/** `isNamed`: there are names beside it. */
export function picture(
  { id, title, says }: Label,
  { height, isNamed = false }: { readonly height: number; readonly isNamed?: boolean },
  content: Content,
): Html {
  return html`<svg
    class="${isNamed ? "chart named" : "chart"}"
    role="img"
    width="100%"
    height="${height}"
    aria-labelledby="${id}-title"
    aria-describedby="${id}-says"
  >
    <title id="${id}-title">${title}</title>
    <desc id="${id}-says">${says}</desc>
    ${content}
  </svg>`;
}

/** `12.34%`; `part` of `whole`, within 0 and 100. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return "0%";
  return `${Math.round(Math.min(1, Math.max(0, part / whole)) * 10_000) / 100}%`;
}

/** Two digits are enough for half a pixel. */
export function rounded(number: number): number {
  return Math.round(number * 100) / 100;
}
