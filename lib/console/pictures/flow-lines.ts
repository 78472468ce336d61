/** Lines from the rows of a list on the left to those of a list on the right. */
import { html, type Html } from "../html.ts";

export interface FlowLine {
  /** Rows, from 0. */
  readonly from: number;
  readonly to: number;
  readonly tone: "line" | "warn" | "bad";
}

/** Pixels; console.css has the same as `--flow-row`. */
const rowHeight = 56;
const width = 72;

/** `rows`: of the longer list. What the lines say stands in the lists as words, too. */
export function flowLines(lines: readonly FlowLine[], rows: number): Html {
  const height = rows * rowHeight;
  return html`<svg
    class="flow-lines"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    aria-hidden="true"
  >
    ${lines.map(({ from, to, tone }) => html`<path class="${tone}" d="${curve(middle(from), middle(to))}" />`)}
  </svg>`;
}

function middle(row: number): number {
  return row * rowHeight + rowHeight / 2;
}

function curve(from: number, to: number): string {
  return `M0 ${from}C${width / 2} ${from} ${width / 2} ${to} ${width} ${to}`;
}
