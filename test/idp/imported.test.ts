/** The first cycle of an identity provider in a tenant whose users the application had before. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { main } from "../../lib/cli/main.ts";
import { company } from "../../lib/ops/simulate/company.ts";
import { simulate } from "../../lib/ops/simulate/simulate.ts";
import { systemClock } from "../../lib/system.ts";
import { startServer, type TestServer, user } from "../local/served.ts";

const { people } = company({ users: 25, groups: 2, seed: 1 });

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
  const path = join(server.dataDir, "people.csv");
  const rows = people.map(({ userName, givenName }) => `${userName.toUpperCase()},${givenName},${userName},of old`);
  writeFileSync(path, `userName,name.givenName,"emails[type eq ""work""].value",title\n${rows.join("\n")}\n`);
  const code = await main(["import", path, "--local"], {
    stdout: () => {},
    stderr: () => {},
    colours: false,
    interruption: () => new AbortController().signal,
    settings: { dataDir: server.dataDir, tenant: "acme", tenantsDir: join(import.meta.dirname, "../../tenants") },
  });
  if (code !== 0) throw new Error(`the import ended with ${code}`);
});
afterEach(async () => await server.close());

async function userCount(): Promise<unknown> {
  return (await server.ask("GET", "/Users?count=0")).body["totalResults"];
}

describe("after an import of everybody", () => {
  test.each(["entra", "okta"] as const)("the first cycle of %s meets no 409 and makes nobody anew", async (idp) => {
    const seen: string[] = [];
    const watching: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      seen.push(
        `${init?.method ?? "GET"} ${pathname.replace(/^\/scim\/v2/, "").replace(/[0-9a-f-]{36}/, "id")} ${response.status}`,
      );
      return response;
    };
    // This Entra patches only what changes in its own first cycle, so what it never sent stays as it was imported.
    const { baseUrl, token } = server;
    const given = { baseUrl, token, clock: systemClock, fetch: watching };
    const done = await simulate({
      idp,
      users: 25,
      groups: 2,
      seed: 1,
      concurrency: 4,
      verify: idp === "okta",
      ...given,
    });
    expect(done).toMatchObject({ ok: true, users: 25 });
    // Entra looks for some by externalId, which the file has not, and posts them: they are taken over.
    expect(seen.filter((answer) => answer.endsWith(" 409"))).toEqual([]);
    expect(await userCount()).toBe(25);
  });

  test("one that creates without a search is answered with 201 and who is there, once", async () => {
    const userName = people[0]?.userName ?? "";
    const found = await server.ask("GET", `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`);
    const id = (found.body["Resources"] as { id: string }[])[0]?.id ?? "";
    const first = await server.ask("POST", "/Users", user(userName, { externalId: "A-1" }));
    expect(first).toMatchObject({ status: 201, body: { id, userName, externalId: "A-1", active: true } });
    expect(first.body["title"]).toBeUndefined();
    expect(await server.ask("POST", "/Users", user(userName))).toMatchObject({ status: 409 });
    expect(await userCount()).toBe(25);
  });
});
