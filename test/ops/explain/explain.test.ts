import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../../lib/ops/clients.ts";
import { findResources } from "../../../lib/ops/find-resource.ts";
import { giveUp } from "../../../lib/provisioning/given-up.ts";
import { explain } from "../../../lib/ops/explain/explain.ts";
import { type Explanation, type VerdictCode, verdictCodes } from "../../../lib/ops/explain/explanation.ts";
import type { Asked } from "../../../lib/ops/explain/facts.ts";
import { revokeToken } from "../../../lib/ops/tokens.ts";
import { noteRejected } from "../../../lib/provisioning/contact.ts";
import { readHead } from "../../../lib/provisioning/head.ts";
import { askAgain } from "../../../lib/provisioning/reapply.ts";
import { readToken } from "../../../lib/provisioning/token.ts";
import { newToken, tokenId } from "../../../lib/token.ts";
import { badgeSchema, customTenantFile, deviceSchema } from "../../provisioning/custom-tenant.ts";
import { entra, okta } from "./idp.ts";
import { type Answer, day, hour, idOf, minute, type World, world } from "./world.ts";

let w: World;
beforeEach(() => {
  w = world();
});
afterEach(() => w.close());

const ask = async (word: string, asked: Asked = {}): Promise<Explanation> => await explain(w.operations, word, asked);

/** The code, with words of the summary, and the requests that the evidence names. */
async function expectVerdict(
  word: string,
  code: VerdictCode,
  { says, requests = [], ...asked }: Asked & { says: RegExp; requests?: readonly (string | Answer)[] },
): Promise<Explanation> {
  const explained = await ask(word, asked);
  expect(explained.verdict).toEqual({ code, summary: expect.stringMatching(says) });
  const named = explained.evidence.map(({ requestId }) => requestId);
  for (const request of requests) expect(named).toContain(typeof request === "string" ? request : request.requestId);
  return explained;
}

const step = ({ steps }: Explanation, name: string) => steps.find((one) => one.name === name);
const advice = ({ actions }: Explanation) => actions.map(({ text, command = "" }) => `${text} ${command}`).join("\n");

const ann = "ann@example.com";
const bob = "bob@example.com";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const region = { environment: { region: "eu-central-1" } };

describe("the verdict", () => {
  test("in-sync: accepted, applied, and no deactivation was received", async () => {
    await w.newToken({ idp: "entra" });
    const { id, requests } = await entra(w).provision(ann);
    await w.work();
    const explained = await expectVerdict(ann, "in-sync", { says: /No deactivation was received/, requests });
    expect(explained.subject).toMatchObject({ id, foundBy: "userName", state: "active", idp: "entra" });
    expect(explained.steps.map(({ status }) => status)).toEqual([
      "success",
      "success",
      "success",
      "warning",
      "success",
      "success",
    ]);
  });

  describe("idp-silent", () => {
    test("nothing was ever heard, although there is a token", async () => {
      await w.newToken({ idp: "okta" });
      const explained = await expectVerdict(ann, "idp-silent", {
        says: /nothing was ever heard of Okta.*none was ever used/,
      });
      expect(advice(explained)).toContain("Create Users, Update User Attributes and Deactivate Users");
    });

    test("there is no token at all", async () => {
      const explained = await expectVerdict(ann, "idp-silent", { says: /no token that is valid/ });
      expect(advice(explained)).toContain("npx rollcall token create");
    });

    test("it called every 40 minutes, and stopped", async () => {
      await w.newToken({ idp: "entra" });
      let last: Answer | undefined;
      for (let n = 0; n < 4; n += 1) {
        await w.pass(40 * minute);
        last = await entra(w).search(bob);
      }
      await w.pass(26 * hour);
      await expectVerdict(ann, "idp-silent", { says: /26 h.*usually calls every 40 min/, requests: [last ?? ""] });
    });

    test("a pause of a day is none for one that calls once a day", async () => {
      await w.newToken();
      for (let n = 0; n < 4; n += 1) {
        await w.pass(day);
        await entra(w).search(bob);
      }
      await w.pass(2 * day);
      await expectVerdict(ann, "never-named", { says: /never named/ });
    });

    test("a trial by hand with another token does not hide it", async () => {
      await w.newToken({ idp: "entra" });
      await entra(w).search(bob);
      await w.pass(30 * hour);
      await w.newToken();
      await w.ask("GET", "/ServiceProviderConfig");
      await w.ask("GET", "/Users?count=1");
      await expectVerdict(ann, "idp-silent", { says: /nothing was heard of Microsoft Entra ID since .*30 h/ });
    });

    test("who is here is explained all the same", async () => {
      await w.newToken();
      await entra(w).provision(ann);
      await w.work();
      await w.pass(5 * day);
      const explained = await expectVerdict(ann, "in-sync", { says: /nothing at all was heard for 5 days/ });
      expect(step(explained, "contact")?.status).toBe("warning");
    });
  });

  describe("token-rejected", () => {
    test("the token has expired", async () => {
      await w.newToken({ idp: "entra", expiresInDays: 1 });
      await entra(w).search(bob);
      await w.pass(25 * hour);
      const turnedAway = await entra(w).search(ann);
      expect(turnedAway.status).toBe(401);
      const explained = await expectVerdict(ann, "token-rejected", { says: /has expired/, requests: [turnedAway] });
      expect(advice(explained)).toMatch(/Secret Token[^]*Restart provisioning/);
    });

    test("an OAuth client was revoked: it is called one, and another one is made", async () => {
      const { operations } = w;
      const tenant = { ...operations.tenant, oauth: { tokenMinutes: 60 } };
      const { id } = await createClient({ ...operations, tenant }, { label: "Entra", idp: "entra" });
      const client = await readToken(operations.table, id);
      if (client === undefined) throw new Error("it was not stored");
      await noteRejected(operations.table, client, { why: "revoked", requestId: "r" }, operations.clock.now());
      const explained = await expectVerdict(ann, "token-rejected", {
        says: new RegExp(`its OAuth client "${id}" was revoked`),
      });
      expect(advice(explained)).toMatch(/Make a client[^]*client create[^]*Paste both: Microsoft Entra ID/);
    });

    test("the token was revoked", async () => {
      const text = await w.newToken({ idp: "okta" });
      await revokeToken(w.operations, tokenId(text) ?? "");
      await w.pass(minute);
      const turnedAway = await okta(w).search(ann);
      await expectVerdict(ann, "token-rejected", { says: /was revoked/, requests: [turnedAway] });
    });

    test.each([
      ["one that is not known", () => newToken().text, /is not known here/],
      ["none of ours", () => "eyJhbGciOi.J9.x", /what it shows as its token is none/],
    ])("the token is %s", async (_, text, says) => {
      await w.newToken();
      const turnedAway = await w.ask("GET", "/Users", undefined, text());
      await expectVerdict(ann, "token-rejected", { says, requests: [turnedAway] });
    });

    test("the token has another secret", async () => {
      const text = await w.newToken();
      const turnedAway = await w.ask("GET", "/Users", undefined, newToken(tokenId(text)).text);
      await expectVerdict(ann, "token-rejected", { says: /another secret/, requests: [turnedAway] });
    });

    test("what was said before is applied, and nothing later can arrive", async () => {
      await w.newToken({ idp: "entra", expiresInDays: 1 });
      await entra(w).provision(ann);
      await w.work();
      await w.pass(25 * hour);
      await entra(w).search(bob);
      await expectVerdict(ann, "token-rejected", { says: /before is applied; nothing later can arrive/ });
    });

    test("a client that was forgotten is none either, while the one that provisions is quiet as usual", async () => {
      const staging = await w.newToken({ idp: "okta", expiresInDays: 1 });
      await w.pass(2 * day);
      await w.newToken({ idp: "okta" });
      await okta(w).create(bob);
      await w.pass(5 * hour);
      await w.ask("GET", "/Users", undefined, staging);
      const explained = await expectVerdict(ann, "never-named", { says: /never named/ });
      expect(step(explained, "contact")?.status).toBe("warning");
    });

    test("a text that has not the form of a token is a visitor's, while the one that provisions is quiet as usual", async () => {
      await w.newToken({ idp: "okta" });
      await okta(w).create(bob);
      await w.work();
      await w.pass(5 * hour);
      expect((await w.ask("GET", "/Users", undefined, "eyJhbGciOi.J9.x")).status).toBe(401);
      await expectVerdict(bob, "in-sync", { says: /accepted and applied/ });
    });

    test("requests are counted from when there was a token, not from the full hour", async () => {
      await w.pass(40 * minute);
      await w.newToken({ idp: "entra" });
      for (let n = 0; n < 30; n += 1) await entra(w).search(`${n}${bob}`);
      await w.pass(3 * minute);
      await entra(w).search(bob);
      await expectVerdict(ann, "never-named", { says: /in 3 min came/ });
    });

    test("a visitor without a token is no identity provider", async () => {
      await w.newToken();
      await entra(w).search(bob);
      await w.pass(hour);
      await w.ask("GET", "/Users", undefined, null);
      await expectVerdict(ann, "never-named", { says: /never named/ });
    });

    test("another client's token has expired, while the identity provider is let in: that is no verdict about anybody", async () => {
      const staging = await w.newToken({ expiresInDays: 1 });
      await w.pass(25 * hour);
      await w.newToken({ idp: "entra" });
      await entra(w).search(bob);
      await w.pass(minute);
      expect((await w.ask("GET", "/Users", undefined, staging)).status).toBe(401);
      await expectVerdict(ann, "never-named", { says: /never named/ });
      await w.pass(2 * hour);
      await w.ask("GET", "/Users", undefined, staging);
      await expectVerdict(ann, "token-rejected", { says: /has expired/ });
    });

    test("once the token is good again it is over", async () => {
      await w.newToken();
      await w.ask("GET", "/Users", undefined, newToken().text);
      await w.pass(minute);
      await entra(w).search(bob);
      await expectVerdict(ann, "never-named", { says: /never named/ });
    });
  });

  test("never-named: others are, this one never", async () => {
    await w.newToken({ idp: "entra" });
    await entra(w).provision(bob);
    await w.pass(minute);
    const last = await entra(w).search("cleo@example.com");
    const explained = await expectVerdict(ann, "never-named", {
      says: /3 requests with 1 accepted change.*not assigned to the application at Microsoft Entra ID.*another spelling/,
      requests: [last],
    });
    expect(explained.actions[0]).toMatchObject({ who: "idp", text: expect.stringContaining("Users and groups → Add") });
    expect(advice(explained)).toContain("Provision on demand");
  });

  test("what was never named is said of the time since the first request alone", async () => {
    await w.pass(40 * day);
    await w.newToken({ idp: "entra" });
    await entra(w).provision(bob);
    await w.pass(3 * hour);
    await entra(w).search(bob);
    await expectVerdict(ann, "never-named", { says: /in 3 h came/ });
  });

  test.each(["", "x".repeat(1_025)])("%j is nobody's name: that is a sentence, and no verdict", async (word) => {
    await expect(ask(word)).rejects.toThrow("Nobody can be called so: a name has 1 to 1,024 bytes.");
  });

  test("looked-up-not-created: searched for twice, and no create followed", async () => {
    await w.newToken({ idp: "okta" });
    const first = await okta(w).search(ann);
    await w.pass(hour);
    const second = await okta(w).search("Ann@Example.com");
    await expectVerdict(ann, "looked-up-not-created", {
      says: /Okta looked for it by userName.*2 times in all.*sent no create/,
      requests: [first, second],
    });
  });

  describe("refused", () => {
    test("the create was, twice, with the text that the identity provider was told", async () => {
      w.deploy({
        ...region,
        mapping: { policy: "reject", attributes: { email: { from: "emails.value", required: true } } },
      });
      await w.newToken({ idp: "entra" });
      const first = await entra(w).create(ann, { emails: [] });
      await w.pass(6 * hour);
      const second = await entra(w).create(ann, { emails: [] });
      const explained = await expectVerdict(ann, "refused", {
        says: /POST \/Users was answered with 400 invalidValue.*"email" is required.*refused 2 times, first 6 h ago/,
        requests: [first, second],
      });
      expect(advice(explained)).toContain("after 6, 12 and 24 hours");
      expect(step(explained, "accept")?.status).toBe("failure");
    });

    test("a change of somebody who is here was, later than all that was accepted", async () => {
      await w.newToken({ idp: "entra" });
      const { id } = await entra(w).provision(ann);
      await w.work();
      await w.pass(minute);
      const refused = await entra(w).patch(id, { path: "active", value: "maybe" });
      await expectVerdict(ann, "refused", { says: /PATCH \/Users\/\{id\} was answered with 400/, requests: [refused] });
      await w.pass(minute);
      await entra(w).patch(id, { path: "title", value: "Countess" });
      await w.work();
      await expectVerdict(ann, "in-sync", { says: /version 2 is accepted and applied/ });
    });

    test("a name that somebody else has: the text says who", async () => {
      await w.newToken({ idp: "okta" });
      const { id } = await entra(w).provision(ann);
      await w.work();
      await w.pass(minute);
      const refused = await okta(w).create(ann);
      expect(refused.status).toBe(409);
      await expectVerdict(ann, "refused", { says: new RegExp(`409 uniqueness.*${id}`), requests: [refused] });
    });

    test("a fault of ours is told as ours", async () => {
      await w.newToken({ idp: "okta" });
      w.breakPartitions("Claim#User");
      const failed = await okta(w).create(ann);
      w.breakPartitions(undefined);
      expect(failed.status).toBeGreaterThanOrEqual(500);
      const explained = await expectVerdict(ann, "refused", { says: /a fault on our side/, requests: [failed] });
      expect(advice(explained)).toContain(failed.requestId);
    });

    test("somebody else of the same e-mail address was: that says nothing about who is here", async () => {
      await w.newToken();
      await entra(w).provision(ann, { emails: [{ value: "desk@example.com", primary: true }] });
      await w.work();
      await w.pass(minute);
      await entra(w).create(bob, { active: "maybe", emails: [{ value: "desk@example.com", primary: true }] });
      await expectVerdict("desk@example.com", "in-sync", { says: /^ann@example.com is/ });
    });
  });

  describe("waiting", () => {
    test("the worker does not run: for how long, and how many wait before", async () => {
      await w.newToken();
      await entra(w).provision(bob);
      await w.pass(minute);
      const { requests } = await entra(w).provision(ann);
      await w.pass(10 * minute);
      const explained = await expectVerdict(ann, "waiting", { says: /for 10 min. 1 other waits before it/, requests });
      expect(step(explained, "apply")?.status).toBe("warning");
    });

    test("the table fails: how often it was tried, why, and when again", async () => {
      await w.newToken();
      const { id, requests } = await entra(w).provision(ann);
      w.breakPartitions(`User#${id}`);
      await w.work();
      w.breakPartitions(undefined);
      const says = /tried 1 time, last 0 s ago: unavailable, no answer from AWS. It is tried again within 10 s/;
      const explained = await expectVerdict(ann, "waiting", { says, requests });
      expect(advice(explained)).toContain(`npx rollcall dlq replay --user ${ann}`);
    });

    test("the sweep, which would send it again, does not run", async () => {
      await w.newToken();
      await w.sweep();
      const { requests } = await entra(w).provision(ann);
      await w.pass(hour);
      await expectVerdict(ann, "waiting", { says: /sweep.*was last seen 60 min ago: it does not run/, requests });
    });

    test("a leaver, too: accepted is not yet applied", async () => {
      await w.newToken();
      const { id } = await entra(w).provision(ann);
      await w.work();
      const left = await entra(w).disable(id);
      await expectVerdict(ann, "waiting", { says: /Version 2 is accepted and not yet applied/, requests: [left] });
    });
  });

  test("parked: since when, why, and how to replay", async () => {
    w.deploy({
      ...region,
      mapping: { policy: "park", attributes: { email: { from: "emails.value", required: true } } },
    });
    await w.newToken({ idp: "okta" });
    const created = await okta(w).create(ann, { emails: [] });
    await w.work();
    await w.pass(3 * hour);
    const explained = await expectVerdict(ann, "parked", {
      says: /parked: version 1.*for 3 h \(mapping-required-missing, tried 1 time\)/,
      requests: [created],
    });
    expect(advice(explained)).toContain(`npx rollcall dlq replay --user ${ann} --local`);
    expect(step(explained, "publish")?.status).toBe("skipped");
    const { head } = (await findResources(w.operations, ann))[0] ?? {};
    expect(head && (await giveUp(w.operations, head, "a test"))).toBe(true);
    await w.pass(4_000);
    expect(step(await explain(w.operations, ann), "apply")?.reason).toMatch(
      /^Given up by an operator 4 s ago, not applied for 3 h: mapping-required-missing\./,
    );
  });

  describe("parked", () => {
    const table = (rows: object) => ({
      ...region,
      mapping: { policy: "park", attributes: { costCentre: { from: "title", table: rows } } },
    });

    test("a table of values lacks what was sent: the value is shown, and after a mend it is to be replayed", async () => {
      w.deploy(table({ Sales: "C-1" }));
      await w.newToken();
      const { requests } = await entra(w).provision(ann, { title: "Legal" });
      await w.work();
      await expectVerdict(ann, "parked", { says: /mapping-value-unusable.*At title stands "Legal"/, requests });
      w.deploy(table({ Sales: "C-1", Legal: "C-2" }));
      const mended = await expectVerdict(ann, "parked", { says: /The present mapping can carry it/ });
      expect(mended.actions).toMatchObject([
        { text: /Replay it/, command: `npx rollcall dlq replay --user ${ann} --local` },
      ]);
    });

    test("the brake holds a leaver", async () => {
      w.deploy({
        ...region,
        mapping: { attributes: {} },
        leavers: { brake: { people: 10, percent: 100, action: "hold" } },
      });
      await w.newToken({ idp: "entra" });
      const ids: string[] = [];
      for (let n = 0; n < 11; n += 1) ids.push((await entra(w).provision(`u${n}@example.com`)).id);
      await w.work();
      let last: Answer | undefined;
      for (const id of ids) {
        last = await entra(w).disable(id);
        await w.work();
      }
      const explained = await expectVerdict("u10@example.com", "parked", {
        says: /brake-held/,
        requests: [last ?? ""],
      });
      expect(advice(explained)).toMatch(/npx rollcall brake allow[^]*npx rollcall brake reject/);
    });
  });

  describe("attribute-missing", () => {
    test("asked about: the path that was tried, and that nothing was ever sent there", async () => {
      await w.newToken({ idp: "entra" });
      const { requests } = await entra(w).provision(ann);
      await w.work();
      const explained = await expectVerdict(ann, "attribute-missing", {
        attribute: "department",
        says: /department has no value: nothing was sent at urn:.*:department/,
        requests,
      });
      expect(advice(explained)).toMatch(/usually from department/);
    });

    test("asked about: it was there, and was taken away by a change", async () => {
      await w.newToken({ idp: "entra" });
      const { id } = await entra(w).provision(ann, { title: "Countess" });
      await w.pass(hour);
      const cleared = await w.ask("PATCH", `/Users/${id}`, {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        Operations: [{ op: "Remove", path: "title" }],
      });
      await w.work();
      await expectVerdict(ann, "attribute-missing", {
        attribute: "TITLE",
        says: /at title there was a value, which was taken away at 2026-11-24 09:00:00 UTC/,
        requests: [cleared],
      });
    });

    test("not asked about: it was sent to a wrong URN, and ignored", async () => {
      await w.newToken({ idp: "okta" });
      const wrong = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";
      const created = await okta(w).create(ann, { [wrong]: { Department: "Sales" } });
      await w.work();
      const explained = await expectVerdict(ann, "attribute-missing", {
        says: new RegExp(
          `has no department: the mapping reads ${enterprise}:department, and what was sent is ${wrong}`,
        ),
        requests: [created],
      });
      expect(advice(explained)).toContain(`it should be ${enterprise}:department`);
    });

    test("not asked about: it came later, to a wrong URN, and changed nothing", async () => {
      await w.newToken({ idp: "okta" });
      const id = idOf(await okta(w).create(ann));
      await w.work();
      await w.pass(hour);
      const { userName, name, emails, displayName, locale, externalId } = (await w.ask("GET", `/Users/${id}`)).body;
      const same = { userName, name, emails, displayName, locale, externalId };
      const ignored = await okta(w).replace(id, ann, { ...same, "urn:example:acme": { department: "Sales" } });
      const explained = await expectVerdict(ann, "attribute-missing", {
        says: /what was sent is urn:example:acme:department/,
        requests: [ignored],
      });
      expect(explained.subject.version).toBe(1);
    });

    test("a mapping that is deployed later requires what is not there", async () => {
      await w.newToken();
      await entra(w).provision(ann);
      await w.work();
      w.deploy({
        ...region,
        mapping: { policy: "reject", attributes: { badge: { from: "employeeNumber", required: true } } },
      });
      await expectVerdict(ann, "attribute-missing", { says: /by an earlier mapping.*"badge" is required/ });
    });

    test("one that the mapping does not make is told in a sentence", async () => {
      await w.newToken();
      await entra(w).provision(ann);
      await expect(ask(ann, { attribute: "shoeSize" })).rejects.toThrow(
        'The mapping of the tenant file makes no attribute "shoeSize"',
      );
    });
  });

  describe("attribute-differs", () => {
    const mapped = (from: string) => ({ ...region, mapping: { policy: "reject", attributes: { boss: { from } } } });

    test("the entry was made by the mapping before", async () => {
      w.deploy(mapped("displayName"));
      await w.newToken();
      const { requests } = await entra(w).provision(ann, { displayName: "Ann", nickName: "Annie" });
      await w.work();
      w.deploy(mapped("nickName"));
      const explained = await expectVerdict(ann, "attribute-differs", {
        says: /the application reads boss "Ann", and the present mapping makes "Annie"/,
        requests,
      });
      expect(advice(explained)).toContain(`npx rollcall resync --user ${ann} --local`);
      await expectVerdict(ann, "attribute-differs", { attribute: "boss", says: /boss/ });
    });

    test("until the worker comes to it, a resync that was asked for is told", async () => {
      w.deploy(mapped("displayName"));
      await w.newToken();
      const { id } = await entra(w).provision(ann, { displayName: "Ann", nickName: "Annie" });
      await w.work();
      w.deploy(mapped("nickName"));
      const head = await readHead(w.operations.table, "User", id);
      expect(head && (await askAgain(w.operations, head))).toBe(true);
      const asked = /An operator asked 0 s ago that it be applied again, which waits for the worker/;
      const explained = await expectVerdict(ann, "attribute-differs", { says: asked });
      expect(step(explained, "apply")?.reason).toMatch(asked);
    });

    test("an attribute that is asked about and is right", async () => {
      w.deploy(mapped("displayName"));
      await w.newToken();
      await entra(w).provision(ann, { displayName: "Ann" });
      await w.work();
      const told = await expectVerdict(ann, "in-sync", { attribute: "boss", says: /boss is "Ann", from displayName/ });
      // Whoever asks for an attribute did not ask whether somebody should have left.
      expect(advice(told)).not.toContain("inactive");
    });
  });

  describe("roles from groups", () => {
    const tables = { login: { from: "userName" }, roles: { fromGroups: { "Sales*": "seller" } } };

    test("are no difference, and an empty list of them is explained", async () => {
      w.deploy({ ...region, mapping: { attributes: tables } });
      await w.newToken({ idp: "okta" });
      const id = idOf(await okta(w).create(ann));
      await w.work();
      const explained = await expectVerdict(ann, "attribute-missing", {
        attribute: "roles",
        says: /no group that it is a direct member of, as applied, gives a role/,
      });
      expect(advice(explained)).toContain("Push Groups");
      const group = idOf(await okta(w).pushGroup("Sales North"));
      await okta(w).addMembers(group, "Sales North", id);
      await w.work();
      await w.pass(minute);
      await w.work();
      await expectVerdict(ann, "in-sync", { says: /^ann/ });
      await expectVerdict(ann, "in-sync", { attribute: "Roles", says: /roles is \["seller"\], from its groups/ });
    });

    test("of another table than the present one differ", async () => {
      w.deploy({ ...region, mapping: { attributes: tables } });
      await w.newToken({ idp: "okta" });
      const id = idOf(await okta(w).create(ann));
      await okta(w).addMembers(idOf(await okta(w).pushGroup("Sales North")), "Sales North", id);
      await w.work();
      await w.pass(minute);
      await w.work();
      w.deploy({ ...region, mapping: { attributes: { ...tables, roles: { fromGroups: { "Sales*": "hunter" } } } } });
      await expectVerdict(ann, "attribute-differs", {
        says: /reads roles \["seller"\], and the present mapping makes \["hunter"\]/,
      });
    });
  });

  test("still-active: no deactivation was received, and what this one sends when", async () => {
    await w.newToken({ idp: "okta" });
    const created = await okta(w).create(ann);
    await w.work();
    await w.pass(2 * day);
    const explained = await expectVerdict(ann, "still-active", {
      expect: "inactive",
      says: /no deactivation was received; the last word about it came at 2026-11-24 08:00:00 UTC.*was created/,
      requests: [created],
    });
    expect(advice(explained)).toMatch(/Deactivate Users[^]*unassigned[^]*disabled/);
  });

  describe("deactivated", () => {
    test("by which request, since when", async () => {
      await w.newToken({ idp: "entra" });
      const { id } = await entra(w).provision(ann);
      await w.pass(hour);
      const disabled = await entra(w).disable(id);
      await w.work();
      await expectVerdict(ann, "deactivated", {
        expect: "inactive",
        says: new RegExp(`at 2026-11-24 09:00:00 UTC.*by request ${disabled.requestId}.*suspended`),
        requests: [disabled],
      });
    });

    test("what the mapping cannot carry any more is no reason: the last good profile stays", async () => {
      await w.newToken();
      const { id } = await entra(w).provision(ann);
      await entra(w).disable(id);
      await w.work();
      w.deploy({ ...region, mapping: { attributes: { badge: { from: "employeeNumber", required: true } } } });
      const explained = await expectVerdict(ann, "deactivated", { says: /was deactivated/ });
      expect(step(explained, "accept")?.reason).toMatch(/when somebody is unassigned: active: false.*when disabled: /);
      expect(advice(explained)).not.toContain("unassigned");
      expect(step(explained, "publish")).toMatchObject({
        status: "success",
        reason: expect.stringContaining("suspended"),
      });
      w.deploy({ ...region, mapping: { attributes: { boss: { from: "userName" } } } });
      const other = await expectVerdict(ann, "deactivated", { says: /was deactivated/ });
      expect(step(other, "publish")).toMatchObject({
        status: "warning",
        reason: expect.stringContaining("another mapping"),
      });
    });

    test("never was active", async () => {
      await w.newToken();
      await entra(w).provision(ann, { active: false });
      await w.work();
      await expectVerdict(ann, "deactivated", { says: /was never active here/ });
    });
  });

  describe("soft-deleted", () => {
    test("found by the name that it had", async () => {
      await w.newToken({ idp: "entra" });
      const { id } = await entra(w).provision(ann);
      await w.work();
      await w.pass(hour);
      const left = await entra(w).softDelete(id, ann);
      await w.work();
      const explained = await expectVerdict(ann, "soft-deleted", {
        says: /^ann@example.com is deleted at Microsoft Entra ID and can be restored.*since 2026-11-24 09:00:00 UTC/,
        requests: [left],
      });
      expect(explained.subject).toMatchObject({ id, foundBy: "former userName", state: "inactive" });
    });

    test("an attribute of the profile that stays", async () => {
      await w.newToken({ idp: "entra" });
      const { id } = await entra(w).provision(ann);
      await entra(w).softDelete(id, ann);
      await w.work();
      await expectVerdict(ann, "soft-deleted", { id, attribute: "login", says: /login is "ann@example.com"/ });
    });

    test("somebody new has the name: that one is explained, the other is in the evidence, and --id picks", async () => {
      await w.newToken({ idp: "entra" });
      const { id: old } = await entra(w).provision(ann);
      await entra(w).softDelete(old, ann);
      await w.pass(day);
      const { id } = await entra(w).provision(ann, { externalId: "another" });
      await w.work();
      const explained = await expectVerdict(ann, "in-sync", { says: /^ann@example.com/ });
      expect(explained.subject.id).toBe(id);
      expect(explained.evidence).toContainEqual(
        expect.objectContaining({ kind: "other", what: expect.stringContaining(old) }),
      );
      await expectVerdict(ann, "soft-deleted", { id: old.slice(0, 8), says: /can be restored/ });
    });

    test("somebody new was refused: that is who is meant", async () => {
      await w.newToken({ idp: "entra" });
      const { id: old } = await entra(w).provision(ann);
      await entra(w).softDelete(old, ann);
      await w.pass(day);
      const refused = await entra(w).create(ann, { active: "maybe", externalId: "another" });
      await w.work();
      await expectVerdict(ann, "refused", { says: /is not here, because it was refused/, requests: [refused] });
      const deleted = await expectVerdict(ann, "soft-deleted", { id: old, says: /can be restored/ });
      expect(step(deleted, "match")?.status).toBe("success");
    });
  });

  describe("deleted", () => {
    test("found by the name that it had: since when, by which request", async () => {
      await w.newToken({ idp: "entra" });
      const { id } = await entra(w).provision(ann);
      await w.work();
      await w.pass(hour);
      const deleted = await entra(w).delete(id);
      await w.work();
      await w.pass(minute);
      // An identity provider that still knows the id asks once more, by the name, too.
      expect((await entra(w).disable(id)).status).toBe(404);
      expect((await okta(w).replace(id, ann)).status).toBe(404);
      const says = new RegExp(
        `deleted by Microsoft Entra ID at 2026-11-24 09:00:00 UTC.*by request ${deleted.requestId}`,
      );
      await expectVerdict(ann, "deleted", { says, requests: [deleted] });
      await expectVerdict(id, "deleted", { says });
    });

    test("the tombstone is gone, and the name is still known", async () => {
      w.deploy({ ...region, mapping: { attributes: {} }, evidence: { days: 90 } });
      await w.newToken();
      const { id } = await entra(w).provision(ann);
      const deleted = await entra(w).delete(id);
      await w.work();
      await w.pass(2 * minute);
      await w.work();
      await w.pass(40 * day);
      w.db.prepare("DELETE FROM item WHERE expires < ?").run(Math.floor(w.operations.clock.now() / 1000));
      await expectVerdict(ann, "deleted", { says: /gave the name up.*not stored any more/, requests: [deleted] });
    });
  });

  describe("unknown", () => {
    test("so much was asked for at a time that sightings were dropped", async () => {
      await w.newToken();
      // Each operation is refused, and seen under two names and in the list of refusals: 15,000 where 12,000 are kept.
      const data = { userName: "u", externalId: "x", active: "maybe" };
      const Operations = Array.from({ length: 1_000 }, (_, n) => {
        return { method: "POST", path: "/Users", bulkId: `b${n}`, data: { ...data, userName: `u${n}` } };
      });
      const schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"];
      for (let n = 0; n < 5; n += 1) await w.ask("POST", "/Bulk", { schemas, Operations });
      await w.pass(minute);
      await entra(w).search(bob);
      const explained = await expectVerdict(ann, "unknown", { says: /cannot be said.*3,000 sightings, of anybody,/ });
      // What was not kept may have been about this one: nothing failed, and nothing says what to assign.
      expect(step(explained, "match")).toEqual({
        name: "match",
        status: "warning",
        reason: expect.stringContaining("not all that was asked for was kept"),
      });
    });
  });

  test("one token is turned away while another is let in: the contact step warns of it", async () => {
    const old = await w.newToken({ idp: "entra", expiresInDays: 1 });
    await w.newToken({ idp: "entra" });
    await w.pass(2 * day);
    const turnedAway = await w.ask("GET", "/Users", undefined, old);
    await entra(w).provision(ann);
    await w.work();
    const explained = await expectVerdict(ann, "in-sync", { says: /^ann/, requests: [turnedAway] });
    expect(step(explained, "contact")).toMatchObject({
      status: "warning",
      reason: expect.stringContaining("has expired"),
    });
  });

  test("whoever is looked for by what they do not have here is told so", async () => {
    await w.newToken({ idp: "okta" });
    await okta(w).create(ann);
    await w.work();
    await w.pass(hour);
    const missed = await w.ask("GET", `/Users?filter=${encodeURIComponent(`externalId eq "${ann}"`)}`);
    const explained = await expectVerdict(ann, "in-sync", { says: /^ann/, requests: [missed] });
    expect(step(explained, "match")).toMatchObject({
      status: "warning",
      reason: expect.stringContaining("by externalId"),
    });
  });

  test("of several who share an e-mail address the one who is active is explained first", async () => {
    await w.newToken();
    const emails = [{ value: "desk@example.com", primary: true }];
    await entra(w).provision(bob, { emails });
    await w.pass(minute);
    const { id } = await entra(w).provision(ann, { emails });
    await w.pass(minute);
    await entra(w).disable(id);
    await w.work();
    await expectVerdict("desk@example.com", "in-sync", { says: /^bob@example.com/ });
    await expectVerdict("desk@example.com", "deactivated", { id, says: /^ann@example.com/ });
  });

  test("a resource of the tenant's own type, and a user by an attribute of its own", async () => {
    w.deploy(customTenantFile() as object);
    await w.newToken();
    const created = await w.ask("POST", "/Devices", { schemas: [deviceSchema], serialNumber: "S-1", active: true });
    await w.work();
    await expectVerdict("s-1", "in-sync", { says: /version 1 is accepted and applied/, requests: [created] });
    await w.pass(minute);
    const off = await w.ask("PUT", `/Devices/${idOf(created)}`, {
      schemas: [deviceSchema],
      serialNumber: "S-1",
      active: false,
    });
    await w.work();
    const explained = await expectVerdict("s-1", "deactivated", { says: /suspended/, requests: [off] });
    expect(step(explained, "publish")?.status).toBe("success");
    expect(step(explained, "map")?.status).toBe("skipped");
    await expect(ask("s-1", { attribute: "model" })).rejects.toThrow("maps no attributes of a Device");
    const mapping = {
      attributes: { badge: { from: `${badgeSchema}:number` } },
      resourceTypes: { Device: { attributes: { label: { from: "serialNumber" }, maker: { from: "model" } } } },
    };
    w.deploy(customTenantFile({ mapping }) as object);
    await expectVerdict("s-1", "attribute-differs", {
      attribute: "label",
      says: /reads label as missing.*makes "S-1"/,
    });
    await expectVerdict("s-1", "attribute-missing", { attribute: "maker", says: /nothing was sent at model/ });
    await entra(w).provision(ann, { [badgeSchema]: { number: "B-7" } });
    await w.work();
    await expectVerdict("b-7", "in-sync", { attribute: "badge", says: /badge is "B-7"/ });
  });

  test("a rename leads to who had the name", async () => {
    await w.newToken();
    const { id } = await entra(w).provision(ann);
    await entra(w).patch(id, { path: "userName", value: "ann.new@example.com" });
    await w.work();
    const explained = await expectVerdict(ann, "in-sync", {
      says: /^ann.new@example.com.*it was called ann@example.com/,
    });
    expect(explained.subject.foundBy).toBe("former userName");
  });
});

test("docs/operating.md says of each verdict what it means", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/operating.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("|"));
  for (const code of verdictCodes) expect(rows.some((row) => row.includes(`| \`${code}\``))).toBe(true);
});
