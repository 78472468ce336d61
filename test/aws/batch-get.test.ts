import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { dynamoTable } from "../../lib/aws/dynamo-table.ts";
import type { Key } from "../../lib/provisioning/ports.ts";
import { ok, scriptedDynamo, type Answer, type Request, type Script } from "./scripted-clients.ts";

const names = { scim: "Scim", directory: "Directory" };
const keyOf = (i: number): Key => ({ table: i % 2 === 0 ? "scim" : "directory", pk: `User#${i}`, sk: "Entry" });

interface Asked {
  readonly [table: string]: { readonly Keys: readonly object[]; readonly ConsistentRead: boolean };
}

const askedIn = ({ body }: Request): Asked => body.RequestItems;
const keysIn = (request: Request): number => Object.values(askedIn(request)).flatMap(({ Keys }) => Keys).length;

/** Answers with the first `count` keys of each table and leaves the others over. */
function answerWith(request: Request, count: number): Answer {
  const tables = Object.entries(askedIn(request));
  const left = tables.filter(([, { Keys }]) => Keys.length > count);
  return ok({
    Responses: Object.fromEntries(tables.map(([name, { Keys }]) => [name, Keys.slice(0, count)])),
    UnprocessedKeys: Object.fromEntries(
      left.map(([name, asked]) => [name, { ...asked, Keys: asked.Keys.slice(count) }]),
    ),
  });
}

function scripted(script: Script) {
  const { client, requests } = scriptedDynamo(script);
  return { table: dynamoTable({ client, names }), requests };
}

describe("batchGet on DynamoDB", () => {
  // Full jitter, always at its lowest.
  beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
  afterEach(() => void vi.restoreAllMocks());

  test("asks for at most 100 distinct keys at once, consistently", async () => {
    const { table, requests } = scripted((request) => answerWith(request, 100));
    const keys = Array.from({ length: 250 }, (_, i) => keyOf(i));
    const items = await table.batchGet([...keys, ...keys.slice(0, 50)]);
    expect(items.map((item) => item?.pk)).toEqual([...keys, ...keys.slice(0, 50)].map(({ pk }) => pk));
    expect(requests.map((request) => keysIn(request))).toEqual([100, 100, 50]);
    const tables = requests.flatMap((request) => Object.values(askedIn(request)));
    expect(tables.every(({ ConsistentRead }) => ConsistentRead)).toBe(true);
  });

  test("asks again for what was left over, as long as some of it comes", async () => {
    const { table, requests } = scripted((request) => answerWith(request, 2));
    const keys = Array.from({ length: 40 }, (_, i) => keyOf(i));
    expect((await table.batchGet(keys)).map((item) => item?.pk)).toEqual(keys.map(({ pk }) => pk));
    expect(requests.map((request) => keysIn(request))).toEqual([40, 36, 32, 28, 24, 20, 16, 12, 8, 4]);
  });

  test("gives up as throttled when nothing comes seven times in a row", async () => {
    const { table, requests } = scripted((request) => answerWith(request, 0));
    await expect(table.batchGet([keyOf(1), keyOf(2)])).rejects.toMatchObject({
      kind: "throttled",
      message: "DynamoDB: BatchGetItem left 2 keys unread, 7 times in a row",
    });
    expect(requests).toHaveLength(7);
  });
});
