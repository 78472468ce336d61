/** What happened when, at a glance: a row for each kind, a cell for each step, the darker the more. */
import { html, type Html, nothing } from "../html.ts";
import { type Fill, type Label, namesWidth, percent, picture } from "./picture.ts";

export interface HeatRow {
  /** Before the row. */
  readonly name: string;
  readonly fill: Fill;
  readonly cells: readonly { readonly title: string; readonly count: number }[];
}

const rowHeight = 20;
const cellHeight = 16;
/** From the most down to one: four shades can be told apart. */
const shades = [1, 0.72, 0.48, 0.28];

/** Each row by its own most: a handful of refusals is seen beside thousands of reads. Nothing where there is no cell. */
export function heatStrip(label: Label, rows: readonly HeatRow[]): Html {
  if (rows.every(({ cells }) => cells.length === 0)) return nothing;
  return picture(
    label,
    { height: rows.length * rowHeight, isNamed: true },
    html`${rows.map((row, n) => rowOf(row, n * rowHeight))}`,
  );
}

function rowOf({ name, fill, cells }: HeatRow, y: number): Html {
  const most = Math.max(0, ...cells.map(({ count }) => count));
  return html`<text x="${-namesWidth}" y="${y + 12}">${name}</text> ${cells.map(({ title, count }, n) => {
      const shade = shadeOf(count, most);
      return html`<rect
        class="${shade === undefined ? "cell" : `fill-${fill}`}"
        x="${percent(n + 0.06, cells.length)}"
        width="${percent(0.88, cells.length)}"
        y="${y}"
        height="${cellHeight}"
        rx="2"
        ${shade === undefined || shade === 1 ? nothing : html`fill-opacity="${shade}"`}
      >
        <title>${title}</title>
      </rect>`;
    })}`;
}

/** By the root, as an hour with a tenth of the traffic is no quiet one. Undefined: none. */
function shadeOf(count: number, most: number): number | undefined {
  if (count <= 0) return undefined;
  const share = Math.sqrt(count / most);
  return shades[Math.min(shades.length - 1, Math.floor((1 - share) * shades.length))];
}
