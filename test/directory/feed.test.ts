/** `readEvents` on the feed as it is served: the cursor, the tokens and the refusals of the one are those of the other. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { feedEnd, readEvents } from "../../lib/directory/index.ts";
import { createToken, revokeToken } from "../../lib/ops/tokens.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { appendMany } from "../events/fed.ts";
import { startServer, type TestServer } from "../local/served.ts";

const tenant = readTenantFile("acme", {
  environment: { region: "eu-central-1" },
  mapping: { attributes: { login: { from: "userName", required: true } } },
  events: {},
});

let server: TestServer;
let url: string;
let token: string;
beforeAll(async () => {
  server = await startServer({ tenant });
  url = server.feedUrl ?? "";
  token = (await createToken(server.operations, { label: "the application", use: "events" })).token;
});
afterAll(async () => await server.close());

/** The subjects of so many events, and the cursor behind the last page that was taken whole. */
async function read(count: number, after?: string): Promise<{ subjects: string[]; cursor: string | undefined }> {
  const subjects: string[] = [];
  const ending = new AbortController();
  let cursor: string | undefined;
  const keep = (kept: string) => {
    cursor = kept;
    if (subjects.length >= count) ending.abort();
  };
  for await (const { data } of readEvents({ url, token, after, keep, signal: ending.signal }))
    subjects.push(data.subject);
  return { subjects, cursor };
}

describe("readEvents on the feed", () => {
  test("reads all pages from the oldest event, and goes on from the cursor that was kept", async () => {
    const now = server.operations.clock.now();
    await appendMany(server.operations.table, 250, now);
    const first = await read(250);
    expect(new Set(first.subjects).size).toBe(250);
    await appendMany(server.operations.table, 3, now, 251);
    const { subjects } = await read(3, first.cursor);
    expect(subjects.map((subject) => Number(subject.slice(-3)))).toEqual([251, 252, 253]);
  });

  test("from the cursor of this moment on gives what comes while it waits", async () => {
    const cursor = await feedEnd({ url, token });
    const waiting = read(1, cursor);
    await appendMany(server.operations.table, 1, server.operations.clock.now(), 900);
    expect((await waiting).subjects).toEqual(["User/00000000-0000-4000-8000-000000000900"]);
  });

  test("begins with the cursor of this moment when it is asked for the end", async () => {
    await appendMany(server.operations.table, 1, server.operations.clock.now(), 901);
    const { subjects, cursor } = await read(0, "end");
    expect(subjects).toEqual([]);
    expect(cursor).toEqual(expect.any(String));
  });

  test.each([
    ["cursor", async () => ({ url, token, after: "x.y" })],
    ["token", async () => ({ url, token: server.token })],
    ["token", async () => ({ url, token: await revoked() })],
  ])("ends with %s", async (code, options) => {
    await expect(readEvents(await options()).next()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(" It says: "),
    });
  });
});

async function revoked(): Promise<string> {
  const made = await createToken(server.operations, { label: "another", use: "events" });
  await revokeToken(server.operations, made.id);
  return made.token;
}
