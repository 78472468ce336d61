/** Every recorded dialogue on DynamoDB Local and ElasticMQ: alone, and side by side with all the others. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dialogues, play, walks } from "../idp/play.ts";
import { type RealServer, startRealServer } from "./served.ts";

describe("dialogues of identity providers on DynamoDB Local and ElasticMQ", () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startRealServer();
  });
  afterAll(async () => await server.close());

  test.each(dialogues)("%s", async (file) => {
    expect(await play(server, file)).toEqual([]);
  });

  test("all of them at the same time", async () => {
    const failed = await Promise.all(dialogues.map(async (file) => ({ file, failed: await play(server, file) })));
    // A walk over all pages may rightly see a total that changes while others write.
    const told = failed.flatMap(({ file, failed: steps }) => steps.filter(({ name }) => !walks(file).includes(name)));
    expect(told).toEqual([]);
  });
});
