/** A line chart as SVG text: both axes logarithmic, readable on a light page and on a dark one. */

export interface Line {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Chart {
  readonly title: string;
  readonly xName: string;
  readonly yName: string;
  /** At least one, each with a point; every value above 0. */
  readonly lines: readonly Line[];
}

const [width, height] = [820, 400];
const frame = { left: 72, right: 270, top: 52, bottom: 52 };
const colours = [
  { light: "#0b62c4", dark: "#6cb0ff" },
  { light: "#b3400f", dark: "#ff9a66" },
  { light: "#1d7a45", dark: "#63cf92" },
  { light: "#7a3fb0", dark: "#c79bf2" },
] as const;
const labelGap = 15;

/** Errors: RangeError for a value that a logarithmic axis does not have, or for no point at all. */
export function chartSvg({ title, xName, yName, lines }: Chart): string {
  const points = lines.flatMap((line) => line.points);
  const x = axis(
    points.map((point) => point.x),
    frame.left,
    width - frame.right,
  );
  const y = axis(wholeDecades(points.map((point) => point.y)), height - frame.bottom, frame.top);
  const xTicks = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${style()}</style>`,
    `<rect class="page" width="${width}" height="${height}" rx="6"/>`,
    text("title", frame.left, 26, title),
    ...decades(points.map((point) => point.y)).flatMap((value) => [
      `<line class="grid" x1="${frame.left}" x2="${width - frame.right}" y1="${round(y(value))}" y2="${round(y(value))}"/>`,
      text("tick end", frame.left - 8, y(value) + 4, numeral(value)),
    ]),
    ...xTicks.map((value) => text("tick middle", x(value), height - frame.bottom + 18, numeral(value))),
    text("tick middle", (frame.left + width - frame.right) / 2, height - 12, xName),
    text("tick", frame.left, 44, yName),
    ...lines.flatMap((line, n) => drawn(line, n % colours.length, x, y)),
    ...labels(lines, x, y),
    "</svg>",
    "",
  ].join("\n");
}

type Scale = (value: number) => number;

function axis(values: readonly number[], from: number, to: number): Scale {
  if (values.length === 0) throw new RangeError("a chart needs a point");
  const wrong = values.find((value) => !(value > 0 && Number.isFinite(value)));
  if (wrong !== undefined) throw new RangeError(`a logarithmic axis has no ${wrong}`);
  const [least, most] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  // All in one place: in the middle.
  if (least === most) return () => (from + to) / 2;
  return (value) => from + ((Math.log10(value) - least) / (most - least)) * (to - from);
}

/** The powers of ten from below the least to above the most. */
function decades(values: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: last - first + 1 }, (_, n) => 10 ** (first + n));
}

function wholeDecades(values: readonly number[]): number[] {
  return values.length === 0 || values.some((value) => !(value > 0)) ? [...values] : decades(values);
}

function drawn({ points }: Line, colour: number, x: Scale, y: Scale): string[] {
  const path = points.map((point) => `${round(x(point.x))},${round(y(point.y))}`);
  return [
    `<polyline class="line c${colour}" points="${path.join(" ")}"/>`,
    ...path.map((place) => {
      const [cx, cy] = place.split(",");
      return `<circle class="dot c${colour}" cx="${cx}" cy="${cy}" r="3.5"/>`;
    }),
  ];
}

/** Beside the end of each line, moved apart where two lines end together. */
function labels(lines: readonly Line[], x: Scale, y: Scale): string[] {
  const ends = lines.flatMap(({ name, points }, n) => {
    const last = points.at(-1);
    return last === undefined
      ? []
      : [{ name, colour: n % colours.length, left: x(last.x), top: y(last.y), cost: last.y }];
  });
  ends.sort((a, b) => a.top - b.top);
  let lowest = Number.NEGATIVE_INFINITY;
  return ends.map(({ name, colour, left, top, cost }) => {
    lowest = Math.max(top, lowest + labelGap);
    return text(`name c${colour}`, left + 10, lowest + 4, `${name} ${numeral(cost)}`);
  });
}

function text(classes: string, left: number, top: number, content: string): string {
  return `<text class="${classes}" x="${round(left)}" y="${round(top)}">${escaped(content)}</text>`;
}

function style(): string {
  const tones = (tone: "light" | "dark") =>
    colours
      .map((colour, n) => `.line.c${n}{stroke:${colour[tone]}}.dot.c${n},.name.c${n}{fill:${colour[tone]}}`)
      .join("");
  return (
    "text{font:13px system-ui,sans-serif;fill:#333}.title{font-size:15px;font-weight:600}.end{text-anchor:end}" +
    ".middle{text-anchor:middle}.page{fill:#fff}.grid{stroke:#ddd}.line{fill:none;stroke-width:2}" +
    `${tones("light")}@media (prefers-color-scheme:dark){text{fill:#ccc}.page{fill:#161b22}.grid{stroke:#333b45}${tones("dark")}}`
  );
}

/** `50,000`, `2.4`, `0.01`. */
function numeral(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(2)));
}

const round = (value: number): number => Math.round(value * 10) / 10;

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
