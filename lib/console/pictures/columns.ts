/** Counts over time: a column for each step, its parts one on top of the other. */
import { html, type Html, nothing } from "../html.ts";
import { type Fill, type Label, namesWidth, percent, picture, rounded } from "./picture.ts";
import { roundTop, shortNumber, ticksTo } from "./scale.ts";

export interface Column {
  /** On hover: `14:00–15:00: 320 accepted`. */
  readonly title: string;
  /** One for each part, the lowest first. */
  readonly values: readonly number[];
  /** Under it, on the axis. */
  readonly tick?: string;
}

const height = 190;
const above = 8;
const below = 22;
/** Of what is between two columns. */
const gap = 0.24;

/** `fills`: one for each part. Nothing where there is no column. */
export function columnsPicture(label: Label, fills: readonly Fill[], columns: readonly Column[]): Html {
  if (columns.length === 0) return nothing;
  const most = Math.max(...columns.map(({ values }) => sumOf(values)));
  const top = roundTop(most);
  const yOf = (count: number): number => rounded(above + (height - above - below) * (1 - count / top));
  return picture(
    label,
    { height, isNamed: true },
    html`${ticksTo(top).map((tick) => gridLine(tick, yOf(tick), most > 0 || tick === 0))}
    ${columns.map((column, n) => columnOf(column, { n, count: columns.length, fills, yOf }))}`,
  );
}

/** Without a number where all is zero: there is no scale then. */
function gridLine(tick: number, y: number, isNamed: boolean): Html {
  return html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}" />
    ${isNamed ? html`<text x="${-namesWidth}" y="${y + 4}">${shortNumber(tick)}</text>` : nothing}`;
}

interface Place {
  readonly n: number;
  readonly count: number;
  readonly fills: readonly Fill[];
  readonly yOf: (count: number) => number;
}

function columnOf({ title, values, tick }: Column, { n, count, fills, yOf }: Place): Html {
  const [x, width] = [percent(n + gap / 2, count), percent(1 - gap, count)];
  let done = 0;
  const parts = values.map((value, part) => {
    const from = done;
    done += value;
    if (value <= 0) return nothing;
    // However few they are beside the others, they are seen.
    const tall = Math.max(1.5, yOf(from) - yOf(done));
    return html`<rect
      class="fill-${fills[part] ?? "quiet"}"
      x="${x}"
      width="${width}"
      y="${rounded(yOf(from) - tall)}"
      height="${rounded(tall)}"
    />`;
  });
  return html`<g>
    <title>${title}</title>
    <rect class="touch" x="${percent(n, count)}" width="${percent(1, count)}" y="0" height="${height - below}" />
    ${parts}
    ${
      tick === undefined
        ? nothing
        : html`<text x="${percent(n + 0.5, count)}" y="${height - 6}" text-anchor="middle">${tick}</text>`
    }
  </g>`;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
