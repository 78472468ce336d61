/** What the token endpoint takes, to the letter (RFC 6749 sections 2.3, 3.2, 4.4 and 5). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MadeClient } from "../../lib/ops/clients.ts";
import { TableError } from "../../lib/provisioning/ports.ts";
import { apiEvent, type Asked } from "../handlers/event.ts";
import { acme } from "../local/served.ts";
import { type Answer, grant, tokenEndpoint, type TokenEndpoint } from "./in-process.ts";
import { basic, withOAuth } from "./served.ts";

let endpoint: TokenEndpoint;
let client: MadeClient;
let secret: string;
beforeAll(async () => {
  endpoint = tokenEndpoint();
  client = await endpoint.newClient();
  secret = client.secret ?? "";
});
afterAll(() => endpoint.close());

const percent = (text: string) => text.replaceAll(/./g, (one) => `%${one.charCodeAt(0).toString(16)}`);

describe("a request for a token is answered with one", () => {
  const ways: Record<string, () => Promise<Answer>> = {
    "with id and secret in the header": () => endpoint.post(grant, { headers: basic(client.id, secret) }),
    "with both in the form's own encoding there, as the RFC has it": () =>
      endpoint.post(grant, { headers: basic(percent(client.id), percent(secret)) }),
    "with the scheme in small letters": () =>
      endpoint.post(grant, {
        headers: { authorization: basic(client.id, secret)["authorization"]?.replace("Basic", "basic") },
      }),
    "with id and secret in the body": () => endpoint.post({ ...grant, client_id: client.id, client_secret: secret }),
    "with the id in the body as well as in the header": () =>
      endpoint.post({ ...grant, client_id: client.id }, { headers: basic(client.id, secret) }),
    "with a scope, which the answer names": () =>
      endpoint.post({ ...grant, scope: "openid scim" }, { headers: basic(client.id, secret) }),
    "with parameters that nobody knows, and some without a value": () =>
      endpoint.post({ ...grant, resource: "x", client_secret: "" }, { headers: basic(client.id, secret) }),
    "with a charset": () =>
      endpoint.post(grant, {
        headers: {
          ...basic(client.id, secret),
          "content-type": 'Application/X-WWW-Form-URLencoded; Charset="UTF-8"',
        },
      }),
    "with a body that the gateway hands over as text": () =>
      endpoint.post({ ...grant, client_id: client.id, client_secret: secret }, { base64: false }),
  };

  test.each(Object.entries(ways))("%s", async (_, ask) => {
    const answer = await ask();
    expect(answer).toEqual({
      status: 200,
      headers: { "content-type": "application/json", "cache-control": "no-store", pragma: "no-cache" },
      body: {
        access_token: expect.stringMatching(new RegExp(`^rca_${client.id}_[A-Za-z0-9]{43}$`)),
        token_type: "Bearer",
        expires_in: 3_600,
        scope: "scim",
      },
    });
  });
});

describe("a request for a token is refused", () => {
  type Row = readonly [
    what: string,
    status: number,
    error: string,
    form: () => string | Readonly<Record<string, string>>,
    asked?: () => Asked,
  ];
  const good = () => ({ headers: basic(client.id, secret) });
  const rows: readonly Row[] = [
    ["without a grant type", 400, "invalid_request", () => ({ scope: "scim" }), good],
    ["with an empty grant type", 400, "invalid_request", () => "grant_type=", good],
    [
      "with the grant type in other letters",
      400,
      "unsupported_grant_type",
      () => "grant_type=Client_Credentials",
      good,
    ],
    ["for another grant", 400, "unsupported_grant_type", () => "grant_type=password&username=a&password=b", good],
    ["without a body", 400, "invalid_request", () => "", good],
    ["with a parameter twice", 400, "invalid_request", () => "grant_type=client_credentials&scope=a&scope=b", good],
    [
      "with the secret in the header and in the body",
      400,
      "invalid_request",
      () => ({ ...grant, client_id: client.id, client_secret: secret }),
      good,
    ],
    ["with a secret and an assertion", 400, "invalid_request", () => ({ ...grant, client_assertion: "a.b.c" }), good],
    [
      "with another id in the body than in the header",
      400,
      "invalid_request",
      () => ({ ...grant, client_id: "another" }),
      good,
    ],
    ["with a secret and no id", 400, "invalid_request", () => ({ ...grant, client_secret: secret })],
    [
      "with an assertion of another type",
      400,
      "invalid_request",
      () => ({ ...grant, client_assertion: "a.b.c", client_assertion_type: "urn:ietf:params:oauth:saml2-bearer" }),
    ],
    [
      "with the type of an assertion alone",
      400,
      "invalid_request",
      () => ({ ...grant, client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" }),
    ],
    [
      "in JSON",
      400,
      "invalid_request",
      () => JSON.stringify(grant),
      () => ({ headers: { ...good().headers, "content-type": "application/json" } }),
    ],
    [
      "in another charset",
      400,
      "invalid_request",
      () => grant,
      () => ({
        headers: { ...good().headers, "content-type": "application/x-www-form-urlencoded; charset=iso-8859-1" },
      }),
    ],
    ["of more than 16 kB", 413, "invalid_request", () => ({ ...grant, scope: "x".repeat(17_000) }), good],
    ["without anything that proves who asks", 401, "invalid_client", () => grant],
    ["with an id alone", 401, "invalid_client", () => ({ ...grant, client_id: client.id })],
    ["with an empty secret", 401, "invalid_client", () => grant, () => ({ headers: basic(client.id, "") })],
    [
      "with the secret and a colon more",
      401,
      "invalid_client",
      () => grant,
      () => ({ headers: basic(client.id, `${secret}:`) }),
    ],
    [
      "with an id of odd letters",
      401,
      "invalid_client",
      () => ({ ...grant, client_id: "Token#\u0000é", client_secret: secret }),
    ],
    [
      "with an id of a thousand letters",
      401,
      "invalid_client",
      () => ({ ...grant, client_id: "a".repeat(1_000), client_secret: "x" }),
    ],
    [
      "with a bearer token",
      401,
      "invalid_client",
      () => grant,
      () => ({ headers: { authorization: `Bearer ${secret}` } }),
    ],
    [
      "with a header that is no base64",
      401,
      "invalid_client",
      () => grant,
      () => ({ headers: { authorization: "Basic ÿ" } }),
    ],
  ];

  const named = rows.map(([what, status, error, form, asked]) => ({ what, status, error, form, asked }));

  test.each(named)("$what: $status $error", async ({ status, error, form, asked }) => {
    const answer = await endpoint.post(form(), asked?.());
    expect(answer).toMatchObject({ status, body: { error, error_description: expect.any(String) } });
    // RFC 6749 section 5.2: printable ASCII without quotation mark and backslash.
    expect(answer.body.error_description).toMatch(/^[\x20\x21\x23-\x5B\x5D-\x7E]+$/);
    expect(answer.headers).toMatchObject({ "cache-control": "no-store", "content-type": "application/json" });
    expect(answer.headers["www-authenticate"]).toBe(status === 401 ? 'Basic realm="oauth"' : undefined);
    expect(JSON.stringify(answer)).not.toContain(secret);
    await endpoint.clock.sleep(16 * 60_000);
  });

  test.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])("by %s", async (method) => {
    const result = await endpoint.handler(apiEvent(method, "/oauth/token"));
    expect(result).toMatchObject({ statusCode: 405, headers: { allow: "POST" } });
  });

  test("with credentials in the query, where logs keep them", async () => {
    const query = `client_id=${client.id}&client_secret=${secret}`;
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = "grant_type=client_credentials";
    const result = await endpoint.handler(apiEvent("POST", `/oauth/token?${query}`, { headers, body }));
    expect(result.statusCode).toBe(401);
  });

  test("from an address that allowFrom does not name, before anything is read", async () => {
    const elsewhere = tokenEndpoint({
      tenant: { ...withOAuth, allowFrom: [{ family: "ipv4", address: "203.0.113.0", bits: 24 }] },
    });
    const made = await elsewhere.newClient();
    const headers = basic(made.id, made.secret ?? "");
    expect(await elsewhere.post(grant, { headers })).toMatchObject({
      status: 403,
      body: { error: "unauthorized_client" },
    });
    expect(await elsewhere.post(grant, { headers, sourceIp: "203.0.113.9" })).toMatchObject({ status: 200 });
    elsewhere.close();
  });

  test("when the store does not answer: 503, to be sent again; nothing of ours stands in it", async () => {
    const fails = tokenEndpoint({
      table: (table) => ({
        ...table,
        write: async () => {
          throw new TableError("throttled", `Access#${secret}`);
        },
      }),
    });
    const made = await fails.newClient();
    const answer = await fails.post(grant, { headers: basic(made.id, made.secret ?? "") });
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
    expect(JSON.stringify([answer, fails.told])).not.toContain(secret);
    fails.close();
  });

  test("by a tenant whose file has no oauth, whatever is in its table", async () => {
    const without = tokenEndpoint({ tenant: acme });
    const made = await without.newClient();
    const answer = await without.post(grant, { headers: basic(made.id, made.secret ?? "") });
    expect(answer).toMatchObject({ status: 400, body: { error: "unauthorized_client" } });
    without.close();
  });
});

test("the log has the client's id, and neither secret nor token", async () => {
  const { body } = await endpoint.post(grant, { headers: basic(client.id, secret) });
  expect(endpoint.told.lines.at(-1)).toMatchObject({
    message: "answered",
    route: "/oauth/token",
    status: 200,
    tokenId: client.id,
  });
  const all = JSON.stringify(endpoint.told);
  for (const text of [secret, body.access_token ?? ""]) expect(all).not.toContain(text.split("_")[2]);
});
