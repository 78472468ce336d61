/** Pictures are made of numbers: whatever the numbers are, there is something to read, and nothing that is no number. */
import { describe, expect, test } from "vitest";
import type { Html } from "../../lib/console/html.ts";
import { beatsPicture } from "../../lib/console/pictures/beats.ts";
import { columnsPicture } from "../../lib/console/pictures/columns.ts";
import { heatStrip } from "../../lib/console/pictures/heat-strip.ts";
import { histogram } from "../../lib/console/pictures/histogram.ts";
import { percent } from "../../lib/console/pictures/picture.ts";
import { roundTop, shortNumber, ticksTo } from "../../lib/console/pictures/scale.ts";
import { shareBar } from "../../lib/console/pictures/share-bar.ts";

const label = { id: "x", title: "What came", says: "Much." };
const textOf = async (picture: Html): Promise<string> => String(await picture);
const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => text.trim());

const columns = (...values: number[][]) =>
  columnsPicture(
    label,
    ["info", "bad"],
    values.map((each, n) => ({ title: `step ${n}`, values: each, ...(n === 0 ? { tick: "00:00" } : {}) })),
  );
const strip = (...counts: number[]) =>
  heatStrip(label, [
    { name: "Reads", fill: "info", cells: counts.map((count) => ({ title: `${count} reads`, count })) },
  ]);
const bars = (...counts: number[]) =>
  histogram(
    label,
    counts.map((count, n) => ({ title: `bar ${n}`, count, fill: "good", edge: `${n} s` })),
    { after: 1, name: "limit 1 s" },
  );
const beats = (...at: number[]) =>
  beatsPicture(label, { at: at.map((one) => ({ at: one, title: "called" })), now: 100, from: "then", to: "now" });

describe.each([
  ["columns", async (...counts: number[]) => await textOf(columns(...counts.map((count) => [count, 0])))],
  ["a heat strip", async (...counts: number[]) => await textOf(strip(...counts))],
  ["a histogram", async (...counts: number[]) => await textOf(bars(...counts))],
  ["beats", async (...counts: number[]) => await textOf(beats(...counts))],
])("%s", (_, draw) => {
  test("of nothing are nothing: no empty axes", async () => {
    expect((await draw()).trim()).toBe("");
  });

  test.each([[[1]], [[0, 0, 0]], [[1, 0, 2e9]], [Array.from({ length: 168 }, (__, n) => n)]])(
    "of %j: an image with a name and a sentence, all places within it",
    async (counts) => {
      const svg = await draw(...counts);
      expect(svg).toMatch(/<svg[^>]* role="img"/);
      expect(svg).toContain('aria-labelledby="x-title"');
      expect(svg).toContain('<title id="x-title">What came</title>');
      expect(svg).toContain('<desc id="x-says">Much.</desc>');
      expect(svg).not.toMatch(/NaN|Infinity|undefined|style=/);
      const shares = [...svg.matchAll(/ (?:x|cx|x1|x2|width)="(-?[\d.]+)%"/g)].map(([, share]) => Number(share));
      expect(shares.filter((share) => share < 0 || share > 100)).toEqual([]);
      const sizes = [...svg.matchAll(/ (?:width|height)="(-?[\d.]+)"/g)].map(([, size]) => Number(size));
      expect(sizes.filter((size) => size < 0)).toEqual([]);
    },
  );
});

describe("columns", () => {
  test("have an axis of round numbers, and the times below", async () => {
    expect(textsOf(await textOf(columns([180, 40], [3, 0])))).toEqual(["300", "150", "0", "00:00"]);
    expect(textsOf(await textOf(columns([1_234_567, 0])))).toEqual(["2M", "1M", "0", "00:00"]);
  });

  test("of zeroes have no scale, only the ground line", async () => {
    expect(textsOf(await textOf(columns([0, 0])))).toEqual(["0", "00:00"]);
  });

  test("one that is parked is seen on top of a thousand that are applied, with the words on hover", async () => {
    const svg = await textOf(columns([1_000, 1]));
    const [, height = "0"] = /class="fill-bad"[^>]*height="([\d.]+)"/s.exec(svg) ?? [];
    expect(Number(height)).toBeGreaterThanOrEqual(1.5);
    expect(svg).toContain("<title>step 0</title>");
  });
});

describe("a heat strip", () => {
  test("is the darker the more, and zero has no colour of its own", async () => {
    const svg = await textOf(strip(0, 1, 1_000));
    const cells = [...svg.matchAll(/<rect[^>]*>/g)].map(([cell]) => cell);
    expect(cells.map((cell) => /class="([^"]+)"/.exec(cell)?.[1])).toEqual(["cell", "fill-info", "fill-info"]);
    expect(cells.map((cell) => /fill-opacity="([^"]+)"/.exec(cell)?.[1])).toEqual([undefined, "0.28", undefined]);
  });
});

describe("a histogram", () => {
  test("has the count above each bar, the edges below, and the limit by its name", async () => {
    expect(textsOf(await textOf(bars(12, 0, 3_400)))).toEqual(["12", "0 s", "1 s", "3.4k", "2 s", "limit 1 s"]);
  });

  test("the name of the limit stands where there is room", async () => {
    const at = async (after: number) =>
      /text-anchor="(\w+)"[^>]*>\s*limit/.exec(
        await textOf(
          histogram(
            label,
            Array.from({ length: 6 }, () => ({ title: "", count: 1, fill: "good" as const })),
            {
              after,
              name: "limit",
            },
          ),
        ),
      )?.[1];
    expect([await at(1), await at(5)]).toEqual(["start", "end"]);
  });
});

describe("what a number looks like", () => {
  test.each([
    [0, 1],
    [1, 1],
    [7, 8],
    [11, 20],
    [235, 300],
    [999, 1_000],
    [1_000_001, 2_000_000],
  ])("an axis for up to %d ends at %d", (most, top) => {
    expect(roundTop(most)).toBe(top);
  });

  test("half of it is named where it is whole", () => {
    expect([ticksTo(300), ticksTo(5)]).toEqual([
      [300, 150, 0],
      [5, 0],
    ]);
  });

  test.each([
    [0, "0"],
    [999, "999"],
    [1_500, "1.5k"],
    [20_000, "20k"],
    [999_499, "999k"],
    [999_500, "1M"],
    [3_000_000, "3M"],
    [2e9, "2G"],
  ])("%d is written %s", (count, text) => {
    expect(shortNumber(count)).toBe(text);
  });

  test("a share is within the picture, whatever it is a share of", () => {
    expect([percent(1, 3), percent(5, 3), percent(-1, 3), percent(1, 0)]).toEqual(["33.33%", "100%", "0%", "0%"]);
  });

  test("one of a hundred thousand is seen in a bar, none is not", async () => {
    expect(await textOf(shareBar(1, 100_000, "bad"))).toContain('width="2%"');
    expect(await textOf(shareBar(0, 100_000, "bad"))).not.toContain("fill-bad");
  });
});
