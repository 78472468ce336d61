import { describe, expect, test } from "vitest";
import { age, counted, moment, parseBaseUrl, parseDuration, wholeNumber } from "../../lib/cli/words.ts";

describe("words on the command line", () => {
  test.each([
    ["90s", 90_000],
    ["15m", 900_000],
    ["2h", 7_200_000],
    ["3d", 259_200_000],
  ])("%s is %i ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(["", "2", "h", "2 h", "-2h", "2w", "1e3h", "9999999h"])("%j is no duration", (text) => {
    expect(() => parseDuration(text)).toThrow("such as 2h");
  });

  test.each(["", "0", "11", "1.5", "0x1", "one"])("%j is no number from 1 to 10", (text) => {
    expect(() => wholeNumber(1, 10)(text)).toThrow("Expected a whole number from 1 to 10.");
  });

  test.each([
    [0, "0 s"],
    [119_000, "119 s"],
    [120_000, "2 min"],
    [7_200_000, "2 h"],
    [48 * 3_600_000, "2 days"],
    [-5_000, "0 s"],
  ])("%i ms ago reads %s", (ms, text) => {
    expect(age(ms)).toBe(text);
  });

  test("a base URL loses the slash at its end", () => {
    expect(parseBaseUrl("https://x.example/scim/v2/")).toBe("https://x.example/scim/v2");
    expect(() => parseBaseUrl("x.example")).toThrow('"x.example" is no base URL');
  });

  test("times name their zone, numbers their thousands", () => {
    expect(moment(0)).toBe("1970-01-01 00:00:00 UTC");
    expect([counted(1, "change"), counted(2000, "change")]).toEqual(["1 change", "2,000 changes"]);
  });
});
