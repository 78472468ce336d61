/** Guessing a client's secret: what it tells, how it is slowed down, and whom that does not hit. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type MadeClient, revokeClient } from "../../lib/ops/clients.ts";
import { readStranger } from "../../lib/provisioning/contact.ts";
import { readToken } from "../../lib/provisioning/token.ts";
import { newClientSecret } from "../../lib/token.ts";
import { countAgain, countedTable, nothingCounted } from "../security/counted-table.ts";
import { type Answer, grant, tokenEndpoint, type TokenEndpoint } from "./in-process.ts";
import { basic } from "./served.ts";

const compared = vi.hoisted(() => ({ lengths: [] as number[] }));
vi.mock(import("node:crypto"), async (original) => {
  const crypto = await original();
  const timingSafeEqual: typeof crypto.timingSafeEqual = (a, b) => {
    compared.lengths.push(a.byteLength);
    return crypto.timingSafeEqual(a, b);
  };
  return { ...crypto, timingSafeEqual, default: { ...crypto, timingSafeEqual } };
});

const counted = nothingCounted();
let endpoint: TokenEndpoint;
let client: MadeClient;
let secret: string;
beforeEach(async () => {
  endpoint = tokenEndpoint({ table: (table) => countedTable(table, counted) });
  client = await endpoint.newClient();
  secret = client.secret ?? "";
  countAgain(counted);
});
afterEach(() => endpoint.close());

const second = 1_000;
const minute = 60 * second;

const show = async (id: string, text: string, sourceIp = "203.0.113.9"): Promise<Answer> =>
  await endpoint.post(grant, { headers: basic(id, text), sourceIp });
const guess = async (sourceIp?: string): Promise<Answer> => await show(client.id, newClientSecret(client.id), sourceIp);

async function wrong(times: number, sourceIp?: string): Promise<number[]> {
  const statuses = [];
  for (let n = 0; n < times; n += 1) statuses.push((await guess(sourceIp)).status);
  return statuses;
}

describe("a guess", () => {
  const guesses: readonly (readonly [string, () => Promise<[id: string, text: string]>])[] = [
    ["of an id that there is not", async () => ["nobody1234", newClientSecret("nobody1234")]],
    ["of an id that is none", async () => ["no body!", "x"]],
    ["of a wrong secret", async () => [client.id, newClientSecret(client.id)]],
    ["of a secret that is right but for its last letter", async () => [client.id, `${secret.slice(0, -1)}-`]],
    ["of another client's secret", async () => [client.id, (await endpoint.newClient()).secret ?? ""]],
    ["of no secret", async () => [client.id, ""]],
    [
      "of a client that was revoked",
      async () => {
        const { id, secret: text = "" } = await endpoint.newClient();
        await revokeClient(endpoint, id);
        return [id, text];
      },
    ],
  ];

  test.each(guesses)("%s gets the answer that all others get, and is compared as often", async (_, made) => {
    const [id, text] = await made();
    compared.lengths.length = 0;
    countAgain(counted);
    const { status, headers, body } = await show(id, text);
    expect(compared.lengths).toEqual([64, 64]);
    // Client and network, in one read.
    expect(counted.reads).toBe(2);
    const other = await show("unknown123", "x", "203.0.113.10");
    expect({ status, headers, body }).toEqual({ status: 401, headers: other.headers, body: other.body });
  });

  test("is told to the operator once a minute: on the client, or as a stranger's", async () => {
    await guess();
    await show("nobody1234", newClientSecret("nobody1234"));
    expect(await readToken(endpoint.table, client.id)).toMatchObject({ rejectedWhy: "wrongSecret" });
    expect(await readStranger(endpoint.table)).toMatchObject({ why: "unknown", tokenId: "nobody1234" });
  });
});

describe("after five wrong secrets in a row", () => {
  test("whoever sent them waits, each time for longer and a minute at most", async () => {
    expect(await wrong(5)).toEqual([401, 401, 401, 401, 401]);
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      const answer = await guess();
      expect(answer).toMatchObject({ status: 429, body: { error: "temporarily_unavailable" } });
      const seconds = Number(answer.headers["retry-after"]);
      waits.push(seconds);
      await endpoint.clock.sleep(seconds * second);
      expect((await guess()).status).toBe(401);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  test("a right one is not looked at before the wait is over, and then forgets them all", async () => {
    await wrong(5);
    expect((await show(client.id, secret)).status).toBe(429);
    await endpoint.clock.sleep(second);
    expect((await show(client.id, secret)).status).toBe(200);
    expect(await wrong(5)).toEqual([401, 401, 401, 401, 401]);
  });

  test("the identity provider is let in from elsewhere: nobody locks it out who knows its id", async () => {
    await wrong(5);
    expect((await show(client.id, secret, "198.51.100.7")).status).toBe(200);
    expect((await guess()).status).toBe(429);
  });

  test("they are forgotten after a quarter of an hour", async () => {
    await wrong(5);
    await endpoint.clock.sleep(15 * minute + 1);
    expect(await wrong(5)).toEqual([401, 401, 401, 401, 401]);
  });

  test("a machine with a whole network of IPv6 is one sender, and its neighbours are others", async () => {
    const of = (n: number) => `2001:db8:1:2:${n}::${n}`;
    for (let n = 1; n <= 5; n += 1) expect((await guess(of(n))).status).toBe(401);
    expect((await guess(of(6))).status).toBe(429);
    expect((await guess("2001:0DB8:0001:0002::1")).status).toBe(429);
    expect((await guess("2001:db8:1:3::1")).status).toBe(401);
  });

  test("an IPv4 address in the clothes of IPv6 is that address", async () => {
    await wrong(5, "::ffff:203.0.113.9");
    expect((await guess("203.0.113.9")).status).toBe(429);
  });

  test("waiting costs a read and no write", async () => {
    await wrong(5);
    countAgain(counted);
    for (let n = 0; n < 50; n += 1) expect((await guess()).status).toBe(429);
    expect(counted).toMatchObject({ reads: 100, writes: 0 });
  });
});

test("a hundred guesses at once are counted, and the next one waits as long as any does", async () => {
  await Promise.all(Array.from({ length: 100 }, async () => await guess()));
  expect((await guess()).headers["retry-after"]).toBe("60");
});
