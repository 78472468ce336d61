/** The token endpoint, as a client library from npm uses it. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import * as oidc from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { finishRotation, revokeClient, rotateClient, undoRotation } from "../../lib/ops/clients.ts";
import { publicKeysIn } from "../../lib/ops/client-keys.ts";
import { readToken } from "../../lib/provisioning/token.ts";
import { user } from "../local/served.ts";
import { configured, type OAuthServer, oauthServer } from "./served.ts";

let server: OAuthServer;
beforeAll(async () => {
  server = await oauthServer();
});
afterAll(async () => await server.close());

/** The library's own words for a 401. */
const refused = "server responded with a challenge";

const secretOf = ({ secret = "" }: { secret?: string }) => secret;

async function tokenBy(id: string, authentication: oidc.ClientAuth): Promise<string> {
  return (await oidc.clientCredentialsGrant(configured(server, id, authentication))).access_token;
}

describe("a client that has a secret", () => {
  test.each([
    ["client_secret_basic", oidc.ClientSecretBasic],
    ["client_secret_post", oidc.ClientSecretPost],
  ])("gets a token by %s, and provisions with it", async (_, authentication) => {
    const made = await server.newClient();
    const config = configured(server, made.id, authentication(secretOf(made)));
    const granted = await oidc.clientCredentialsGrant(config, { scope: "scim" });
    expect(granted).toMatchObject({ token_type: "bearer", expires_in: 3_600, scope: "scim" });
    const response = await fetch(`${server.baseUrl}/Users`, {
      method: "POST",
      body: JSON.stringify(user(`${made.id}@example.com`)),
      headers: { authorization: `Bearer ${granted.access_token}`, "content-type": "application/scim+json" },
    });
    expect(response.status).toBe(201);
  });

  test("is who is seen to provision, not each of its tokens: contact stands on the client", async () => {
    const made = await server.newClient();
    for (let n = 0; n < 2; n += 1)
      expect(await server.shown(await tokenBy(made.id, oidc.ClientSecretPost(secretOf(made))))).toBe(200);
    const client = await readToken(server.operations.table, made.id);
    expect(client).toMatchObject({
      isClient: true,
      label: "Entra",
      idp: "entra",
      firsts: { read: expect.any(Number) },
    });
  });

  test("is refused with another one's secret", async () => {
    const [one, other] = [await server.newClient(), await server.newClient()];
    await expect(tokenBy(one.id, oidc.ClientSecretBasic(secretOf(other)))).rejects.toMatchObject({
      status: 401,
      code: "OAUTH_WWW_AUTHENTICATE_CHALLENGE",
    });
  });
});

describe("an access token", () => {
  test("ends after the minutes of the tenant file, and the next one is good", async () => {
    const later = await oauthServer();
    const made = await later.newClient();
    const config = configured(later, made.id, oidc.ClientSecretPost(secretOf(made)));
    const { access_token: token } = await oidc.clientCredentialsGrant(config);
    later.pass(59 * 60_000);
    expect(await later.shown(token)).toBe(200);
    later.pass(2 * 60_000);
    const answer = await later.ask("GET", "/Users", undefined, { authorization: `Bearer ${token}` });
    expect(answer.status).toBe(401);
    expect(answer.body["detail"]).toContain("get another from /oauth/token");
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect(await later.shown((await oidc.clientCredentialsGrant(config)).access_token)).toBe(200);
    await later.close();
  });

  test("ends with its client, at the next request", async () => {
    const made = await server.newClient();
    const authentication = oidc.ClientSecretPost(secretOf(made));
    const token = await tokenBy(made.id, authentication);
    await revokeClient(server.operations, made.id);
    expect(await server.shown(token)).toBe(401);
    await expect(tokenBy(made.id, authentication)).rejects.toThrow(refused);
  });

  test("is no token of another client, nor is a secret one", async () => {
    const [one, other] = [await server.newClient(), await server.newClient()];
    const token = await tokenBy(one.id, oidc.ClientSecretPost(secretOf(one)));
    expect(await server.shown(token.replace(one.id, other.id))).toBe(401);
    expect(await server.shown(secretOf(one))).toBe(401);
    expect(await server.shown(secretOf(one).replace("rcs_", "rc_"))).toBe(401);
    expect(await server.shown(secretOf(one).replace("rcs_", "rca_"))).toBe(401);
  });
});

describe("a rotation", () => {
  test("lets both secrets in until it is finished, and then the newer alone", async () => {
    const made = await server.newClient();
    const older = oidc.ClientSecretPost(secretOf(made));
    const newer = oidc.ClientSecretPost(secretOf(await rotateClient(server.operations, made.id)));
    const tokens = [await tokenBy(made.id, older), await tokenBy(made.id, newer)];
    await finishRotation(server.operations, made.id);
    await expect(tokenBy(made.id, older)).rejects.toThrow(refused);
    tokens.push(await tokenBy(made.id, newer));
    expect(await Promise.all(tokens.map(server.shown))).toEqual([200, 200, 200]);
    await rotateClient(server.operations, made.id);
    await undoRotation(server.operations, made.id);
    expect(await server.shown(await tokenBy(made.id, newer))).toBe(200);
  });

  test("never has a third secret, and is begun before it is finished", async () => {
    const made = await server.newClient();
    await expect(finishRotation(server.operations, made.id)).rejects.toThrow("is not being rotated");
    await rotateClient(server.operations, made.id);
    await expect(rotateClient(server.operations, made.id)).rejects.toThrow("--finish ends the older of the two");
  });
});

const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();

describe("a client that has a key", () => {
  const pairs = {
    ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
    RS256: generateKeyPairSync("rsa", { modulusLength: 2_048 }),
    PS256: generateKeyPairSync("rsa", { modulusLength: 2_048 }),
    EdDSA: generateKeyPairSync("ed25519"),
  };
  const algorithms = {
    ES256: { name: "ECDSA", namedCurve: "P-256" },
    RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    PS256: { name: "RSA-PSS", hash: "SHA-256" },
    EdDSA: { name: "Ed25519" },
  };
  const signer = async (name: keyof typeof pairs) => {
    const pkcs8 = pairs[name].privateKey.export({ type: "pkcs8", format: "der" });
    return await crypto.subtle.importKey("pkcs8", pkcs8, algorithms[name], false, ["sign"]);
  };

  test.each(["ES256", "RS256", "PS256", "EdDSA"] as const)("gets a token by private_key_jwt with %s", async (name) => {
    const made = await server.newClient(publicKeysIn(pem(pairs[name].publicKey), "key.pem"));
    expect(made.secret).toBeUndefined();
    const token = await tokenBy(made.id, oidc.PrivateKeyJwt(await signer(name)));
    expect(await server.shown(token)).toBe(200);
  });

  test("rotates it as others rotate a secret", async () => {
    const made = await server.newClient(publicKeysIn(pem(pairs.ES256.publicKey), "key.pem"));
    await rotateClient(server.operations, made.id, publicKeysIn(pem(pairs.EdDSA.publicKey), "key.pem"));
    const [older, newer] = [oidc.PrivateKeyJwt(await signer("ES256")), oidc.PrivateKeyJwt(await signer("EdDSA"))];
    expect(await server.shown(await tokenBy(made.id, older))).toBe(200);
    expect(await server.shown(await tokenBy(made.id, newer))).toBe(200);
    await finishRotation(server.operations, made.id);
    await expect(tokenBy(made.id, older)).rejects.toThrow(refused);
    expect(await server.shown(await tokenBy(made.id, newer))).toBe(200);
  });
});
