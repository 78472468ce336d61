/** Provisioning with an access token: a whole dialogue of an identity provider, and what it costs. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "../../lib/ops/clients.ts";
import { putAccessToken } from "../../lib/provisioning/access-token.ts";
import type { Table } from "../../lib/provisioning/ports.ts";
import { listTokens } from "../../lib/provisioning/token.ts";
import { hashToken, newAccessToken } from "../../lib/token.ts";
import { type Harness, harness } from "../handlers/harness.ts";
import { play } from "../idp/play.ts";
import { grant } from "./in-process.ts";
import { basic, type OAuthServer, oauthServer, withOAuth } from "./served.ts";

describe("an identity provider that is an OAuth client", () => {
  let server: OAuthServer;
  beforeAll(async () => {
    server = await oauthServer();
  });
  afterAll(async () => await server.close());

  test("plays Entra's dialogue from its first search to the last deletion", async () => {
    const { id, secret = "" } = await server.newClient();
    const { body } = await server.post(grant, basic(id, secret));
    expect(await play({ baseUrl: server.baseUrl, token: body.access_token ?? "" }, "entra-compliant.json")).toEqual([]);
    const [client] = (await listTokens(server.operations.table)).filter((one) => one.id === id);
    expect(Object.keys(client?.firsts ?? {})).toEqual(
      expect.arrayContaining(["read", "user", "group", "deactivation"]),
    );
  });

  test("finds the way announced, and the bearer token still the primary one (RFC 7643 section 5)", async () => {
    const { body } = await server.ask("GET", "/ServiceProviderConfig");
    expect(body["authenticationSchemes"]).toEqual([
      expect.objectContaining({ type: "oauthbearertoken", primary: true }),
      expect.objectContaining({ type: "oauth2", primary: false, specUri: "https://www.rfc-editor.org/info/rfc6749" }),
    ]);
  });
});

describe("what a request costs", () => {
  const calls: string[] = [];
  let api: Harness;
  let accessToken: string;
  beforeAll(async () => {
    api = await harness({ change: (p) => ({ ...p, tenant: withOAuth, table: overheard(p.table) }) });
    const { id } = await createClient(api.provisioning, { label: "Entra" });
    accessToken = newAccessToken(id);
    const expiresAt = api.provisioning.clock.now() + 60_000;
    await putAccessToken(api.provisioning.table, { clientId: id, hash: hashToken(accessToken), expiresAt });
  });
  afterAll(() => api.close());

  function overheard(table: Table): Table {
    return {
      ...table,
      get: async (key) => (calls.push("get"), await table.get(key)),
      batchGet: async (keys) => (calls.push(`batchGet of ${keys.length}`), await table.batchGet(keys)),
    };
  }
  const readsOf = async (token: string): Promise<string[]> => {
    calls.length = 0;
    const headers = { authorization: `Bearer ${token}` };
    expect((await api.ask("GET", "/scim/v2/ServiceProviderConfig", { headers })).status).toBe(200);
    return [...calls];
  };

  test("with a token that stays one read, as ever", async () => {
    expect(await readsOf(api.token)).toEqual(["get"]);
  });

  test("with an access token one read of two items", async () => {
    expect(await readsOf(accessToken)).toEqual(["batchGet of 2"]);
  });
});

test("a tenant without oauth announces none, and takes no access token that was given out before", async () => {
  const without = await harness();
  const { body } = await without.ask("GET", "/scim/v2/ServiceProviderConfig");
  expect(body["authenticationSchemes"]).toHaveLength(1);
  const { table, clock } = without.provisioning;
  const { id } = await createClient({ table, clock, tenant: withOAuth }, { label: "Entra" });
  const text = newAccessToken(id);
  await putAccessToken(table, { clientId: id, hash: hashToken(text), expiresAt: clock.now() + 60_000 });
  const headers = { authorization: `Bearer ${text}` };
  expect((await without.ask("GET", "/scim/v2/Users", { headers })).status).toBe(401);
  without.close();
});
