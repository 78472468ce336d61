import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { dynamoTable } from "../../lib/aws/dynamo-table.ts";
import { TableError, type Check, type Put, type Table } from "../../lib/provisioning/ports.ts";
import { failure, networkError, ok, scriptedDynamo, type Answer, type Script } from "./scripted-clients.ts";

const names = { scim: "Scim", directory: "Directory" };
const key = { table: "scim", pk: "User#0", sk: "1" } as const;
const put: Put = { kind: "put", key, attributes: {}, if: [{ is: "absent" }] };
const check: Check = { kind: "check", key: { ...key, sk: "2" }, if: [{ is: "present" }] };

// The SDK waits up to a second before it sends a throttled request again; its jitter is at its lowest here.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

const calls: Readonly<Record<string, (table: Table) => Promise<unknown>>> = {
  get: (table) => table.get(key),
  batchGet: (table) => table.batchGet([key]),
  query: (table) => table.query({ table: "scim", pk: "User#0" }),
  waiting: (table) => table.waiting("due#0", { limit: 1 }),
  write: (table) => table.write(put),
  transact: (table) => table.transact([put, check]),
};

function cancelled(...codes: string[]): Answer {
  const CancellationReasons = codes.map((Code) => (Code === "None" ? { Code } : { Code, Message: `because ${Code}` }));
  return failure("TransactionCanceledException", 400, { CancellationReasons });
}

describe.each([
  ["the first request", { first: true }],
  ["later requests", { first: false }],
])("%s", (_, options) => {
  function scripted(script: Script) {
    const { client, requests } = scriptedDynamo(script, options);
    return { table: dynamoTable({ client, names }), requests };
  }

  describe("errors of DynamoDB, as the port tells them", () => {
    describe.each(Object.entries(calls))("%s", (_, call) => {
      test.each<[string, Answer, string]>([
        ["ProvisionedThroughputExceededException", failure("ProvisionedThroughputExceededException"), "throttled"],
        ["ThrottlingException", failure("ThrottlingException"), "throttled"],
        ["RequestLimitExceeded", failure("RequestLimitExceeded"), "throttled"],
        ["InternalServerError", failure("InternalServerError", 500), "lost"],
        ["a 503 that is not from DynamoDB", { status: 503, body: {} }, "lost"],
        ["a broken connection", networkError("ECONNRESET"), "lost"],
        ["a refused connection", networkError("ECONNREFUSED"), "lost"],
        ["a name that cannot be resolved", networkError("EAI_AGAIN"), "lost"],
        ["a time-out", Object.assign(new Error("too late"), { name: "TimeoutError" }), "lost"],
      ])("%s", async (_, answer, kind) => {
        const { table } = scripted([answer]);
        const error: unknown = await call(table).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(TableError);
        expect(error).toMatchObject({ kind, failed: [], cause: expect.any(Error) });
      });

      test.each(["AccessDeniedException", "ResourceNotFoundException", "ValidationException"])(
        "%s is not one of ours and flies",
        async (type) => {
          const { table } = scripted([failure(type)]);
          const error: unknown = await call(table).catch((thrown: unknown) => thrown);
          expect(error).not.toBeInstanceOf(TableError);
          expect(error).toMatchObject({ name: type });
        },
      );
    });

    test("a failed condition of a single write names write 0", async () => {
      const { table } = scripted([failure("ConditionalCheckFailedException")]);
      await expect(table.write(put)).rejects.toMatchObject({ kind: "condition", failed: [0] });
    });

    test("a single write that meets a transaction is a conflict", async () => {
      const { table } = scripted([failure("TransactionConflictException")]);
      await expect(table.write(put)).rejects.toMatchObject({ kind: "conflict", failed: [] });
    });

    test.each<[string[], object]>([
      [["ConditionalCheckFailed", "None"], { kind: "condition", failed: [0] }],
      [["ConditionalCheckFailed", "ConditionalCheckFailed"], { kind: "condition", failed: [0, 1] }],
      [["TransactionConflict", "ConditionalCheckFailed"], { kind: "condition", failed: [1] }],
      [["None", "TransactionConflict"], { kind: "conflict", failed: [] }],
      [["TransactionConflict", "ThrottlingError"], { kind: "conflict", failed: [] }],
      [["ThrottlingError", "None"], { kind: "throttled", failed: [] }],
      [["None", "ProvisionedThroughputExceeded"], { kind: "throttled", failed: [] }],
    ])("a transaction cancelled for %j", async (codes, expected) => {
      const { table } = scripted([cancelled(...codes)]);
      await expect(table.transact([put, check])).rejects.toMatchObject({
        name: "TableError",
        ...expected,
        cause: expect.objectContaining({ name: "TransactionCanceledException" }),
      });
    });

    test.each(["ValidationError", "ItemCollectionSizeLimitExceeded"])(
      "a transaction cancelled for %s is a mistake of ours, with DynamoDB's words",
      async (code) => {
        const { table } = scripted([cancelled("None", code)]);
        const error: unknown = await table.transact([put, check]).catch((thrown: unknown) => thrown);
        expect(error).not.toBeInstanceOf(TableError);
        expect(error).toMatchObject({ message: expect.stringContaining(`write 1 ${code}: because ${code}`) });
      },
    );

    test("a transaction that still runs when it is sent again is lost", async () => {
      const { table } = scripted([failure("TransactionInProgressException")]);
      await expect(table.transact([put, check])).rejects.toMatchObject({ kind: "lost" });
    });
  });

  describe("what is sent again", () => {
    test.each([networkError("ECONNRESET"), failure("InternalServerError", 500)])(
      "a single write without an answer is not: %#",
      async (answer) => {
        const { table, requests } = scripted([answer, failure("ConditionalCheckFailedException")]);
        await expect(table.write(put)).rejects.toMatchObject({ kind: "lost" });
        await expect(scripted([answer]).table.write({ kind: "delete", key })).rejects.toMatchObject({ kind: "lost" });
        expect(requests).toHaveLength(1);
      },
    );

    test("a single write that was throttled is: nothing was written", async () => {
      const { table, requests } = scripted([failure("ThrottlingException"), ok()]);
      await table.write({ kind: "update", key, add: { n: 1 } });
      expect(requests).toHaveLength(2);
    });

    test("a transaction without an answer is, with the same token, so that it happens once", async () => {
      const { table, requests } = scripted([networkError("ECONNRESET"), failure("InternalServerError", 500), ok()]);
      await table.transact([put, check]);
      const tokens = requests.map(({ body }) => body.ClientRequestToken);
      expect(tokens).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), tokens[0], tokens[0]]);
    });

    test("two transactions have two tokens", async () => {
      const { table, requests } = scripted([ok()]);
      await table.transact([put]);
      await table.transact([put]);
      expect(new Set(requests.map(({ body }) => body.ClientRequestToken)).size).toBe(2);
    });

    test("a read without an answer is", async () => {
      const { table, requests } = scripted([networkError("EPIPE"), ok()]);
      expect(await table.get(key)).toBeUndefined();
      expect(requests).toHaveLength(2);
    });
  });
});
