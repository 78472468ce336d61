import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { loopbackPost, loopbackWebhooks } from "../../lib/outbound/loopback-post.ts";
import { publicPost, type PublicPostOptions } from "../../lib/outbound/public-post.ts";
import { certificate, receiver } from "./receiver.ts";

const message = { headers: { "webhook-id": "1" }, body: '{"größe":1}' };
const loopback = [{ address: "127.0.0.1", family: 4 }];

/** Trusts the receiver, and lets this machine be a public one. */
const allowing: PublicPostOptions = {
  ca: certificate,
  isAllowed: (address) => address === "127.0.0.1",
  resolve: async () => loopback,
};

async function receiving(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const made = await receiver(answer);
  onTestFinished(() => made.close());
  return { ...made, url: `https://hooks.example.com:${made.port}/events?a=b` };
}

const answering = (status: number, headers: Record<string, string> = {}, body = "") =>
  receiving((request, response) => request.resume().on("end", () => response.writeHead(status, headers).end(body)));

describe("a request to a webhook", () => {
  test("is a POST of the body with the headers, and its answer is the status", async () => {
    const seen: unknown[] = [];
    const { url } = await receiving((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        seen.push(request.method, request.url, request.headers["webhook-id"], Buffer.concat(chunks).toString());
        response.writeHead(204).end();
      });
    });
    expect(await publicPost(allowing)(url, message)).toEqual({ status: 204 });
    expect(seen).toEqual(["POST", "/events?a=b", "1", message.body]);
  });

  test("a redirect is an answer like another: nobody is asked at the other place", async () => {
    const other = await answering(200);
    const { url } = await answering(307, { location: other.url });
    expect(await publicPost(allowing)(url, message)).toEqual({ status: 307 });
    expect(other.connections()).toBe(0);
  });

  test("what the answer asks for as a pause is told as it came", async () => {
    const { url } = await answering(429, { "retry-after": "120" });
    expect(await publicPost(allowing)(url, message)).toEqual({ status: 429, retryAfter: "120" });
  });

  test("of an answer without end the status counts, and no more than 4 kB are waited for", async () => {
    const { url } = await receiving((_request, response) => {
      response.writeHead(500);
      const flood = setInterval(() => response.write("x".repeat(2000)), 1);
      response.on("close", () => clearInterval(flood));
    });
    expect(await publicPost(allowing)(url, message)).toEqual({ status: 500 });
  });

  test("an answer that wants another protocol is a status like another", async () => {
    const { url } = await receiving((_request, response) => {
      response.socket?.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n");
    });
    expect(await publicPost(allowing)(url, message)).toEqual({ status: 101 });
  });

  test("a connection is used again, and one that was closed meanwhile is made anew", async () => {
    const made = await answering(200);
    const post = publicPost(allowing);
    await post(made.url, message);
    await post(made.url, message);
    expect(made.connections()).toBe(1);
    made.dropConnections();
    expect(await post(made.url, message)).toEqual({ status: 200 });
    expect(made.connections()).toBe(2);
  });
});

describe("a webhook that cannot be reached", () => {
  test("one that hangs is left after the time-out", async () => {
    const { url } = await receiving(() => {});
    await expect(publicPost({ ...allowing, timeoutMs: 200 })(url, message)).rejects.toMatchObject({
      problem: "timed-out",
    });
  });

  test("one whose name hangs is left after the time-out, too", async () => {
    const resolve = () => new Promise<never>(() => {});
    const sent = publicPost({ ...allowing, resolve, timeoutMs: 200 })("https://hooks.example.com/", message);
    await expect(sent).rejects.toMatchObject({ problem: "timed-out" });
  });

  test("one that presents a certificate nobody has vouched for gets no request", async () => {
    let requests = 0;
    const { url } = await receiving(() => (requests += 1));
    const { ca: _, ...untrusting } = allowing;
    await expect(publicPost(untrusting)(url, message)).rejects.toMatchObject({ problem: "certificate" });
    expect(requests).toBe(0);
  });

  test("one that presents the certificate of another name gets no request", async () => {
    const { port } = await answering(200);
    const sent = publicPost(allowing)(`https://other.example.com:${port}/`, message);
    await expect(sent).rejects.toMatchObject({ problem: "certificate" });
  });

  test("one that closes the connection instead of an answer", async () => {
    const { url } = await receiving((request) => request.socket.destroy());
    await expect(publicPost(allowing)(url, message)).rejects.toMatchObject({ problem: "connection" });
  });

  test("one whose name leads nowhere", async () => {
    const resolve = async () => {
      throw Object.assign(new Error("ENOTFOUND"), { code: "ENOTFOUND" });
    };
    const sent = publicPost({ ...allowing, resolve })("https://hooks.example.com/", message);
    await expect(sent).rejects.toMatchObject({ problem: "address-unknown" });
  });
});

describe("a webhook that leads into a private network", () => {
  const resolvingTo = (...addresses: string[]): PublicPostOptions => ({
    ca: certificate,
    resolve: async () => addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
  });

  test.each([
    [["127.0.0.1"]],
    [["::1"]],
    [["169.254.169.254"]],
    [["::ffff:127.0.0.1"]],
    [["10.0.0.7"]],
    // One of several is enough.
    [["93.184.216.34", "127.0.0.1"]],
  ])("by its name, %j, is not connected to", async (addresses) => {
    const made = await answering(200);
    const sent = publicPost(resolvingTo(...addresses))(made.url, message);
    await expect(sent).rejects.toMatchObject({ problem: "address-not-public" });
    expect(made.connections()).toBe(0);
  });

  test.each(["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0177.0.0.1", "169.254.169.254"])(
    "by the address itself, written as %s, is not connected to",
    async (host) => {
      const made = await answering(200);
      const sent = publicPost({ ca: certificate })(`https://${host}:${made.port}/`, message);
      await expect(sent).rejects.toMatchObject({ problem: "address-not-public" });
      expect(made.connections()).toBe(0);
    },
  );

  test("a name that leads elsewhere the next time (DNS rebinding) is looked at each time, and connected to where it was looked at", async () => {
    const made = await answering(200, { connection: "close" });
    const led = ["127.0.0.1", "127.0.0.2"];
    const looked: string[] = [];
    const post = publicPost({
      ca: certificate,
      resolve: async () => [{ address: led.shift() ?? "127.0.0.2", family: 4 }],
      isAllowed: (address) => {
        looked.push(address);
        return address === "127.0.0.1";
      },
    });
    expect(await post(made.url, message)).toEqual({ status: 200 });
    await expect(post(made.url, message)).rejects.toMatchObject({ problem: "address-not-public" });
    expect(looked).toEqual(["127.0.0.1", "127.0.0.2"]);
    expect(made.connections()).toBe(1);
  });

  test("http is refused before anything is looked up", async () => {
    await expect(publicPost(allowing)("http://hooks.example.com/", message)).rejects.toMatchObject({
      problem: "not-https",
    });
  });
});

describe("webhooks on this machine, to try them out", () => {
  test("are named with an address of it", () => {
    const named = loopbackWebhooks("X", "app=http://127.0.0.1:9000/events, other=http://[::1]:9001/");
    expect(named).toEqual({ app: "http://127.0.0.1:9000/events", other: "http://[::1]:9001/" });
  });

  test.each([
    "",
    "app",
    "app=",
    "app=https://127.0.0.1/",
    "app=http://localhost:9/",
    "app=http://10.0.0.1/",
    "App=http://127.0.0.1/",
  ])("%j is refused in a sentence", (text) => {
    expect(() => loopbackWebhooks("ROLLCALL_WEBHOOKS", text)).toThrow(
      /^ROLLCALL_WEBHOOKS has ".*": expected the name of a webhook, = and an address of this machine, such as/,
    );
  });

  test("no other address is ever sent to", async () => {
    await expect(loopbackPost()("http://10.0.0.1/", message)).rejects.toThrow("another address");
  });
});
