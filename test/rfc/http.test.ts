/** HTTP: RFC 7644 section 3.8 and 3.13, through the embedded gateway, as a client on the network sees it. */
import { gunzipSync } from "node:zlib";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../local/served.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => await server.close());

interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** As sent: fetch would normalise the path and unpack the answer. */
async function raw(method: string, path: string, headers: Record<string, string> = {}): Promise<Seen> {
  const { hostname, port } = new URL(server.baseUrl);
  return await new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path, headers: { authorization: `Bearer ${server.token}`, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }),
        );
      },
    );
    sent.on("error", reject).end();
  });
}

describe("on the network", () => {
  test.each(["/scim/v2/Users", "/scim/v2/Users/", "//scim//v2//users", "/SCIM/V2/USERS/"])(
    "%s is read (R117)",
    async (path) => {
      expect((await raw("GET", path)).status).toBe(200);
    },
  );

  test.each(["/scim/v1/Users", "/scim/v3/Users", "/Users", "/", "/scim/v2/nothing/at/all"])(
    "%s: 404 as a SCIM error (R116, R117)",
    async (path) => {
      const { status, headers, bytes } = await raw("GET", path);
      expect([status, headers["content-type"]]).toEqual([404, "application/scim+json"]);
      expect(JSON.parse(bytes.toString())).toMatchObject({ status: "404" });
    },
  );

  test("gzip comes as bytes, and unpacks to what comes without", async () => {
    const packed = await raw("GET", "/scim/v2/Schemas", { "accept-encoding": "gzip" });
    const plain = await raw("GET", "/scim/v2/Schemas");
    expect([packed.headers["content-encoding"], plain.headers["content-encoding"]]).toEqual(["gzip", undefined]);
    expect(gunzipSync(packed.bytes).equals(plain.bytes)).toBe(true);
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 4);
  });

  test("HEAD has the headers of GET and no body; OPTIONS says what may be asked (R93)", async () => {
    const [head, get] = [await raw("HEAD", "/scim/v2/Users"), await raw("GET", "/scim/v2/Users")];
    expect([head.status, head.headers["content-type"], head.bytes.length]).toEqual([
      200,
      get.headers["content-type"],
      0,
    ]);
    expect(await raw("OPTIONS", "/scim/v2/Users")).toMatchObject({
      status: 204,
      headers: { allow: "GET, HEAD, POST, OPTIONS" },
    });
  });

  test("locations stand under the host that the client asked for (R27)", async () => {
    const { bytes } = await raw("GET", "/scim/v2/ServiceProviderConfig", { host: "scim.acme.test:8080" });
    const location = "http://scim.acme.test:8080/scim/v2/ServiceProviderConfig";
    expect(JSON.parse(bytes.toString())).toMatchObject({ meta: { location } });
  });
});
