import { describe, expect, test } from "vitest";
import { sealWith } from "../../lib/handlers/cursor-seal.ts";
import { boundTo, cursorSeconds, type Position, readCursor, writeCursor } from "../../lib/scim/cursor.ts";

const seal = sealWith("secret of the tenant");
const asked = { startIndex: 1, count: 10, filter: "active eq true", sortBy: "userName" };
const bound = boundTo("acme", ["User"], asked);
const at: Position = { type: "User", id: "0a", key: "ada@example.com" };
const now = Date.UTC(2026, 0, 1);
const invalid = expect.objectContaining({ status: 400, scimType: "invalidCursor" });

describe("a cursor (RFC 9865)", () => {
  const cursor = writeCursor(seal, at, bound, now);

  test("stands for the place where it was made", () => {
    expect(readCursor(seal, cursor, bound, now)).toEqual(at);
    expect(readCursor(seal, writeCursor(seal, undefined, bound, now), bound, now)).toBeUndefined();
  });

  test("R49: an empty one is the beginning", () => {
    expect(readCursor(seal, "", bound, now)).toBeUndefined();
  });

  test("R50, R56: has unreserved characters only, and cannot be read", () => {
    expect(cursor).toMatch(/^[A-Za-z0-9._~-]+$/);
    expect(Buffer.from(cursor, "base64url").toString("latin1")).not.toContain("ada");
  });

  test.each([
    ["another tenant", boundTo("other", ["User"], asked)],
    ["another type", boundTo("acme", ["Group"], asked)],
    ["another filter", boundTo("acme", ["User"], { ...asked, filter: "active eq false" })],
    ["another sort attribute", boundTo("acme", ["User"], { ...asked, sortBy: "id" })],
    ["another sort order", boundTo("acme", ["User"], { ...asked, sortOrder: "descending" })],
    ["other attributes", boundTo("acme", ["User"], { ...asked, attributes: ["id"] })],
    ["other excluded attributes", boundTo("acme", ["User"], { ...asked, excludedAttributes: ["id"] })],
  ])("R51: is invalid for %s", (_what, other) => {
    expect(() => readCursor(seal, cursor, other, now)).toThrow(invalid);
  });

  test.each(["x", "AAAA", "%00", "A".repeat(60), "A".repeat(100_000), `${cursor.slice(0, -2)}AA`, cursor.slice(1)])(
    "R52, R56: %.40s was not made here",
    (text) => {
      expect(() => readCursor(seal, text, bound, now)).toThrow(invalid);
    },
  );

  test("R56: one that another secret made is not ours", () => {
    expect(() => readCursor(sealWith("another"), cursor, bound, now)).toThrow(invalid);
  });

  test.each(['{"v":2}', '[2,"User"]', '["User","0a",1]', "[[1],2,3,4,5]", "User/0a", "null"])(
    "of another release, which sealed %s, has ended: the walk begins again",
    (sealed) => {
      expect(() => readCursor(seal, seal.seal(sealed, bound), bound, now)).toThrow(
        expect.objectContaining({ status: 400, scimType: "expiredCursor" }),
      );
    },
  );

  test("R52: ends after an hour", () => {
    const end = now + cursorSeconds * 1000;
    expect(readCursor(seal, cursor, bound, end - 1)).toEqual(at);
    expect(() => readCursor(seal, cursor, bound, end)).toThrow(
      expect.objectContaining({ status: 400, scimType: "expiredCursor" }),
    );
  });
});
