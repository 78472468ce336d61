/** Assertions that a client signs (RFC 7523 section 3, RFC 8725), by hand: what must not be believed. */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { type JWTHeaderParameters, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { publicKeysIn } from "../../lib/ops/client-keys.ts";
import { type MadeClient, revokeClient } from "../../lib/ops/clients.ts";
import { type Answer, grant, tokenEndpoint, type TokenEndpoint } from "./in-process.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const other = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const strange = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
const jwk = (key: KeyObject, more: object) => ({ ...createPublicKey(pem(key)).export({ format: "jwk" }), ...more });

const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const origin = "https://scim.example.com";

let endpoint: TokenEndpoint;
let client: MadeClient;
beforeAll(async () => {
  endpoint = tokenEndpoint();
  client = await endpoint.newClient(publicKeysIn(pem(ec.publicKey), "key.pem"));
});
afterAll(() => endpoint.close());

const seconds = () => Math.floor(endpoint.clock.now() / 1000);

interface Signed {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: JWTHeaderParameters;
  readonly key?: KeyObject | Uint8Array;
  readonly of?: MadeClient;
}

async function signed({ claims, header, key = ec.privateKey, of = client }: Signed = {}): Promise<string> {
  const usual = { iss: of.id, sub: of.id, aud: `${origin}/oauth/token`, exp: seconds() + 60, jti: randomUUID() };
  return await new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: "ES256", ...header }).sign(key);
}

async function show(assertion: string, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const answer = await endpoint.post({ ...grant, client_assertion_type: type, client_assertion: assertion, ...more });
  // Each alone: nobody is slowed down here.
  await endpoint.clock.sleep(16 * 60_000);
  return answer;
}

describe("an assertion is believed", () => {
  test.each<[string, () => NonNullable<Signed["claims"]>]>([
    ["that is for the token endpoint", () => ({})],
    ["that is for our origin, which some libraries take for the issuer", () => ({ aud: origin })],
    ["that is for several, of whom we are one", () => ({ aud: ["https://other.example.com", origin] })],
    ["that ends within the hour", () => ({ exp: seconds() + 3_600 })],
    ["that ended half a minute ago: clocks differ", () => ({ exp: seconds() - 30 })],
    ["that begins in half a minute: clocks differ", () => ({ nbf: seconds() + 30, iat: seconds() + 30 })],
  ])("%s", async (_, claims) => {
    expect(await show(await signed({ claims: claims() }))).toMatchObject({ status: 200 });
  });

  test("with the client's id beside it, too", async () => {
    expect(await show(await signed(), { client_id: client.id })).toMatchObject({ status: 200 });
  });

  test("by the key of a set that its kid names, and without a kid by any that fits", async () => {
    const keys = [jwk(ec.publicKey, { kid: "one" }), jwk(rsa.publicKey, { kid: "two", alg: "RS256" })];
    const of = await endpoint.newClient(publicKeysIn(JSON.stringify({ keys }), "keys.json"));
    const rs256 = { alg: "RS256" };
    expect(await show(await signed({ of, header: { alg: "ES256", kid: "one" } }))).toMatchObject({ status: 200 });
    expect(await show(await signed({ of, key: rsa.privateKey, header: rs256 }))).toMatchObject({ status: 200 });
    // Its own alg says that it signs nothing else; and another kid is another key.
    const wrong = [
      await signed({ of, key: rsa.privateKey, header: { alg: "PS256" } }),
      await signed({ of, header: { alg: "ES256", kid: "two" } }),
    ];
    for (const assertion of wrong) expect(await show(assertion)).toMatchObject({ status: 401 });
  });

  test("behind a name of the tenant's own, for that name and no other", async () => {
    const named = tokenEndpoint({ publicUrl: "https://scim.acme.example.com" });
    const of = await named.newClient(publicKeysIn(pem(ec.publicKey), "key.pem"));
    const by = async (aud: string) => {
      const client_assertion = await signed({ of, claims: { aud, exp: Math.floor(named.clock.now() / 1000) + 60 } });
      return (await named.post({ ...grant, client_assertion_type: type, client_assertion })).status;
    };
    expect(await by("https://scim.acme.example.com/oauth/token")).toBe(200);
    expect(await by(`${origin}/oauth/token`)).toBe(401);
    named.close();
  });
});

describe("an assertion is not believed", () => {
  test.each<[string, () => Signed]>([
    ["that another key has signed", () => ({ key: other.privateKey })],
    ["that is for another tenant", () => ({ claims: { aud: "https://other.example.com/oauth/token" } })],
    ["that is for nobody", () => ({ claims: { aud: undefined } })],
    ["that is for our SCIM endpoint", () => ({ claims: { aud: `${origin}/scim/v2` } })],
    ["of another issuer", () => ({ claims: { iss: "https://idp.example.com" } })],
    ["about another client", () => ({ claims: { sub: "anotherone" } })],
    ["that has ended", () => ({ claims: { exp: seconds() - 61 } })],
    ["that does not end", () => ({ claims: { exp: undefined } })],
    ["that ends in two hours", () => ({ claims: { exp: seconds() + 7_200 } })],
    ["that has not begun", () => ({ claims: { nbf: seconds() + 61 } })],
    ["that was made in the future", () => ({ claims: { iat: seconds() + 61 } })],
    ["without a jti, which could be shown for ever", () => ({ claims: { jti: undefined } })],
    ["with an empty jti", () => ({ claims: { jti: "" } })],
    ["with a jti of a page", () => ({ claims: { jti: "x".repeat(1_025) } })],
    [
      "that is signed by HMAC with our copy of its public key",
      () => ({ key: Buffer.from(pem(ec.publicKey)), header: { alg: "HS256" } }),
    ],
    ["that says which extension must be understood", () => ({ header: { alg: "ES256", crit: ["x"], x: 1 } })],
  ])("%s", async (_, made) => {
    const { header, ...rest } = made();
    // The library itself refuses to sign what a header calls critical and it does not know.
    const options = header?.crit === undefined ? {} : { crit: { x: false } };
    const usual = { iss: client.id, sub: client.id, aud: `${origin}/oauth/token`, exp: seconds() + 60, jti: "fresh" };
    const assertion = await new SignJWT({ ...usual, jti: randomUUID(), ...rest.claims })
      .setProtectedHeader({ alg: "ES256", ...header })
      .sign(rest.key ?? ec.privateKey, options);
    expect(await show(assertion)).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  });

  test.each(["none", "None", "HS256"])("without a signature, as alg %s", async (alg) => {
    const [, payload = ""] = (await signed()).split(".");
    const header = Buffer.from(JSON.stringify({ alg })).toString("base64url");
    expect(await show(`${header}.${payload}.`)).toMatchObject({ status: 401 });
  });

  test.each(["", "a", "a.b", "a.b.c", "..", "💥.💥.💥", "a".repeat(10_000)])("that is none: %#", async (text) => {
    expect((await show(text, { client_id: client.id })).status).toBe(text === "" ? 400 : 401);
  });

  test("a second time, nor under its jti again, until it would have ended anyway", async () => {
    const claims = { jti: "once", exp: seconds() + 3_600 };
    const assertion = await signed({ claims });
    expect(await show(assertion)).toMatchObject({ status: 200 });
    expect(await show(assertion)).toMatchObject({ status: 401 });
    const again = await signed({ claims: { ...claims, nonce: "2" } });
    expect(await show(again)).toMatchObject({ status: 401 });
  });

  test("twice when it comes twice at once", async () => {
    const assertion = await signed();
    const all = await Promise.all(Array.from({ length: 8 }, async () => await show(assertion)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("of a client that there is not, after as much work as for a wrong signature", async () => {
    const verify = vi.spyOn(crypto.subtle, "verify");
    const worked = async (assertion: string): Promise<number> => {
      verify.mockClear();
      expect(await show(assertion)).toMatchObject({ status: 401 });
      return verify.mock.calls.length;
    };
    const nobody = { ...client, id: "nobody1234" };
    for (const [key, header] of [
      [other.privateKey, { alg: "ES256" }],
      [rsa.privateKey, { alg: "RS256" }],
    ] as const) {
      const keys = publicKeysIn(pem(key === rsa.privateKey ? strange.publicKey : ec.publicKey), "key.pem");
      const known = await worked(await signed({ of: await endpoint.newClient(keys), key, header }));
      expect(await worked(await signed({ of: nobody, key, header }))).toBe(known);
      expect(known).toBe(1);
    }
    verify.mockRestore();
  });

  test("beside another client's id", async () => {
    const another = await endpoint.newClient(publicKeysIn(pem(other.publicKey), "key.pem"));
    expect(await show(await signed(), { client_id: another.id })).toMatchObject({ status: 401 });
  });

  test("about somebody else, whose own client's id stands beside it", async () => {
    const assertion = await signed({ claims: { sub: "somebody12" } });
    expect(await show(assertion, { client_id: client.id })).toMatchObject({ status: 401 });
  });

  test("of a client that was revoked", async () => {
    const of = await endpoint.newClient(publicKeysIn(pem(ec.publicKey), "key.pem"));
    await revokeClient(endpoint, of.id);
    expect(await show(await signed({ of }))).toMatchObject({ status: 401 });
  });

  test("in place of a secret, nor a secret in place of it", async () => {
    const withSecret = await endpoint.newClient();
    expect(await show(await signed({ of: withSecret }))).toMatchObject({ status: 401 });
    for (const client_secret of ["", pem(ec.publicKey), `rcs_${client.id}_x`]) {
      const answer = await endpoint.post({ ...grant, client_id: client.id, client_secret });
      expect(answer.status).toBe(401);
    }
  });
});

describe("a file with a public key", () => {
  const [one, two] = [jwk(ec.publicKey, { kid: "one" }), jwk(rsa.publicKey, { kid: "two" })];
  const small = generateKeyPairSync("rsa", { modulusLength: 1_024 });
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" });

  test.each([
    ["a JWK", JSON.stringify(one), 1],
    ["a set of them", JSON.stringify({ keys: [one, two] }), 2],
    ["PEM", pem(rsa.publicKey), 1],
  ])("may hold %s; what else stood there is not kept", (_, text, count) => {
    const keys = publicKeysIn(text, "file");
    expect(keys).toHaveLength(count);
    for (const key of keys)
      expect(Object.keys(key).filter((name) => !["kty", "crv", "x", "y", "n", "e", "kid"].includes(name))).toEqual([]);
  });

  test.each([
    ["a private JWK", JSON.stringify(ec.privateKey.export({ format: "jwk" })), "holds a private key"],
    ["a private PEM", ec.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "holds a private key"],
    ["a secret key", JSON.stringify({ kty: "oct", k: "c2VjcmV0" }), "holds a private key"],
    ["RSA of 1,024 bits", pem(small.publicKey), "take RSA of at least 2048 bits"],
    ["another curve", pem(p384.publicKey), "EC on P-256"],
    ["another algorithm", JSON.stringify({ ...one, alg: "ES384" }), "take ES256"],
    ["a key to encrypt with", JSON.stringify({ ...one, use: "enc" }), "not for signatures"],
    ["two of one kid", JSON.stringify({ keys: [one, { ...two, kid: "one" }] }), "two keys of the same kid"],
    ["no keys", JSON.stringify({ keys: [] }), "holds 0 keys"],
    ["a broken JWK", JSON.stringify({ kty: "EC", crv: "P-256", x: "AA", y: "AA" }), "cannot be read"],
    ["broken PEM", "-----BEGIN PUBLIC KEY-----\nxx\n-----END PUBLIC KEY-----", "is no PEM public key"],
    ["a word", "hello", "neither JSON nor PEM"],
  ])("is refused with a cure when it holds %s", (_, text, sentence) => {
    expect(() => publicKeysIn(text, "file")).toThrow(sentence);
  });
});
