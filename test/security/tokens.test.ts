/** Guessing a token: how hard it is, what it tells, and what it costs us (RFC 7644 7.3, R120, R121). */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { putToken, revoke, type TokenToStore } from "../../lib/provisioning/token.ts";
import { hashToken, newToken } from "../../lib/token.ts";
import { type Harness, harness } from "../handlers/harness.ts";
import { countAgain, counting, nothingCounted } from "./counted-table.ts";

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
let api: Harness;
let known: { id: string; text: string };
let revoked: { id: string; text: string };
beforeAll(async () => {
  api = await harness({ change: counting(counted) });
  known = await stored();
  revoked = await stored();
  await revoke(api.provisioning.table, revoked.id, api.provisioning.clock.now());
});
afterAll(() => api.close());

async function stored(more: Partial<TokenToStore> = {}): Promise<{ id: string; text: string }> {
  const { id, text } = newToken();
  const { table, clock } = api.provisioning;
  await putToken(table, { id, hash: hashToken(text), label: "test", createdAt: clock.now(), ...more });
  return { id, text };
}

const ask = (token: string) =>
  api.ask("GET", "/scim/v2/Users?count=0", { headers: { authorization: `Bearer ${token}` } });

describe("a token", () => {
  const parts = Array.from({ length: 3_000 }, () => newToken().text.split("_"));

  test("has an id of 51 random bits and a secret of 256", () => {
    const [, id = "", secret = ""] = parts[0] ?? [];
    expect(id.length * Math.log2(36)).toBeGreaterThan(51);
    expect(secret.length * Math.log2(62)).toBeGreaterThan(256);
  });

  test("is another one each time, and any character may stand at each place", () => {
    expect(new Set(parts.map(([, id]) => id)).size).toBe(parts.length);
    expect(new Set(parts.map(([, , secret]) => secret)).size).toBe(parts.length);
    const seen = (part: number, place: number) => new Set(parts.map((all) => all[part]?.[place])).size;
    expect(Array.from({ length: 10 }, (_, place) => seen(1, place))).toEqual(Array(10).fill(36));
    expect(Array.from({ length: 43 }, (_, place) => seen(2, place))).toEqual(Array(43).fill(62));
  });
});

const guesses: readonly (readonly [string, () => string])[] = [
  ["of an id that there is not", () => newToken().text],
  ["of a wrong secret", () => newToken(known.id).text],
  ["of another token's secret", () => `rc_${known.id}_${revoked.text.split("_")[2]}`],
  [
    "of a secret that is right but for its last letter",
    () => `${known.text.slice(0, -1)}${known.text.endsWith("a") ? "b" : "a"}`,
  ],
  ["of a token that was revoked", () => revoked.text],
  ["of a wrong secret of a token that was revoked", () => newToken(revoked.id).text],
];

describe.each(guesses)("a guess %s", (_, guess) => {
  test("gets the answer that all others get, to the letter", async () => {
    const { status, headers, text } = await ask(guess());
    const other = await ask(newToken().text);
    expect({ status, headers, text }).toEqual({ status: 401, headers: other.headers, text: other.text });
  });

  test("is compared once and in constant time, hash with hash, whether there is such a token or not", async () => {
    compared.lengths.length = 0;
    await ask(guess());
    expect(compared.lengths).toEqual([64]);
  });
});

describe("a hundred guesses", () => {
  beforeEach(async () => {
    // What was noted before is a minute ago.
    await api.provisioning.clock.sleep(61_000);
    countAgain(counted);
  });
  const lines = () => api.told.lines.length;

  test.each([
    ["of ids", () => newToken().text, 100],
    ["of the secret of one id", () => newToken(known.id).text, 100],
    ["of what has not the form of a token", () => `rc_${crypto.randomUUID()}`, 0],
    ["of megabytes", () => `rc_abc_${"x".repeat(1_000_000)}`, 0],
  ])("%s: a read each at most, one note a minute, a line each, and nothing more", async (_, guess, reads) => {
    const before = lines();
    for (let n = 0; n < 100; n += 1) expect((await ask(guess())).status).toBe(401);
    expect(counted).toMatchObject({ reads, writes: 1 });
    expect(counted.items.size).toBe(1);
    expect(lines() - before).toBe(100);
  });

  test("leave one item altogether, whatever was guessed: nobody fills the table", async () => {
    for (let minute = 0; minute < 5; minute += 1) {
      await api.provisioning.clock.sleep(61_000);
      for (let n = 0; n < 20; n += 1) await ask(newToken().text);
    }
    expect([...counted.items]).toEqual(["Tenant Stranger"]);
    expect(counted.writes).toBe(5);
  });

  test("are refused before the body is read, however large it is", async () => {
    const body = "[".repeat(4_000_000);
    const answer = await api.ask("POST", "/scim/v2/Users", {
      body,
      headers: { authorization: `Bearer ${newToken().text}` },
    });
    expect(answer.status).toBe(401);
  });
});
