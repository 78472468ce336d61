/** What is rehearsed: from the first token to a parked change that is replayed. */
import assert from "node:assert/strict";
import { SQSClient } from "@aws-sdk/client-sqs";
import { errorSchema } from "../../lib/scim/error.ts";
import type { StackOutputs } from "../../lib/stack-outputs.ts";
import { depthOf, reasonsOf } from "./dead-letters.ts";
import { playDialogue } from "./dialogue.ts";
import { eventually } from "./eventually.ts";
import { createUser, deactivateUser, scimApi, userSchema } from "./scim-api.ts";
import { credentials, deploy, requireNothing, type Stage } from "./stage.ts";
import type { Steps } from "./steps.ts";

export interface Scene {
  readonly stage: Stage;
  readonly tenant: string;
  readonly region: string;
  readonly outputs: StackOutputs;
  readonly signal: AbortSignal;
}

/** The emulator runs a process for each invocation, and 20 are all it may have. */
const inFlightMost = 8;
const cause = "mapping-required-missing";

/** Errors: of the step that failed, after it was told. */
export async function tellStory(
  { stage, tenant, region, outputs, signal }: Scene,
  { step, tell }: Steps,
): Promise<void> {
  const { ScimBaseUrl: baseUrl, ChangesDeadLetterUrl, LeaversDeadLetterUrl } = outputs;
  const sqs = new SQSClient({ endpoint: stage.awsUrl, region, credentials });
  const rollcall = (...args: string[]) => stage.rollcall(...args, "--tenant", tenant);
  const grace = "grace.hopper@example.com";
  const shows = (who: string, expected: object) =>
    eventually(signal, async () => assert.partialDeepStrictEqual(await rollcall("show", who), [expected]));

  await step("a request without a token is refused by the function, not by the gateway (R120)", async () => {
    const { status, headers, body } = await scimApi(baseUrl)("GET", `/Users?filter=userName%20eq%20%22ada%22`);
    assert.equal(status, 401);
    assert.match(headers.get("www-authenticate") ?? "", /^Bearer /);
    assert.match(headers.get("content-type") ?? "", /^application\/scim\+json/);
    assert.partialDeepStrictEqual(body, { schemas: [errorSchema], status: "401" });
  });
  const token = await step("rollcall token create", async () =>
    tokenOf(await rollcall("token", "create", "--label", "x")),
  );
  const api = scimApi(baseUrl, token);

  await playDialogue("entra-default", { baseUrl, token, signal }, tell);

  await step(`of ${inFlightMost} concurrent creates of one userName exactly one is a 201 (R15)`, async () => {
    const ada = { schemas: [userSchema], userName: "ada@example.com", emails: [{ value: "ada@example.com" }] };
    const answers = await Promise.all(Array.from({ length: inFlightMost }, () => api("POST", "/Users", ada)));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    assert.deepEqual(statuses, [201, ...Array.from({ length: inFlightMost - 1 }, () => 409)]);
  });
  await step("that user is applied", () => shows("ada@example.com", applied(1, "active")));

  const { id } = await step("a user that the mapping cannot carry is accepted with 201", () =>
    createUser(api, { userName: grace, displayName: "Grace Hopper" }),
  );
  await step("the change is parked, and the directory has no entry", async () => {
    await shows(grace, {
      accepted: { version: 1 },
      applied: { version: 0, status: "parked", failure: { code: cause } },
    });
    const [shown] = asList(await rollcall("show", grace));
    assert.ok(typeof shown === "object" && shown !== null && !("entry" in shown), "There is an entry.");
  });
  await step("its dead letter on SQS has the reason as an attribute", () =>
    eventually(signal, async () => assert.deepEqual(await reasonsOf(sqs, ChangesDeadLetterUrl, id), [cause])),
  );
  await step("rollcall dlq ls and dlq show tell it with its cause", async () => {
    await eventually(signal, async () => {
      const listed = await rollcall("dlq", "ls");
      assert.partialDeepStrictEqual(listed, { causes: [{ cause, parked: 1, lanes: ["changes"] }] });
      const changes = await rollcall("dlq", "show", "--user", grace);
      assert.partialDeepStrictEqual(changes, [{ id, name: grace, cause, status: "parked", deadLetters: 1 }]);
    });
  });

  await step("rollcall explain says why, of her and of somebody whom nobody named", async () => {
    assert.partialDeepStrictEqual(await rollcall("explain", grace), { verdict: { code: "parked" }, subject: { id } });
    const nobody = await rollcall("explain", "nobody@example.com");
    assert.partialDeepStrictEqual(nobody, { verdict: { code: "never-named" } });
  });
  await step("rollcall doctor sees her, too", async () => {
    const { checks } = asDiagnosis(await rollcall("doctor"));
    assert.equal(checks.find(({ name }) => name === "parked")?.state, "failure");
  });

  await step("the tenant file is mended and deployed again", async () => {
    requireNothing(stage, tenant);
    const { TenantHash } = await deploy(stage, tenant);
    assert.notEqual(TenantHash, outputs.TenantHash);
  });
  await step("nothing is replayed by itself: the change is parked still", () =>
    shows(grace, { applied: { version: 0, status: "parked" } }),
  );
  await step("rollcall dlq replay", async () => {
    const replayed = await rollcall("dlq", "replay", "--cause", cause, "--yes");
    assert.partialDeepStrictEqual(replayed, { planned: { causes: [{ cause }] }, stopped: false, unreadable: 0 });
  });
  await step("the entry is applied: active, and without the e-mail", async () => {
    await shows(grace, applied(1, "active"));
    await shows(grace, { entry: { profile: { login: grace, displayName: "Grace Hopper" } } });
  });
  await step("the dead-letter queues are empty, and rollcall dlq ls is too", () =>
    eventually(signal, async () => {
      assert.partialDeepStrictEqual(await rollcall("dlq", "ls"), { causes: [], total: { count: 0 } });
      assert.equal(await depthOf(sqs, ChangesDeadLetterUrl), 0);
      assert.equal(await depthOf(sqs, LeaversDeadLetterUrl), 0);
    }),
  );
  await step("the user is deactivated: the entry is suspended", async () => {
    await deactivateUser(api, id);
    await shows(grace, applied(2, "suspended"));
  });
  await step("rollcall explain says that she was deactivated, and shows the request", async () => {
    const explained = await rollcall("explain", grace);
    assert.partialDeepStrictEqual(explained, { verdict: { code: "deactivated" } });
    assert.match(JSON.stringify(explained), /"requestId": ?"[^"]+"/);
  });
  await step(
    "rollcall mapping coverage, orphans, resync, brake, connect and support-bundle work on a stack",
    async () => {
      assert.partialDeepStrictEqual(await rollcall("resync", "--mapping-changed", "--dry-run"), { planned: {} });
      for (const words of ["mapping coverage", "orphans", "brake status", "connect entra --no-watch"]) {
        assert.ok(await rollcall(...words.split(" ")), words);
      }
      assert.ok(await rollcall("support-bundle", grace));
    },
  );
  sqs.destroy();
}

function asDiagnosis(value: unknown): { checks: { name: string; state: string }[] } {
  assert.ok(typeof value === "object" && value !== null && "checks" in value && Array.isArray(value.checks));
  return { checks: value.checks };
}

function applied(version: number, state: string): object {
  return { accepted: { version }, applied: { version, status: "applied" }, entry: { version, state } };
}

function tokenOf(made: unknown): string {
  assert.ok(typeof made === "object" && made !== null && "token" in made && typeof made.token === "string");
  return made.token;
}

function asList(value: unknown): unknown[] {
  assert.ok(Array.isArray(value));
  return value;
}
