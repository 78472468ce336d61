import { describe, expect, test } from "vitest";
import { masked } from "../../lib/ops/mask.ts";

describe("a masked value", () => {
  test.each([
    ["ada@example.com", "a•••@e•••.com"],
    ["ada.lovelace@mail.example.co.uk", "a•••@m•••.uk"],
    ["ab@x", "•••@•••"],
    ["Sales and Marketing", "S•••"],
    ["Jo", "•••"],
    ["Łukasz", "Ł•••"],
    ["👩‍🚀 crew", "👩•••"],
    ["", ""],
    [42, "•••"],
    [true, true],
    [null, null],
    [
      ["Ada", "Bob"],
      ["A•••", "B•••"],
    ],
    [
      { value: "Engines", primary: true },
      { value: "E•••", primary: true },
    ],
  ])("of %j is %j", (value, expected) => {
    expect(masked(value)).toEqual(expected);
  });
});
