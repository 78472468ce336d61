import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { groupSchema, inTurns, startServer, type TestServer, user } from "../local/served.ts";
import { dialogues, play, walks } from "./play.ts";

/** Those that are played side by side as well. */
const named = ["entra-default.json", "entra-compliant.json", "okta-oin.json", "okta-aiw.json"];

describe("dialogues of identity providers on an empty store", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => await server.close());

  test.each(dialogues)("%s", async (file) => {
    expect(await play(server, file)).toEqual([]);
  });

  test.each(named)("%s, twice at the same time", async (file) => {
    const failed = await Promise.all([play(server, file), play(server, file)]);
    // A walk over all pages may rightly see a total that changes while others write: it counts in a run that is alone.
    expect(failed.flat().filter(({ name }) => !walks(file).includes(name))).toEqual([]);
  });
});

describe("dialogues of identity providers on a store with 2,000 users and 50 groups", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
    const users = Array.from({ length: 2_000 }, (_, n) => user(`person${n}@example.com`, { externalId: `e${n}` }));
    await inTurns(users, 20, async (one) => await server.ask("POST", "/Users", one));
    const groups = Array.from({ length: 50 }, (_, n) => ({ schemas: [groupSchema], displayName: `Group ${n}` }));
    await inTurns(groups, 10, async (one) => await server.ask("POST", "/Groups", one));
  });
  afterAll(async () => await server.close());

  test.each(dialogues)("%s", async (file) => {
    expect(await play(server, file)).toEqual([]);
  });
});
