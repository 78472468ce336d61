/** The samples of RFC 7644 section 3.7. */
import { expect, test } from "vitest";
import { isObject, type JsonObject } from "../../lib/scim/json.ts";
import { parsePatch } from "../../lib/scim/patch-operation.ts";
import { readResource } from "../../lib/scim/resource.ts";
import { groupType, userType } from "../../lib/scim/resource-type.ts";
import { textOf } from "../handlers/harness.ts";
import { bulkSamples } from "./played-elsewhere.ts";
import { sample } from "./sample.ts";

const requests = bulkSamples.filter((name) => name.includes("request"));

test.each(requests)("%s: what each operation holds is read (R87)", (name) => {
  for (const operation of operationsOf(sample(name))) {
    const { method, path, data } = operation;
    const type = textOf(path).startsWith("/Groups") ? groupType : userType;
    if (method === "PATCH") expect(parsePatch(type, data).ignored).toEqual([]);
    else if (method !== "DELETE") expect(Object.keys(readResource(type, data).resource)).not.toEqual([]);
  }
});

function operationsOf({ Operations: list }: JsonObject): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
