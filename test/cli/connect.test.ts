import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { idpNames } from "../../lib/ops/idp/idp.ts";
import { listTokens } from "../../lib/provisioning/token.ts";
import { type Played, played } from "../ops/played.ts";
import { commandOn, type Ran, type World } from "./run.ts";

let world: Played;
let run: (words: string | readonly string[], as?: World) => Promise<Ran>;
beforeEach(() => {
  world = played();
  run = commandOn(world);
});
afterEach(() => world.close());

const tokens = async () => await listTokens(world.operations.table);
const tokenIn = (text: string) => /rc_[a-z0-9]+_[A-Za-z0-9]+/.exec(text)?.[0] ?? "";

describe("connect", () => {
  test("prints the base URL, a fresh token that works, the mapping and the switches that are forgotten", async () => {
    const { code, out } = await run("connect entra --local --no-watch --expires-days 90");
    expect(code).toBe(0);
    expect(out).toMatch(/Tenant URL {4}\S.*\n {2}Secret Token {2}rc_/);
    expect(out).toMatch(/^email \+ +emails\[type eq "work"\]\.value +mail$/m);
    expect(out).toContain("! Provisioning Status is Off after the first save: nothing is sent.");
    expect(await tokens()).toMatchObject([
      { idp: "entra", label: "Microsoft Entra ID", expiresAt: expect.any(Number) },
    ]);
    expect((await world.ask("GET", "/Users", undefined, tokenIn(out))).status).toBe(200);
  });

  test.each([...idpNames, "other"])("%s: fits 80 columns, but for what is to be copied", async (idp) => {
    const { out } = await run(`connect ${idp} --local --no-watch`);
    expect(out.split("\n").filter((text) => text.length > 80 && !text.includes("rc_"))).toEqual([]);
  });

  test("any other identity provider gets words that fit any, and is recognised by what it sends", async () => {
    const { code, out } = await run(["connect", "other", "--local", "--no-watch", "--token-label", "HR tool"]);
    expect([code, out]).toEqual([0, expect.stringContaining("Connect the identity provider")]);
    const [token] = await tokens();
    expect([token?.label, token?.idp]).toEqual(["HR tool", undefined]);
  });

  test("an unknown name is a usage error that lists those there are, and makes no token", async () => {
    expect(await run("connect entrra --local")).toMatchObject({
      code: 2,
      err: expect.stringContaining('"entrra" is not known; expected entra, okta, '),
    });
    expect(await tokens()).toEqual([]);
  });

  test("neither to make a token nor to watch is nothing to do", async () => {
    expect(await run("connect okta --local --token-id k --no-watch")).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("--token-id goes on watching"),
    });
  });

  test("--json is data, and does not watch", async () => {
    const { code, out } = await run("connect okta --local --json");
    const plan = JSON.parse(out);
    expect(code).toBe(0);
    expect(plan).toMatchObject({ idp: "okta", baseUrl: { field: "SCIM connector base URL" }, token: { idp: "okta" } });
    expect(plan.token.token).toMatch(/^rc_/);
    expect(plan.mapping).toContainEqual(expect.objectContaining({ attribute: "login", send: ["userName"] }));
  });

  test("--json --watch is one line of data for each thing that is seen", async () => {
    const token = await world.connect("okta");
    await world.ask("GET", "/Users");
    const id = token.split("_")[1] ?? "";
    const { out } = await run(`connect okta --local --json --watch --token-id ${id}`, { interrupted: true });
    const lines = out
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text));
    expect(lines).toEqual([
      expect.objectContaining({ event: "plan", idp: "okta" }),
      { event: "seen", first: "read", at: expect.stringMatching(/Z$/) },
    ]);
    expect(lines[0]).not.toHaveProperty("token");
  });

  test("watching: what is seen is ticked off, what is missing is told at the end, and how to go on", async () => {
    const token = await world.connect("okta");
    await world.ask("GET", "/Users");
    const id = token.split("_")[1] ?? "";
    const { code, out, err } = await run(`connect okta --local --token-id ${id}`, { interrupted: true });
    expect(code).toBe(0);
    expect(out).toMatch(
      /✓ 20\S+ \S+ UTC {2}the connection test, or another search\n {2}Not seen yet: the first user, /,
    );
    expect(out).not.toContain("rc_");
    expect(err).toContain(`npx rollcall connect okta --token-id ${id} --local`);
    expect(await tokens()).toHaveLength(1);
  });

  test("where npm start does not run it says so, instead of watching for ever without a word", async () => {
    const server = createServer((_request, response) => void response.writeHead(401).end());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const baseUrl = `http://127.0.0.1:${port}/scim/v2`;
    const connect = async () => await run("connect okta --local", { interrupted: true, baseUrl });
    expect((await connect()).err).not.toContain("Nothing answers");
    server.closeAllConnections();
    await once(server.close(), "close");
    expect(await connect()).toMatchObject({
      code: 0,
      err: expect.stringContaining(`Nothing answers at ${baseUrl}, so nothing will be seen: start it`),
    });
    const { err } = await run("connect okta --local --no-watch", { baseUrl });
    expect(err).toBe("");
  });

  test("a token that is not there fails in a sentence", async () => {
    expect(await run("connect okta --local --token-id nobody")).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no token "nobody"'),
    });
  });
});
