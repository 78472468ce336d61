/** The charts of the benches: what a reader of bench/results sees. */
import { describe, expect, test } from "vitest";
import { chartSvg } from "../../bench/peers/chart.ts";

const lines = [
  {
    name: "flat",
    points: [
      { x: 1_000, y: 5 },
      { x: 50_000, y: 5 },
    ],
  },
  {
    name: "grows <fast>",
    points: [
      { x: 1_000, y: 10 },
      { x: 50_000, y: 500 },
    ],
  },
];
const chart = { title: "group: add 1 & more", xName: "members", yName: "ms", lines };

describe("a chart", () => {
  test("draws cost upwards and size to the right, both by the logarithm", () => {
    const [flat = "", grows = ""] = [...chartSvg(chart).matchAll(/<polyline[^>]* points="([^"]*)"/g)].map(([, p]) => p);
    const places = (text: string) => text.split(" ").map((place) => place.split(",").map(Number));
    const [[left = 0, low = 0] = [], [right = 0, high = 0] = []] = places(grows);
    expect(right).toBeGreaterThan(left);
    expect(high).toBeLessThan(low);
    const [[, first] = [], [, last] = []] = places(flat);
    expect(first).toBe(last);
  });

  test("names each line where it ends, with its last value, and the names do not overlap", () => {
    const close = [12, 11, 10].map((y) => ({ name: `at ${y}`, points: [{ x: 1_000, y }] }));
    const names = [
      ...chartSvg({ ...chart, lines: close }).matchAll(/class="name c\d" x="[\d.]+" y="([\d.]+)">([^<]*)</g),
    ];
    expect(names.map(([, , name]) => name)).toEqual(["at 12 12", "at 11 11", "at 10 10"]);
    const tops = names.map(([, y]) => Number(y));
    expect(Math.min(...tops.slice(1).map((top, n) => top - (tops[n] ?? 0)))).toBeGreaterThanOrEqual(14);
  });

  test("is readable on a dark page, too", () => {
    expect(chartSvg(chart)).toMatch(/@media \(prefers-color-scheme:dark\)/);
  });

  test("holds what it is given as text", () => {
    const svg = chartSvg(chart);
    expect(svg).toContain("group: add 1 &amp; more");
    expect(svg).toContain("grows &lt;fast>");
  });

  test.each([0, -1, Number.NaN])("refuses %d, which a logarithmic axis does not have", (y) => {
    expect(() => chartSvg({ ...chart, lines: [{ name: "wrong", points: [{ x: 1, y }] }] })).toThrow(RangeError);
  });

  test("refuses to be empty", () => {
    expect(() => chartSvg({ ...chart, lines: [] })).toThrow("a chart needs a point");
  });
});
