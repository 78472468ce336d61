/** Every recorded dialogue on DynamoDB Local and ElasticMQ: alone, and side by side with all the others. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dialogues, fill, play, playTogether } from "../idp/play.ts";
import { type RealServer, startRealServer } from "./served.ts";

describe.each([
  ["an empty store", 0, 0],
  ["a store with 2,000 users and 50 groups", 2_000, 50],
])("dialogues of identity providers on DynamoDB Local and ElasticMQ, %s", (_store, users, groups) => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startRealServer();
    await fill(server, users, groups);
  }, 300_000);
  afterAll(async () => await server.close());

  test.each(dialogues)("%s", async (file) => {
    expect(await play(server, file)).toEqual([]);
  });

  test("all of them at the same time", async () => {
    expect(await playTogether(server, dialogues)).toEqual([]);
  });
});
