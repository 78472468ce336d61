/** `rollcall client`, and what else an operator sees of OAuth clients. */
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createOAuthHandler } from "../../lib/handlers/oauth.ts";
import { doctor } from "../../lib/ops/doctor/doctor.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { apiEvent } from "../handlers/event.ts";
import { listening } from "../handlers/harness.ts";
import { type Played, played } from "../ops/played.ts";
import { parkingTenantFile } from "../ops/store.ts";
import { commandOn, type Ran, type World } from "./run.ts";

const tenantFile = { ...parkingTenantFile, oauth: {} };
const baseUrl = "http://127.0.0.1:8080/scim/v2";

let world: Played;
let run: (words: string | readonly string[], as?: World) => Promise<Ran>;
beforeEach(() => {
  world = played(readTenantFile("parking", tenantFile));
  run = commandOn(world, tenantFile);
});
afterEach(() => world.close());

interface Data {
  readonly id: string;
  readonly secret: string;
}
const data = async (words: string): Promise<Data> => JSON.parse((await run(`${words} --local --json`)).out) as Data;
const made = async (): Promise<Data> => await data("client create --label Entra --idp entra");

/** Asks for a token; undefined when there is none. */
async function tokenBy(id: string, secret: string): Promise<string | undefined> {
  const handler = createOAuthHandler({ provisioning: world.operations, telemetry: listening().telemetry });
  const form = { grant_type: "client_credentials", client_id: id, client_secret: secret };
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams(form).toString();
  const answer = await handler(apiEvent("POST", "/oauth/token", { headers, body }));
  return (JSON.parse(answer.body ?? "{}") as { access_token?: string }).access_token;
}

const call = async (token: string | undefined) =>
  (await world.ask("GET", "/Users?count=0", undefined, token ?? "")).status;

describe("client", () => {
  test("create prints, once and in the identity provider's words, what is to be pasted, and it works", async () => {
    const { code, out, err } = await run("client create --local --label Entra --idp entra", { baseUrl });
    expect(code).toBe(0);
    const [, id = "", secret = ""] =
      /^Token Endpoint +http:\/\/127\.0\.0\.1:8080\/oauth\/token\nClient Identifier +(\S+)\nClient Secret +(\S+)\n$/.exec(
        out,
      ) ?? [];
    expect(err).toContain("shown this once");
    expect(await call(await tokenBy(id, secret))).toBe(200);
    expect((await run("client ls --local")).out).not.toContain(secret);
  });

  test("create with a public key prints no secret", async () => {
    const file = join(world.folder, "key.pem");
    const { publicKey } = generateKeyPairSync("ed25519");
    writeFileSync(file, publicKey.export({ type: "spki", format: "pem" }));
    const { code, out } = await run(["client", "create", "--local", "--label", "own tool", "--jwk", file], { baseUrl });
    expect([code, out]).toEqual([0, expect.stringMatching(/^Token URL +\S+\nClient ID +\S+\n$/)]);
    expect((await run("client ls --local")).out).toMatch(/own tool .* a key +valid/);
  });

  test("create says of an identity provider that takes none where to read on", async () => {
    const { err } = await run("client create --local --label Okta --idp okta");
    expect(err).toContain("Okta is not known to take an OAuth client for provisioning; see docs/okta.md.");
  });

  test("rotate, ls, rotate --finish: which of the two is in use is seen before the older one ends", async () => {
    const { id, secret } = await made();
    const rotated = await data(`client rotate ${id}`);
    await tokenBy(id, secret);
    expect((await run("client ls --local", { columns: 120 })).out).toMatch(
      /two secrets +rotated: older used .* ago, newer never/,
    );
    await tokenBy(id, rotated.secret);
    expect((await run("client ls --local", { columns: 120 })).out).toMatch(/older used .* ago, newer \d.* ago/);
    expect(await run(`client rotate ${id} --local --finish`)).toMatchObject({
      code: 0,
      out: expect.stringContaining("the older"),
    });
    expect([await tokenBy(id, secret), await tokenBy(id, rotated.secret)]).toEqual([undefined, expect.any(String)]);
  });

  test("rotate --undo: a newer secret that was lost ends, and the older one goes on", async () => {
    const { id, secret } = await made();
    const rotated = await data(`client rotate ${id}`);
    expect((await run(`client rotate ${id} --local --undo`)).code).toBe(0);
    expect([await tokenBy(id, secret), await tokenBy(id, rotated.secret)]).toEqual([expect.any(String), undefined]);
  });

  test("revoke: its access tokens end with it", async () => {
    const { id, secret } = await made();
    const token = await tokenBy(id, secret);
    expect(await data(`client revoke ${id}`)).toEqual({ revoked: id });
    expect([await call(token), await tokenBy(id, secret)]).toEqual([401, undefined]);
    expect((await run("client ls --local")).out).toMatch(/revoked .* ago/);
  });

  test.each<[string, number, string]>([
    ["client create --label x --jwk nowhere.json --local", 2, "nowhere.json cannot be read"],
    ["client create --label  --local", 1, "A client needs a label of 1 to 100 characters"],
    ["client rotate abcdef --local", 1, 'There is no client "abcdef"'],
    ["client revoke Token# --local", 1, 'There is no client "Token#"'],
    ["client rotate abcdef --finish --undo --local", 2, "name one of them"],
    ["client", 2, ""],
  ])("%s is told what is wrong", async (words, code, sentence) => {
    expect(await run(words)).toMatchObject({ code, err: expect.stringContaining(sentence) });
  });

  test("a token is no client: it is not rotated, nor revoked as one", async () => {
    const { id } = await data("token create --label trial");
    for (const words of [`client rotate ${id} --local`, `client revoke ${id} --local`])
      expect(await run(words)).toMatchObject({ code: 1, err: expect.stringContaining("There is no client") });
  });
});

test("a tenant without oauth is told which key to add, and what then", async () => {
  const other = played();
  const without = commandOn(other);
  expect(await without("client create --label x --local")).toMatchObject({
    code: 1,
    err: expect.stringContaining('add "oauth": {} to tenants/parking.json and start `npm start` again'),
  });
  expect((await without("connect entra --local --no-watch")).out).not.toContain("OAuth");
  other.close();
});

describe("elsewhere", () => {
  test("token ls has clients among those who may ask, and token revoke ends one, too", async () => {
    const { id } = await made();
    expect((await run("token ls --local", { columns: 120 })).out).toMatch(
      new RegExp(`${id} .*Entra \\(OAuth client\\)`),
    );
    expect((await run(`token revoke ${id} --local`)).code).toBe(0);
  });

  test("connect says, beside the token, what an OAuth client needs, in the identity provider's words", async () => {
    const { out } = await run("connect entra --local --no-watch", { baseUrl });
    expect(out).toContain("Or, in place of Secret Token, an OAuth client:");
    expect(out).toMatch(/Token Endpoint +http:\/\/127\.0\.0\.1:8080\/oauth\/token\n/);
    expect(out).toContain('npx rollcall client create --label "Microsoft Entra ID" --idp entra --local');
    expect((await run("connect okta --local --no-watch", { baseUrl })).out).not.toContain("OAuth");
  });

  test("doctor says of a client that is turned away what to paste where", async () => {
    const checkOf = async (name: string) => (await doctor(world.operations)).checks.find((one) => one.name === name);
    const { id, secret } = await made();
    expect(await checkOf("tokens")).toMatchObject({ summary: expect.stringContaining("1 OAuth client may be used") });
    await tokenBy(id, `${secret.slice(0, -1)}-`);
    expect(await checkOf("let in")).toMatchObject({
      summary: expect.stringContaining(`A request of OAuth client ${id} ("Entra"), with a secret that is not its own`),
      action: expect.stringContaining("Microsoft Entra ID (Client Identifier, Client Secret)"),
      command: `npx rollcall client rotate ${id} --local`,
    });
    world.pass(120_000);
    await run(`client revoke ${id} --local`);
    await tokenBy(id, secret);
    expect(await checkOf("let in")).toMatchObject({
      summary: expect.stringContaining("which was revoked"),
      command: "npx rollcall client create --label production --idp entra --local",
    });
  });

  test("an access token that has ended is nothing that an operator is told: the client gets another", async () => {
    const { id, secret } = await made();
    const token = await tokenBy(id, secret);
    expect(await call(token)).toBe(200);
    world.pass(61 * 60_000);
    expect(await call(token)).toBe(401);
    const letIn = (await doctor(world.operations)).checks.find(({ name }) => name === "let in");
    expect(letIn).toMatchObject({ state: "ok" });
  });
});
