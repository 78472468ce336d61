import { describe, expect, test } from "vitest";
import { type ScimRequest, scimClient } from "../../../lib/ops/simulate/scim-client.ts";
import { searchOrCreate } from "../../../lib/ops/simulate/search-or-create.ts";
import { newTally } from "../../../lib/ops/simulate/tally.ts";

type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | Error;

/** A client whose server gives these answers, and a clock that only sleeps move. */
function clientFor(answers: readonly Answer[], patienceMs = 60_000) {
  const time = { now: 0 };
  const sleeps: number[] = [];
  const asked: string[] = [];
  const left = [...answers];
  const tally = newTally();
  const client = scimClient({
    baseUrl: "http://scim.example/v2",
    token: "t",
    tally,
    patienceMs,
    clock: {
      now: () => time.now,
      sleep: async (ms) => {
        sleeps.push(ms);
        time.now += ms;
      },
    },
    fetch: async (url, init) => {
      asked.push(`${init?.method ?? "GET"} ${url instanceof Request ? url.url : String(url)}`);
      const answer = left.shift() ?? { status: 500 };
      if (answer instanceof Error) throw answer;
      return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), answer);
    },
  });
  return { client, tally, sleeps, asked };
}

const search: ScimRequest = {
  kind: "search user",
  about: "ada",
  method: "GET",
  path: "/Users",
  query: { filter: 'userName eq "a+b"' },
};
const create: ScimRequest = {
  kind: "create user",
  about: "ada",
  method: "POST",
  path: "/Users",
  body: { userName: "ada" },
};
const found = (...ids: string[]): Answer => ({
  status: 200,
  body: { totalResults: ids.length, Resources: ids.map((id) => ({ id })) },
});
const lost = new TypeError("fetch failed", { cause: new Error("socket hang up") });

describe("the simulated identity provider", () => {
  test.each([429, 503])("waits as Retry-After says after a %i, and sends it again", async (status) => {
    const { client, sleeps, tally } = clientFor([{ status, headers: { "retry-after": "7" } }, found()]);
    expect(await client.send(search)).toMatchObject({ status: 200, afterLostAnswer: false });
    expect(sleeps).toEqual([7_000]);
    expect(tally.summary(1)).toMatchObject({ failed: 0, retried: 1 });
  });

  test("outlives a server that is away for a moment", async () => {
    const { client, tally } = clientFor([lost, lost, found()]);
    expect(await client.send(search)).toMatchObject({ status: 200, afterLostAnswer: true });
    expect(tally.summary(1)).toMatchObject({ failed: 0, retried: 2 });
  });

  test("gives up when its patience is over, and says what the last reason was", async () => {
    const { client, tally } = clientFor(
      Array.from({ length: 50 }, () => lost),
      10_000,
    );
    expect(await client.send(search)).toBeUndefined();
    expect(tally.summary(1).failures).toEqual([
      { kind: "search user", about: "ada", detail: "GET /Users: socket hang up" },
    ]);
  });

  test("an error answer is a failure at once, with the server's own words", async () => {
    const { client, tally } = clientFor([{ status: 400, body: { detail: "bad filter" } }]);
    expect(await client.send(search)).toBeUndefined();
    expect(tally.summary(1).failures).toMatchObject([{ status: 400, detail: "GET /Users: bad filter" }]);
  });

  test("a plus in a filter arrives as a plus", async () => {
    const { client, asked } = clientFor([found()]);
    await client.send(search);
    expect(asked[0]).toContain("a%2Bb");
  });
});

describe("search, then create", () => {
  test("who is found is not created", async () => {
    const { client, asked } = clientFor([found("1")]);
    expect(await searchOrCreate(client, search, create)).toEqual({ id: "1", matched: true });
    expect(asked).toHaveLength(1);
  });

  test("a create whose answer was lost is found after its 409, and counts as made", async () => {
    const { client, tally } = clientFor([found(), lost, { status: 409 }, found("2")]);
    expect(await searchOrCreate(client, search, create)).toEqual({ id: "2", matched: false });
    expect(tally.failures).toBe(0);
  });

  test("a 409 for somebody who cannot be found is a failure: the filter and uniqueness disagree (R15, R33)", async () => {
    const { client, tally } = clientFor([
      found(),
      { status: 409 },
      found(),
      { status: 409, body: { detail: "taken" } },
    ]);
    expect(await searchOrCreate(client, search, create)).toBeUndefined();
    expect(tally.summary(1).failures).toMatchObject([{ status: 409, detail: "POST /Users: taken" }]);
  });
});
