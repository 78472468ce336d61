import { describe, expect, test } from "vitest";
import { listResponse } from "../../lib/scim/list-response.ts";
import { readSearchBody, readSearchQuery } from "../../lib/scim/search-request.ts";

const page = { startIndex: 1, count: 100 };
const query = (text: string) => readSearchQuery(new URLSearchParams(text));

describe("the query of a GET (RFC 7644 3.4.2)", () => {
  test.each<[string, object]>([
    ["", page],
    ["aadOptscim062020&unknown=1", page],
    ["filter=userName+eq+%22a%2Bb%22", { ...page, filter: 'userName eq "a+b"' }],
    [
      "attributes=userName,%20name.givenName,&attributes=id",
      { ...page, attributes: ["userName", "name.givenName", "id"] },
    ],
    ["excludedAttributes=members&attributes=", { ...page, excludedAttributes: ["members"] }],
    ["sortBy=userName&sortOrder=Descending", { ...page, sortBy: "userName", sortOrder: "descending" }],
    ["startIndex=101&count=50", { startIndex: 101, count: 50 }],
    ["startIndex=0&count=-1", { startIndex: 1, count: 0 }],
    ["startIndex=-7&count=5000", { startIndex: 1, count: 1_000 }],
    ["startIndex=&count=", page],
    ["cursor", { ...page, cursor: "" }],
    ["cursor=&count=5", { startIndex: 1, count: 5, cursor: "" }],
    ["cursor=abc&count=-3", { startIndex: 1, count: 0, cursor: "abc" }],
    ["sortBy=", page],
    ["startIndex=99999999999999999999", { startIndex: Number.MAX_SAFE_INTEGER, count: 100 }],
  ])("R42, R49, R117, R118: %s", (text, request) => {
    expect(query(text)).toEqual(request);
  });

  test.each(["startIndex=a", "count=1.5", "count=1e3", "count=0x10", "sortOrder=up"])("D24: %s is 400", (text) => {
    expect(() => query(text)).toThrow(expect.objectContaining({ status: 400, scimType: "invalidValue" }));
  });

  test("R52: a count that is no number is invalidCount beside a cursor", () => {
    expect(() => query("cursor=&count=many")).toThrow(
      expect.objectContaining({ status: 400, scimType: "invalidCount" }),
    );
  });

  test("an empty filter is not the same as none: it must not match everybody", () => {
    expect(query("filter=")).toEqual({ ...page, filter: "" });
  });
});

describe("the body of a .search (RFC 7644 3.4.3)", () => {
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"];

  test.each<[object, object]>([
    [{ schemas }, page],
    [{}, page],
    [
      { schemas, attributes: ["id", "userName"], filter: "active eq true" },
      { ...page, attributes: ["id", "userName"], filter: "active eq true" },
    ],
    [
      { schemas, Attributes: "id,userName", STARTINDEX: "3", count: 7 },
      { attributes: ["id", "userName"], startIndex: 3, count: 7 },
    ],
    [{ schemas, filter: null, attributes: [], count: null }, page],
    [
      { schemas, cursor: "", count: 2 },
      { startIndex: 1, count: 2, cursor: "" },
    ],
  ])("R47, R57: %j", (body, request) => {
    expect(readSearchBody(body)).toEqual(request);
  });

  test.each<[unknown, string]>([
    [[], "invalidSyntax"],
    [undefined, "invalidSyntax"],
    [{ schemas: ["urn:other"] }, "invalidSyntax"],
    [{ filter: 5 }, "invalidValue"],
    [{ attributes: [5] }, "invalidValue"],
    [{ attributes: { a: 1 } }, "invalidValue"],
    [{ count: true }, "invalidValue"],
    [{ startIndex: 1.5 }, "invalidValue"],
  ])("%j is 400 %s", (body, scimType) => {
    expect(() => readSearchBody(body)).toThrow(expect.objectContaining({ status: 400, scimType }));
  });
});

describe("a list response (RFC 7644 3.4.2)", () => {
  test("R29, R45: the total counts all matches, itemsPerPage those of the page", () => {
    expect(listResponse({ totalResults: 7, startIndex: 3, resources: [{ id: "a" }, { id: "b" }] })).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: 7,
      startIndex: 3,
      itemsPerPage: 2,
      Resources: [{ id: "a" }, { id: "b" }],
    });
  });

  test("R49, R54: a page by cursor has no startIndex, and no total that is not known", () => {
    expect(listResponse({ nextCursor: "abc", resources: [] })).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      itemsPerPage: 0,
      nextCursor: "abc",
    });
  });

  test("R30, R43: no match is a list without Resources", () => {
    const body = listResponse({ totalResults: 0, startIndex: 1, resources: [] });
    expect(body).toMatchObject({ totalResults: 0, itemsPerPage: 0 });
    expect(body).not.toHaveProperty("Resources");
  });
});
