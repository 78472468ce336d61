/** What an operator is told when the identity provider calls from an address that allowFrom does not name. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { watchConnection } from "../../lib/ops/connect/watch.ts";
import type { Check } from "../../lib/ops/doctor/check.ts";
import { doctor } from "../../lib/ops/doctor/doctor.ts";
import { explain } from "../../lib/ops/explain/explain.ts";
import { addressRange } from "../../lib/provisioning/address-range.ts";
import { noteContact } from "../../lib/provisioning/contact.ts";
import { readToken } from "../../lib/provisioning/token.ts";
import { newToken, tokenId } from "../../lib/token.ts";
import { type Played, played } from "./played.ts";
import { parkingTenant } from "./store.ts";

const minute = 60_000;
const hour = 60 * minute;
const named = (...texts: string[]) => texts.flatMap((text) => addressRange(text) ?? []);

let world: Played;
let token: string;
beforeEach(async () => {
  // Requests of the tests come from 192.0.2.1.
  world = played({ ...parkingTenant, allowFrom: named("203.0.113.0/24") });
  token = await world.connect("entra");
});
afterEach(() => world.close());

const id = () => tokenId(token) ?? "";
const check = async (tenant = world.operations.tenant): Promise<Check | undefined> =>
  (await doctor({ ...world.operations, tenant })).checks.find(({ name }) => name === "addresses");
/** As if a request had been let in, with the token or with another one. */
async function letIn(text: string): Promise<void> {
  const { table, clock } = world.operations;
  const stored = await readToken(table, tokenId(text) ?? "");
  if (stored === undefined) throw new Error("no such token");
  await noteContact(table, stored, { kind: "read", requestId: "r" }, clock.now());
}

describe("doctor", () => {
  test("says so, and names the address", async () => {
    expect((await world.ask("GET", "/Users")).status).toBe(403);
    world.pass(3 * minute);
    expect(await check()).toMatchObject({
      state: "failure",
      summary: `A request with token ${id()} ("entra production") came from 192.0.2.1, which allowFrom does not name, and was turned away 3 min ago; since then nobody was let in.`,
      action: expect.stringContaining("add its range to allowFrom"),
    });
  });

  test("only warns while another token is let in", async () => {
    await world.ask("GET", "/Users");
    world.pass(5 * minute);
    await letIn(await world.connect("okta"));
    expect(await check()).toMatchObject({ state: "warning" });
  });

  test("is content once the same token was let in", async () => {
    await world.ask("GET", "/Users");
    world.pass(5 * minute);
    await letIn(token);
    expect(await check()).toMatchObject({ state: "ok" });
  });

  test("takes no notice of a token that nobody here made, while others come", async () => {
    await letIn(token);
    world.pass(5 * minute);
    await world.ask("GET", "/Users", undefined, newToken().text);
    expect(await check()).toMatchObject({ state: "ok" });
  });

  test("says to deploy when the tenant file here names the address by now", async () => {
    await world.ask("GET", "/Users");
    const tenant = { ...parkingTenant, allowFrom: named("192.0.2.0/24") };
    expect(await check(tenant)).toMatchObject({ action: "The tenant file here lets the address in: deploy it." });
  });

  test("has nothing to look at without a list", async () => {
    expect(await check(parkingTenant)).toMatchObject({ state: "skipped" });
  });
});

describe("explain", () => {
  const explained = async () => await explain(world.operations, "ann@example.com");

  test("says that the connection is refused because of its address, and does not ask for another token", async () => {
    world.pass(hour);
    await world.ask("GET", "/Users");
    const { verdict, actions, evidence } = await explained();
    expect(verdict).toMatchObject({
      code: "token-rejected",
      summary: expect.stringContaining("it calls from 192.0.2.1, which allowFrom of the tenant file did not name"),
    });
    expect(evidence).toContainEqual(expect.objectContaining({ kind: "rejected", status: 403 }));
    expect(actions.map(({ text }) => text).join("\n")).toContain("add its range to allowFrom");
    expect(actions.map(({ command }) => command ?? "").join("\n")).not.toContain("token create");
  });

  test("does not, when the token is none of the tenant's", async () => {
    await letIn(token);
    world.pass(2 * hour);
    await world.ask("GET", "/Users", undefined, newToken().text);
    expect((await explained()).verdict.code).not.toBe("token-rejected");
  });
});

test("connect tells of it while it watches", async () => {
  world.pass(minute);
  await world.ask("GET", "/Users");
  const watching = watchConnection(world.operations, id(), { since: 0, signal: AbortSignal.abort() });
  const events = [];
  for await (const event of watching) events.push(event);
  expect(events).toEqual([{ event: "turnedAway", why: "address", address: "192.0.2.1", at: expect.any(Number) }]);
});
