/** The samples of RFC 7644 section 3.7. */
import { expect, test } from "vitest";
import { isObject, type JsonObject } from "../../lib/scim/json.ts";
import { parsePatch } from "../../lib/scim/patch-operation.ts";
import { readResource } from "../../lib/scim/resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import type { Ignored } from "../../lib/scim/schema.ts";
import { textOf } from "../handlers/harness.ts";
import { bulkSamples } from "./played-elsewhere.ts";
import { sample } from "./sample.ts";

const requests = bulkSamples.filter((name) => name.includes("request"));

test.each(requests)("%s: what each operation holds is read, and nothing of it ignored (R87)", (name) => {
  const ignored = operationsOf(sample(name)).flatMap(ignoredIn);
  // The ids that the client gives to users: ours are others (R13).
  expect(ignored).toEqual(ignored.filter(({ path }) => path === "id"));
});

function ignoredIn({ method, path, data }: JsonObject): Ignored[] {
  if (method === "DELETE") return [];
  const type = textOf(path).startsWith("/Groups") ? groupType : userType;
  return [...(method === "PATCH" ? parsePatch(type, data) : readResource(type, data)).ignored];
}

function operationsOf({ Operations: list }: JsonObject): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
