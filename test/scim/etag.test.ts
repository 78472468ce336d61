import { describe, expect, test } from "vitest";
import { etag, matchesEtag } from "../../lib/scim/etag.ts";

describe("ETags (RFC 7644 3.14)", () => {
  test("a version as a weak tag", () => {
    expect(etag(12)).toBe('W/"12"');
  });

  test.each([etag(12), '"12"', "*", ' W/"3" , W/"12"', '"x","12"'])("R99: %s names version 12", (header) => {
    expect(matchesEtag(header, 12)).toBe(true);
  });

  test.each(['W/"1"', '"112"', "12", "", ",", '"12,3"', '"3,12"', 'W/"12'])(
    "R99: %j does not name version 12",
    (header) => {
      expect(matchesEtag(header, 12)).toBe(false);
    },
  );
});
