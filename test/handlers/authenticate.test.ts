import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { putToken, readToken, revoke } from "../../lib/provisioning/token.ts";
import { hashToken, newToken, tokenId } from "../../lib/token.ts";
import { type Harness, harness, scimErrorSchema } from "./harness.ts";

let api: Harness;
beforeAll(async () => {
  api = await harness();
});
afterAll(() => api.close());

const day = 86_400_000;

async function stored(options: { expiresAt?: number } = {}): Promise<{ id: string; text: string }> {
  const token = newToken();
  const { table, clock } = api.provisioning;
  await putToken(table, {
    id: token.id,
    hash: hashToken(token.text),
    label: "test",
    createdAt: clock.now(),
    ...options,
  });
  return token;
}

const ask = async (authorization: string | undefined) =>
  await api.ask("GET", "/scim/v2/Users", { headers: { authorization } });

describe("a request without a good token (R120)", () => {
  test.each([
    ["no Authorization header", undefined],
    ["an empty one", ""],
    ["another scheme", "Basic cm9sbDpjYWxs"],
    ["a scheme without a token", "Bearer "],
  ])("%s: 401 and a challenge without an error", async (_, authorization) => {
    const answer = await ask(authorization);
    expect(answer).toMatchObject({ status: 401, body: { schemas: [scimErrorSchema], status: "401" } });
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="scim"');
  });

  test.each([
    ["of another form", () => "hunter2"],
    ["with a short secret", () => "rc_abc_short"],
    ["with an id in capitals", () => `rc_ABC_${"x".repeat(40)}`],
    ["with an unknown id", () => newToken().text],
    ["with a known id and another secret", () => newToken(tokenId(api.token)).text],
    ["with more behind it", () => `${api.token} ${api.token}`],
  ])("a token %s: 401", async (_, token) => {
    const answer = await ask(`Bearer ${token()}`);
    expect(answer).toMatchObject({ status: 401, body: { schemas: [scimErrorSchema], status: "401" } });
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer realm="scim"/);
    expect(answer.text).not.toContain(token());
  });

  test("an unknown id and a wrong secret get the same answer", async () => {
    const unknown = await ask(`Bearer ${newToken().text}`);
    const wrong = await ask(`Bearer ${newToken(tokenId(api.token)).text}`);
    expect(unknown).toEqual(wrong);
    expect(unknown.headers["www-authenticate"]).toBe('Bearer realm="scim", error="invalid_token"');
  });

  test("an expired token: 401, although the table still has it (trap 9)", async () => {
    const { id, text } = await stored({ expiresAt: api.provisioning.clock.now() + day });
    expect((await ask(`Bearer ${text}`)).status).toBe(200);
    await api.provisioning.clock.sleep(day);
    const answer = await ask(`Bearer ${text}`);
    expect([answer.status, answer.body["detail"]]).toEqual([401, expect.stringContaining(`"${id}" has expired`)]);
    expect(await readToken(api.provisioning.table, id)).toBeDefined();
  });

  test("a revoked token: 401 from the next request on", async () => {
    const { id, text } = await stored();
    expect((await ask(`Bearer ${text}`)).status).toBe(200);
    const { table, clock } = api.provisioning;
    expect(await revoke(table, id, clock.now())).toBe(true);
    expect((await ask(`Bearer ${text}`)).status).toBe(401);
    expect(await revoke(table, id, clock.now())).toBe(false);
  });

  test.each(["/scim/v2/Nothing", "/", "/scim/v2/Me"])("%s is not told from others: 401 first", async (path) => {
    expect((await api.ask("GET", path, { headers: { authorization: undefined } })).status).toBe(401);
  });
});

describe("tokens (R121)", () => {
  test("several are alive at once, so that they can be rotated without a gap", async () => {
    const [one, two] = [await stored(), await stored()];
    expect([(await ask(`Bearer ${one.text}`)).status, (await ask(`bearer  ${two.text}`)).status]).toEqual([200, 200]);
  });

  test("only the hash is stored", async () => {
    const { id, text } = await stored();
    expect(JSON.stringify(await readToken(api.provisioning.table, id))).not.toContain(text.slice(-20));
  });

  test("the last contact is noted, to the minute", async () => {
    const { id, text } = await stored();
    const { table, clock } = api.provisioning;
    const first = clock.now();
    await ask(`Bearer ${text}`);
    await clock.sleep(59_000);
    await ask(`Bearer ${text}`);
    expect((await readToken(table, id))?.readAt).toBe(first);
    await clock.sleep(1_000);
    await ask(`Bearer ${text}`);
    expect((await readToken(table, id))?.readAt).toBe(first + 60_000);
  });

  test.each([
    ["rc_abc_" + "x".repeat(32), "abc"],
    [`rc_${"a".repeat(32)}_${"Z9".repeat(30)}`, "a".repeat(32)],
    ["rc_ab_" + "x".repeat(32), undefined],
    ["rc_abc_" + "x".repeat(31), undefined],
    [`rc_abc_${"x".repeat(40)}\n`, undefined],
    ["", undefined],
  ])("%j has the id %s", (text, id) => {
    expect(tokenId(text)).toBe(id);
  });
});
