/** allowFrom of the tenant file: where requests may come from. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { addressRange } from "../../lib/provisioning/address-range.ts";
import { readStranger } from "../../lib/provisioning/contact.ts";
import type { Table } from "../../lib/provisioning/ports.ts";
import { readRefusedAddress } from "../../lib/provisioning/refused-address.ts";
import { newToken, tokenId } from "../../lib/token.ts";
import { startServer } from "../local/served.ts";
import { acme } from "../local/served.ts";
import { type Harness, harness, scimErrorSchema } from "./harness.ts";

const allowFrom = ["203.0.113.0/24", "2001:db8::/32"].flatMap((text) => addressRange(text) ?? []);
const outside = "198.51.100.7";

let api: Harness;
let used: string[];
beforeEach(async () => {
  used = [];
  api = await harness({ change: (p) => ({ ...p, tenant: { ...p.tenant, allowFrom }, table: watched(p.table) }) });
});
afterEach(() => api.close());

function watched(table: Table): Table {
  return {
    ...table,
    get: async (key) => {
      used.push(`get ${key.sk}`);
      return await table.get(key);
    },
    write: async (write) => {
      used.push(`write ${write.key.sk}`);
      await table.write(write);
    },
  };
}

const users = async (sourceIp: string, headers: Readonly<Record<string, string | undefined>> = {}) =>
  await api.ask("GET", "/scim/v2/Users", { sourceIp, headers });
const noted = async () => await readRefusedAddress(api.provisioning.table, api.provisioning.clock.now());

describe("a request from an address that allowFrom names", () => {
  test.each(["203.0.113.200", "2001:db8:1::1"])("is answered: %s", async (address) => {
    expect(await users(address)).toMatchObject({ status: 200 });
  });

  test("needs a token like any other", async () => {
    expect(await users("203.0.113.200", { authorization: undefined })).toMatchObject({ status: 401 });
  });
});

describe("a request from elsewhere", () => {
  test("gets a 403 as a SCIM error that names the address and the cure", async () => {
    const { status, headers, body } = await users(outside);
    expect({ status, type: headers["content-type"] }).toEqual({
      status: 403,
      type: expect.stringContaining("scim+json"),
    });
    expect(body).toEqual({
      schemas: [scimErrorSchema],
      status: "403",
      detail: expect.stringMatching(
        /^requests from 198\.51\.100\.7 are not accepted here; .* allowFrom of the tenant file$/,
      ),
    });
  });

  test.each(["x-forwarded-for", "X-Forwarded-For", "forwarded", "x-real-ip", "cf-connecting-ip"])(
    "cannot say in %s that it comes from somewhere else",
    async (name) => {
      expect(await users(outside, { [name]: "203.0.113.200" })).toMatchObject({ status: 403 });
    },
  );

  test("has no token looked up, good or bad", async () => {
    await users(outside);
    await users(outside, { authorization: `Bearer ${newToken().text}` });
    expect(used.filter((one) => one.startsWith("get"))).toEqual([]);
  });

  test("changes nothing", async () => {
    const asked = { sourceIp: outside, body: { userName: "ada@example.com" } };
    expect(await api.ask("POST", "/scim/v2/Users", asked)).toMatchObject({ status: 403 });
    expect((await users("203.0.113.1")).body["totalResults"]).toBe(0);
  });

  test("is noted with its token's id once a minute, and not at all without a token of our form", async () => {
    await users(outside, { authorization: undefined });
    await users(outside, { authorization: "Bearer something-else" });
    expect(await noted()).toBeUndefined();
    expect(await readStranger(api.provisioning.table)).toBeUndefined();
    await users(outside);
    await users("198.51.100.8");
    expect(await noted()).toMatchObject({ address: outside, tokenId: tokenId(api.token) });
    expect(used.filter((one) => one.startsWith("write"))).toHaveLength(1);
    await api.provisioning.clock.sleep(60_000);
    await users("198.51.100.8");
    expect(await noted()).toMatchObject({ address: "198.51.100.8" });
  });

  test("leaves its address in no line of the log", async () => {
    await users(outside);
    expect(JSON.stringify(api.told)).not.toContain(outside);
  });
});

test("the embedded mode looks at the address, too", async () => {
  const server = await startServer({ tenant: { ...acme, allowFrom } });
  expect(await server.ask("GET", "/Users")).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining("127.0.0.1") },
  });
  await server.close();
});
