import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectionPlan } from "../../../lib/ops/connect/plan.ts";
import { type ConnectEvent, watchConnection } from "../../../lib/ops/connect/watch.ts";
import { idpNames } from "../../../lib/ops/idp/idp.ts";
import { revokeToken } from "../../../lib/ops/tokens.ts";
import { readTenantFile } from "../../../lib/provisioning/tenant-file.ts";
import { acme } from "../../local/served.ts";
import { type Played, played } from "../played.ts";
import { parkingTenantFile } from "../store.ts";

const baseUrl = "https://scim.example.com/scim/v2";

describe("what to fill in", () => {
  test("each profile attribute: what to send, where it usually comes from, what else will do", () => {
    const { mapping } = connectionPlan(acme, "entra", baseUrl);
    const row = (name: string) => mapping.find(({ attribute }) => attribute === name);
    expect(row("login")).toEqual({
      attribute: "login",
      send: ["userName"],
      source: "userPrincipalName",
      orElse: [],
      required: "refused",
    });
    expect(row("email")).toMatchObject({ send: ['emails[type eq "work"].value'], source: "mail" });
    expect(row("email")?.orElse).toEqual(["emails[primary eq true].value", "emails.value"]);
    expect(row("locale")).toMatchObject({ send: ["preferredLanguage"], orElse: ["locale"] });
    expect(row("department")).toMatchObject({ source: "department" });
  });

  test("what Rollcall needs beside the profile stands first, with the reason", () => {
    const { mapping } = connectionPlan(acme, "okta", baseUrl);
    expect(mapping.filter(({ why }) => why !== undefined).map(({ send }) => send)).toEqual([
      ["externalId"],
      ["active"],
    ]);
  });

  test("a policy that parks says so; joined paths are all to be sent; a constant needs nothing, roles need groups", () => {
    const tenant = readTenantFile("parking", {
      ...parkingTenantFile,
      mapping: {
        policy: "park",
        attributes: {
          name: { from: ["name.givenName", "name.familyName"], join: " ", required: true },
          source: { constant: "scim" },
          strict: { from: "title", required: true, policy: "reject" },
          roles: { fromGroups: { "Sales Admins": "admin", "Support*": "agent" } },
        },
      },
    });
    const { mapping, roles } = connectionPlan(tenant, "okta", baseUrl);
    expect(roles).toEqual([{ attribute: "roles", groups: ["sales admins", "support*"] }]);
    expect(mapping.filter(({ attribute }) => attribute !== undefined)).toEqual([
      { attribute: "name", send: ["name.givenName", "name.familyName"], orElse: [], required: "parked" },
      expect.objectContaining({ attribute: "strict", required: "refused" }),
    ]);
    expect(mapping[0]).toMatchObject({ send: ["userName"], required: "refused" });
  });

  test.each([...idpNames, "other"])("%s: every part of the page has something to say", (idp) => {
    const plan = connectionPlan(acme, idp, baseUrl);
    for (const part of [plan.place, plan.baseUrl.field, plan.tokenField, plan.switchOn, plan.assign, plan.matching])
      expect(part).not.toBe("");
    expect(plan.forgotten.length).toBeGreaterThan(1);
  });
});

test.each(idpNames)("%s: an OAuth client is offered where the tenant and the identity provider know one", (idp) => {
  const { oauth } = connectionPlan({ ...acme, oauth: { tokenMinutes: 60 } }, idp, baseUrl);
  const offered = ["entra", "ping"].includes(idp) ? baseUrl.replace("/scim/v2", "/oauth/token") : undefined;
  expect(oauth?.tokenUrl.value).toBe(offered);
  expect(connectionPlan(acme, idp, baseUrl).oauth).toBeUndefined();
});

describe("watching", () => {
  let world: Played;
  beforeEach(() => {
    world = played();
  });
  afterEach(() => world.close());

  /** What is told while the steps are done, one after each look. */
  async function watched(token: string, steps: readonly (() => Promise<unknown>)[]): Promise<ConnectEvent[]> {
    const stop = new AbortController();
    const left = [...steps];
    const clock = {
      ...world.operations.clock,
      sleep: async () => {
        const step = left.shift();
        if (step === undefined) stop.abort();
        else await step();
      },
    };
    const id = token.split("_")[1] ?? "";
    const since = clock.now();
    world.pass(1_000);
    const events: ConnectEvent[] = [];
    for await (const event of watchConnection({ ...world.operations, clock }, id, { since, signal: stop.signal }))
      events.push(event);
    return events;
  }
  const told = (events: readonly ConnectEvent[]) => events.map((one) => (one.event === "seen" ? one.first : one.event));
  const search = async (token?: string) =>
    await world.ask("GET", "/Users?filter=userName%20eq%20%22x%22", undefined, token);
  const emails = { emails: [{ value: "ada@example.com" }] };

  test("ticks off connection test, user, update, group and deactivation as they are seen, then ends by itself", async () => {
    const token = await world.connect("entra");
    let id = "";
    const events = await watched(token, [
      search,
      async () => (id = await world.post("ada", emails)),
      async () => await world.patch(id, { title: "Countess" }),
      async () => await world.ask("POST", "/Groups", { displayName: "Support" }),
      async () => await world.patch(id, { active: false }),
      async () => await Promise.reject(new Error("it should have ended")),
    ]);
    expect(told(events)).toEqual(["read", "user", "update", "group", "deactivation", "complete"]);
  });

  test("begun again it first tells what was seen before", async () => {
    const token = await world.connect("okta");
    await search();
    await world.post("ada", emails);
    expect(told(await watched(token, []))).toEqual(["read", "user"]);
  });

  test("a refusal is told once, with its text; not that of another token, and none from before", async () => {
    const other = await world.connect("okta");
    const token = await world.connect("okta");
    await world.post("");
    world.pass(1_000);
    const events = await watched(token, [
      async () => await world.post("", { externalId: "x1" }),
      async () => {},
      async () => await world.ask("POST", "/Users", { userName: "" }, other),
    ]);
    const refusals = events.filter(({ event }) => event === "refused");
    expect(refusals).toEqual([
      expect.objectContaining({
        status: 400,
        operation: "POST /Users",
        name: "x1",
        detail: expect.stringContaining('"userName" is required'),
      }),
    ]);
  });

  test.each([
    ["wrongSecret", (token: string) => `${token}x`],
    ["malformed", () => "secret"],
    ["unknown", () => `rc_other_${"x".repeat(40)}`],
  ])("whoever is turned away is told: %s", async (why, wrong) => {
    const token = await world.connect("okta");
    const events = await watched(token, [async () => await search(wrong(token))]);
    expect(events).toEqual([{ event: "turnedAway", why, at: expect.any(Number) }]);
  });

  test("a token that is not there, or has ended, is told in a sentence", async () => {
    await expect(watched("rc_nobody_x", [])).rejects.toThrow('There is no token "nobody"');
    const token = await world.connect("okta");
    await revokeToken(world.operations, token);
    await expect(watched(token, [])).rejects.toThrow("has ended");
  });
});
