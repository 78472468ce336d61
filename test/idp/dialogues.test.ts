import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../local/served.ts";
import { dialogues, fill, play, playTogether } from "./play.ts";

describe.each([
  ["an empty store", 0, 0],
  ["a store with 2,000 users and 50 groups", 2_000, 50],
])("dialogues of identity providers on %s", (_store, users, groups) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
    await fill(server, users, groups);
  });
  afterAll(async () => await server.close());

  test.each(dialogues)("%s", async (file) => {
    expect(await play(server, file)).toEqual([]);
  });

  test("all of them twice, at the same time", async () => {
    expect(await playTogether(server, [...dialogues, ...dialogues])).toEqual([]);
  });
});
