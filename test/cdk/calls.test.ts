/** The roles fit the code: every call that a function makes is allowed, and every right is used by one. */
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { publicKeysIn } from "../../lib/ops/client-keys.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { groupSchema, patch, user } from "../local/served.ts";
import { type Deployed, deployed } from "./calls.ts";
import { statementsIn } from "./statements.ts";
import { eventful, type FunctionName, synthesise } from "./template.ts";

const template = synthesise(eventful);
const minute = 60_000;
const day = 1_440 * minute;

let aws: Deployed;
beforeAll(async () => {
  aws = await deployed(
    readTenantFile("acme", {
      environment: { region: "eu-central-1" },
      events: { bus: true, webhooks: { payroll: { url: "https://app.example.com/rollcall" } } },
      oauth: { tokenMinutes: 60 },
      leavers: { brake: { people: 3, action: "hold" } },
      mapping: {
        policy: "park",
        attributes: {
          login: { from: "userName", lookup: true },
          email: { from: "emails.value", required: true },
          roles: { fromGroups: { "Sales*": "seller" } },
        },
      },
    }),
  );
  await someDays(aws);
  await someEvents(aws);
  await someTokens(aws);
});
afterAll(() => aws.close());

/** What an identity provider does in the life of users and groups, with what goes wrong. */
async function someDays({ ask, work, sweep, pass }: Deployed): Promise<void> {
  const emails = [{ value: "someone@example.com" }];
  const ids: string[] = [];
  for (let n = 0; n < 12; n += 1)
    ids.push(await ask("POST", "/Users", user(`person${n}@example.com`, { emails, externalId: `e${n}` })));
  const [ann = "", bob = ""] = ids;
  await work();
  await ask("GET", '/Users?filter=userName%20eq%20"nobody@example.com"');
  await ask("GET", '/Users?filter=emails.value%20eq%20"someone@example.com"');
  await ask("GET", "/Users?count=10");
  await ask("GET", `/Users/${ann}`);
  await ask("PATCH", `/Users/${ann}`, patch({ op: "replace", value: { userName: "anna@example.com" } }));
  const members = ids.map((value) => ({ value }));
  const sales = await ask("POST", "/Groups", { schemas: [groupSchema], displayName: "Sales Rome", members });
  await work();
  await ask("GET", `/Groups/${sales}`);
  await ask("GET", `/Users/${ann}`);
  await ask("PATCH", `/Groups/${sales}`, patch({ op: "remove", path: `members[value eq "${bob}"]` }));
  await ask("PATCH", `/Groups/${sales}`, patch({ op: "add", path: "members", value: [{ value: ann }] }));
  await ask("PUT", `/Groups/${sales}`, {
    schemas: [groupSchema],
    displayName: "Sales Oslo",
    members: members.slice(3),
  });
  await work();
  await ask("POST", "/Groups", { schemas: [groupSchema], displayName: "Chess", members });
  await ask("GET", `/Groups?filter=id%20eq%20"${sales}"%20and%20members%20eq%20"${ann}"`);
  await ask("GET", `/Groups?filter=members%20eq%20"${ann}"`);
  await ask("DELETE", `/Users/${ids[5] ?? ""}`);
  // The fourth is held by the brake, whose dead letter is the leavers' own.
  for (const id of ids.slice(7)) await ask("PATCH", `/Users/${id}`, patch({ op: "replace", value: { active: false } }));
  await ask("POST", "/Users", user("parked@example.com"));
  await work();
  await pass(2 * minute);
  await sweep();
  await work();
  // Accepted while no worker runs, until it is somebody who has left and can still be seen.
  await ask("PATCH", `/Users/${ids[6] ?? ""}`, patch({ op: "replace", value: { active: false } }));
  await pass(10 * minute);
  await sweep();
  await ask("DELETE", `/Groups/${sales}`);
  await work();
  await pass(day);
  await sweep();
  await work();
}

/** What the stream brought, what it lost, and a day later the look for more of that; until then no sink takes anything. */
async function someEvents({ ask, work, publish, catchUp, deliver, loseChanges, pass }: Deployed): Promise<void> {
  await catchUp();
  await ask("POST", "/Users", user("told@example.com", { emails: [{ value: "told@example.com" }] }));
  await work();
  await publish();
  const lost = await ask("POST", "/Users", user("lost@example.com", { emails: [{ value: "lost@example.com" }] }));
  await ask("POST", "/Groups", { schemas: [groupSchema], displayName: "Lost", members: [{ value: lost }] });
  await work();
  loseChanges();
  await ask("PATCH", `/Users/${lost}`, patch({ op: "replace", path: "title", value: "Found" }));
  await work();
  await publish();
  for (let hours = 0; hours < 40; hours += 1) {
    await pass(60 * minute);
    await catchUp();
    await deliver();
  }
}

/** Right and wrong secrets, and a key whose assertion is shown twice. */
async function someTokens({ newClient, askToken, readFeed, pass }: Deployed): Promise<void> {
  const grant = { grant_type: "client_credentials" };
  const { id, secret = "" } = await newClient();
  await askToken(grant, `${id}:${secret.slice(0, -1)}x`);
  const token = await askToken(grant, `${id}:${secret}`);
  await askToken(grant, "nobody:nothing");
  await pass(20 * minute);
  await askToken(grant, "nobody:nothing");
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const signer = await newClient(publicKeysIn(JSON.stringify(await exportJWK(publicKey)), "key.json"));
  const assertion = await new SignJWT({ jti: "one" })
    .setProtectedHeader({ alg: "ES256" })
    .setIssuer(signer.id)
    .setSubject(signer.id)
    .setAudience("https://scim.example.com/oauth/token")
    .setExpirationTime(new Date(aws.now() + minute))
    .sign(privateKey);
  const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  const signed = { ...grant, client_assertion_type: type, client_assertion: assertion };
  expect(await askToken(signed)).not.toBe("");
  expect(await askToken(signed)).toBe("");
  await readFeed();
  await readFeed("?after=end&limit=10");
  // A token that is not for the feed is refused there, and not by a right that is missing.
  await readFeed("", token);
}

/** Lambda's own service does these with the role, for the function. */
const byLambda =
  /^(?:logs:|dynamodb:\w+ Directory table's stream$|sqs:(?:ReceiveMessage|DeleteMessage|ChangeMessageVisibility|GetQueueAttributes) )/;

function allowed(name: FunctionName): string[] {
  const own = statementsIn(template).filter(({ of, principal }) => of === `${name} role` && principal === undefined);
  return own.flatMap(({ actions, resources }) =>
    resources.flatMap((what) => actions.map((action) => `${action} ${what}`)),
  );
}

/** Whoever may query a table may read each item of it anyway: the ways to do so are one right. */
const asRead = (right: string): string => right.replace(/^dynamodb:(?:BatchGetItem|GetItem|Query) /, "read ");

describe.each(["Api", "Worker", "Sweeper", "Publisher", "Deliver", "Feed", "OAuth"] as const)(
  "the role of the %s function",
  (name) => {
    test("allows each call that it makes", () => {
      expect(aws.calledBy(name).filter((call) => !allowed(name).includes(call))).toEqual([]);
    });

    test("allows nothing that it never does", () => {
      const called = new Set(aws.calledBy(name).map(asRead));
      expect(allowed(name).filter((right) => !called.has(asRead(right)) && !byLambda.test(right))).toEqual([]);
    });
  },
);
