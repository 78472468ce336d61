/** Header tricks: what a client writes there decides neither who it is, nor what is done, nor where anything lies. */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Harness, harness, textOf } from "../handlers/harness.ts";
import { patch, startServer, type TestServer, user } from "../local/served.ts";

const users = "/scim/v2/Users";

let api: Harness;
let ada: string;
beforeAll(async () => {
  api = await harness();
  ada = `${users}/${textOf((await api.ask("POST", users, { body: user("ada@example.com") })).body["id"])}`;
});
afterAll(() => api.close());

describe("several Authorization headers", () => {
  test.each([
    ["two tokens", (token: string) => `Bearer ${token},Bearer ${token}`],
    ["ours and then another", (token: string) => `Bearer ${token}, Basic YTpi`],
    ["another and then ours", (token: string) => `Basic YTpi, Bearer ${token}`],
    ["two in one", (token: string) => `Bearer ${token} ${token}`],
  ])("%s: 401, for what one of them proves the other may not spoil", async (_, both) => {
    expect((await api.ask("GET", users, { headers: { authorization: both(api.token) } })).status).toBe(401);
  });

  test("sent as two, the first alone counts in the embedded mode, and no answer is a fault", async () => {
    const server = await startServer();
    try {
      const wrong = `Bearer ${server.token}x`;
      expect(await statusOf(server, [wrong, `Bearer ${server.token}`])).toBe(401);
      expect(await statusOf(server, [`Bearer ${server.token}`, wrong])).toBe(200);
    } finally {
      await server.close();
    }
  });
});

async function statusOf(server: TestServer, authorizations: readonly string[]): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const headers = authorizations.flatMap((value) => ["Authorization", value]);
    const asked = request(`${server.baseUrl}/Users`, { headers: ["Host", "localhost", ...headers] }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on("error", reject).end();
  });
}

describe("a header that other servers obey", () => {
  const tricks: Record<string, string> = {
    "x-http-method-override": "DELETE",
    "x-http-method": "DELETE",
    "x-method-override": "DELETE",
    "x-original-url": "/scim/v2/Groups",
    "x-rewrite-url": "/scim/v2/Groups",
    "x-original-method": "DELETE",
    "x-forwarded-prefix": "/evil",
    "x-forwarded-host": "evil.example.net",
    "x-forwarded-server": "evil.example.net",
    "x-host": "evil.example.net",
    host: "evil.example.net",
    forwarded: "host=evil.example.net;proto=http",
    "x-forwarded-for": "127.0.0.1",
    "x-tenant": "other",
    "x-amzn-oidc-identity": "admin",
    "x-scim-admin": "true",
  };

  test.each(Object.entries(tricks))("%s: %s changes nothing", async (name, value) => {
    const answer = await api.ask("GET", `${ada}?_method=DELETE`, { headers: { [name]: value } });
    expect(answer).toMatchObject({ status: 200, body: { userName: "ada@example.com" } });
    expect(answer.body["meta"]).toMatchObject({ location: `https://scim.example.com${ada}` });
    expect(answer.text).not.toContain("evil");
    expect((await api.ask("GET", ada)).status).toBe(200);
  });

  test("no cookie, no CORS: a browser that somebody tricks has nothing to send and gets nothing to read", async () => {
    const headers = {
      origin: "https://evil.example.net",
      cookie: `authorization=Bearer ${api.token}`,
      authorization: undefined,
    };
    const answers = [
      await api.ask("GET", users, { headers }),
      await api.ask("OPTIONS", users, { headers: { ...headers, "access-control-request-method": "GET" } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    const names = answers.flatMap((answer) => Object.keys(answer.headers));
    expect(names.filter((name) => /^(?:set-cookie|access-control-)/i.test(name))).toEqual([]);
  });
});

describe("what a header may reflect", () => {
  const evil = "x\r\nset-cookie: a=b\r\n\r\n<script>";

  test("no line ends in a header of ours, whatever is sent in any place that a header may come from", async () => {
    const proxied = await harness({ change: (p) => ({ ...p, tenant: { ...p.tenant, trustsProxy: true } }) });
    try {
      const headers = {
        "x-forwarded-host": evil,
        "x-forwarded-proto": evil,
        accept: evil,
        "accept-encoding": evil,
        "if-none-match": evil,
        "user-agent": evil,
        "x-request-id": evil,
      };
      const body = user(`${evil}@example.com`, { externalId: evil, id: evil, meta: { location: evil, version: evil } });
      const answers = [
        await proxied.ask("POST", users, { body, headers }),
        await proxied.ask("GET", `${users}/${encodeURIComponent(evil)}`, { headers }),
        await proxied.ask("GET", `${users}?filter=${encodeURIComponent(`externalId eq "${evil}"`)}`, { headers }),
        await proxied.ask("TRACE\r\nx: y", users, { headers }),
        await proxied.ask("GET", "/scim/v2/Users", { headers: { authorization: `Bearer ${evil}` } }),
        await proxied.ask("PATCH", `${users}/1`, { body: patch(), headers: { "content-type": evil } }),
      ];
      const all = answers.flatMap((answer) =>
        Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`),
      );
      expect(all.length).toBeGreaterThan(10);
      expect(all.filter((line) => /[\r\n\0]|script|set-cookie/i.test(line))).toEqual([]);
      expect(answers[0]).toMatchObject({ status: 201 });
      expect(answers[0]?.headers["location"]).toMatch(/^https:\/\/scim\.example\.com\/scim\/v2\/Users\/[0-9a-f-]{36}$/);
    } finally {
      proxied.close();
    }
  });
});

describe("a header of a hundred thousand characters", () => {
  const long = "x".repeat(100_000);

  test.each([
    ["accept", "a/b,".repeat(25_000)],
    ["accept-encoding", "gzip;q=0,".repeat(10_000)],
    ["if-match", 'W/"9",'.repeat(16_000)],
    ["if-none-match", long],
    ["user-agent", "okt".repeat(30_000)],
    ["x-forwarded-host", `${"a.".repeat(50_000)}com`],
    ["content-type", `application/json; charset=${long}`],
    ["content-encoding", long],
  ])("%s: is answered, in a line", async (name, value) => {
    const asked = { body: patch({ op: "replace", path: "title", value: "t" }), headers: { [name]: value } };
    const answer = await api.ask("PATCH", ada, asked);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text.length).toBeLessThan(2_000);
  });
});

describe("a media type (RFC 7644 3.8)", () => {
  test.each([
    "text/html",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/json, text/html",
    "application/json\u0000",
    "application/scim+json+x",
    "application/json; charset=utf-16",
    "application/json; charset=utf-7",
    'application/json; charset="iso-8859-1"',
  ])("%j: 415", async (type) => {
    const answer = await api.ask("POST", users, { body: user("typed@example.com"), headers: { "content-type": type } });
    expect(answer.status).toBe(415);
  });

  test("an answer is never HTML, whatever is accepted, and so nothing that was sent can run in a browser", async () => {
    const body = user("<script>alert(1)</script>@example.com");
    const answer = await api.ask("POST", users, { body, headers: { accept: "text/html" } });
    expect([answer.status, answer.headers["content-type"]]).toEqual([201, "application/scim+json"]);
  });
});

describe("an ETag (RFC 7644 3.14)", () => {
  const write = (tag: string) =>
    api.ask("PATCH", ada, {
      body: patch({ op: "replace", path: "nickName", value: tag }),
      headers: { "if-match": tag },
    });

  test.each(['W/"0"', '"999"', "1", "W/1", 'W/"1" or 1', '""', "", 'w/"1"', 'W/"1e0"', 'W/"01"', 'W/" 1"', "null"])(
    "If-Match: %s is not the version that is there: 412, and nothing is written",
    async (tag) => {
      const before = (await api.ask("GET", ada)).text;
      expect((await write(tag)).status).toBe(412);
      expect((await api.ask("GET", ada)).text).toBe(before);
    },
  );
});
