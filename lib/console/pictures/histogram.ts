/** How many took how long: a bar for each span, its count above it, the edges between them below. */
import { html, type Html, nothing } from "../html.ts";
import { type Fill, type Label, percent, picture, rounded } from "./picture.ts";
import { shortNumber } from "./scale.ts";

export interface Bar {
  /** On hover: `up to 5 min: 12`. */
  readonly title: string;
  readonly count: number;
  readonly fill: Fill;
  /** Where it ends; the last one has no end. */
  readonly edge?: string;
}

export interface Limit {
  /** It stands behind so many bars. */
  readonly after: number;
  /** `limit 5 min` */
  readonly name: string;
}

const height = 150;
const above = 34;
const below = 22;
const nameY = 12;

/** Nothing where there is no bar. */
export function histogram(label: Label, bars: readonly Bar[], limit?: Limit): Html {
  if (bars.length === 0) return nothing;
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const bottom = height - below;
  return picture(
    label,
    { height },
    html`${bars.map((bar, n) => barOf(bar, { n, count: bars.length, most, bottom }))}
      <line class="axis" x1="0" x2="100%" y1="${bottom}" y2="${bottom}" />
      ${limit === undefined ? nothing : limitOf(limit, bars.length, bottom)}`,
  );
}

interface Place {
  readonly n: number;
  readonly count: number;
  readonly most: number;
  readonly bottom: number;
}

function barOf({ title, count, fill, edge }: Bar, { n, count: all, most, bottom }: Place): Html {
  const tall = count === 0 ? 0 : Math.max(2, rounded((bottom - above) * (count / most)));
  return html`<g>
    <title>${title}</title>
    <rect class="touch" x="${percent(n, all)}" width="${percent(1, all)}" y="${nameY}" height="${bottom - nameY}" />
    ${
      count === 0
        ? nothing
        : html`<rect
              class="fill-${fill}"
              x="${percent(n + 0.08, all)}"
              width="${percent(0.84, all)}"
              y="${bottom - tall}"
              height="${tall}"
            />
            <text class="count" x="${percent(n + 0.5, all)}" y="${bottom - tall - 5}" text-anchor="middle">
              ${shortNumber(count)}
            </text>`
    }
    ${
      edge === undefined
        ? nothing
        : html`<line
              class="axis"
              x1="${percent(n + 1, all)}"
              x2="${percent(n + 1, all)}"
              y1="${bottom}"
              y2="${bottom + 4}"
            />
            <text x="${percent(n + 1, all)}" y="${height - 4}" text-anchor="middle">${edge}</text>`
    }
  </g>`;
}

/** Its name stands to the side where there is more room. */
function limitOf({ after, name }: Limit, count: number, bottom: number): Html {
  const x = percent(after, count);
  const isLeft = after * 2 > count;
  return html`<line class="limit" x1="${x}" x2="${x}" y1="2" y2="${bottom}" />
    <text class="limit-name" x="${x}" y="${nameY}" dx="${isLeft ? -5 : 5}" text-anchor="${isLeft ? "end" : "start"}">
      ${name}
    </text>`;
}
