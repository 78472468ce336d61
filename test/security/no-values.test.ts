/**
 * Nothing that anybody sent is in a log line, a metric, a queue or a dead letter (R122): a whole company goes through all
 * three functions while table and lanes fail with errors full of values, and then every value is looked for in all that was
 * printed and sent.
 */
import { afterEach, describe, expect, test } from "vitest";
import { simulate } from "../../lib/ops/simulate/simulate.ts";
import { isList, isObject, type Json } from "../../lib/scim/json.ts";
import { groupSchema, patch, acme, user } from "../local/served.ts";
import { parkingTenant } from "../ops/store.ts";
import { type PrintingWorld, printingWorld } from "./printing-world.ts";

let world: PrintingWorld;
afterEach(() => world.close());

const users = "/scim/v2/Users";
const groups = "/scim/v2/Groups";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** What was sent, by hand and by the simulated identity providers. */
class Sent {
  readonly #values = new Set<string>();
  readonly #ids = new Set<string>();

  add(...values: string[]): void {
    for (const value of values) this.#values.add(value);
  }

  /** All texts of a body, but for those that SCIM itself gave a meaning to. */
  body(body: Json): void {
    if (typeof body === "string") this.add(body);
    else if (isList(body)) body.forEach((part) => this.body(part));
    else if (isObject(body)) {
      for (const [name, value] of Object.entries(body)) if (!vocabulary.has(name)) this.body(value);
    }
  }

  answer(text: string): void {
    for (const [, id = ""] of text.matchAll(/"id":"([^"]+)"/g)) this.#ids.add(id);
  }

  /** What nobody may find. Our own ids are no secret; a text of up to three letters is in everything. */
  secrets(): string[] {
    return [...this.#values].filter((value) => value.length > 3 && !this.#ids.has(value) && !vocabulary.has(value));
  }
}

const vocabulary = new Set([
  "schemas",
  "op",
  "path",
  "type",
  "method",
  "User",
  "Group",
  "true",
  "false",
  "True",
  "False",
]);

/** Where a value stands in a text, in any form that it may have taken on the way there. */
function found(value: string, text: string, folded: string): string[] {
  const forms = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), encodeURI(value)];
  const coded = [Buffer.from(value).toString("base64").replace(/=+$/, ""), Buffer.from(value).toString("base64url")];
  const whole = forms.some((form) => wordIn(form.toLowerCase(), folded));
  // Six letters of base64 stand in longer words by chance.
  return whole || (value.length > 6 && coded.some((form) => text.includes(form))) ? [value] : [];
}

/** "Ines" is no part of "lines". */
function wordIn(word: string, text: string): boolean {
  const isLetter = (letter = "") => /[\p{L}\p{N}]/u.test(letter);
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1], text[at + word.length]];
    if (!(isLetter(word[0]) && isLetter(before)) && !(isLetter(word.at(-1)) && isLetter(after))) return true;
  }
  return false;
}

const connectionRequests = 5;

async function playCompany(idp: "entra" | "okta", seed: number, sent: Sent): Promise<void> {
  let requests = 0;
  const listening: typeof fetch = async (input, init) => {
    // Whoever is not let in at all does not begin.
    world.failing((requests += 1) > connectionRequests ? 3 : 0);
    const { searchParams } = new URL(input instanceof Request ? input.url : input);
    for (const [, literal = ""] of (searchParams.get("filter") ?? "").matchAll(/"([^"]*)"/g)) sent.add(literal);
    if (typeof init?.body === "string") sent.body(JSON.parse(init.body));
    const response = await world.fetch(input, init);
    sent.answer(await response.clone().text());
    return response;
  };
  const sizes = { users: 15, groups: 4, seed, concurrency: 3 };
  const { clock } = world.provisioning;
  const server = { baseUrl: "https://scim.example.com/scim/v2", token: world.token, fetch: listening };
  await simulate({ idp, ...sizes, ...server, verify: false, clock });
}

/** Requests that are refused, wrong, or meant to be found in a log later. */
async function playStranger(sent: Sent): Promise<void> {
  const person = "Wilhelmina Quarrelsome";
  const address = "wilhelmina@quarrelsome.example.com";
  const forged = `x"}\n{"level":"ERROR","message":"${address}"}\r\n\u001b[31m`;
  sent.add(
    person,
    address,
    forged,
    "Wilhelmina",
    "Quarrelsome",
    "+49 30 5550199",
    "E-99817",
    world.token,
    world.token.slice(-43),
  );
  const full = user(address, {
    externalId: "E-99817",
    displayName: person,
    name: { givenName: "Wilhelmina", familyName: "Quarrelsome" },
    phoneNumbers: [{ value: "+49 30 5550199" }],
    emails: [{ value: address }],
  });
  const created = await world.ask("POST", users, { body: full });
  sent.answer(created?.body ?? "");
  const id = /"id":"([^"]+)"/.exec(created?.body ?? "")?.[1] ?? "";
  const group = await world.ask("POST", groups, { body: { schemas: [groupSchema], displayName: person } });
  sent.answer(group?.body ?? "");
  const changes: [string, string, object | string][] = [
    ["POST", users, full],
    ["POST", users, user("")],
    ["POST", users, user(forged, { [address]: person, [`urn:${address}`]: { [person]: 1 } })],
    ["POST", users, user(`2${address}`, { emails: [] })],
    ["PUT", `${users}/${id}`, user(address, { externalId: { [person]: address } })],
    ["PUT", `${users}/${address}`, full],
    ["POST", users, `{"userName":"${address}"`],
    ["POST", users, `"${address}"`],
    ["PATCH", `${users}/${id}`, patch({ op: "replace", path: `emails[value eq "${address}"].${person}`, value: 1 })],
    ["PATCH", `${users}/${id}`, patch({ op: address, path: person, value: address })],
    [
      "PATCH",
      `${users}/${id}`,
      patch({ op: "replace", value: { [`${enterprise}:manager`]: address, active: person } }),
    ],
    ["PATCH", `${users}/${id}`, patch({ op: "add", path: "roles", value: [{ value: person, primary: true }] })],
    ["PATCH", `${groups}/${id}`, patch({ op: "add", path: "members", value: [{ value: address, display: person }] })],
    ["POST", `${users}/.search`, { filter: `userName eq "${address}" and ${person} pr`, sortBy: person }],
    ["POST", "/scim/v2/Bulk", bulkOf(full, address)],
  ];
  for (const [method, target, body] of changes) await world.ask(method, target, { body });
  const filters = [
    `userName eq "${address}"`,
    `emails co "${address}"`,
    `"${address}"`,
    `${person} eq "${address}"`,
    forged,
  ];
  for (const filter of filters) await world.ask("GET", `${users}?filter=${encodeURIComponent(filter)}`);
  const headers: Record<string, string>[] = [
    { authorization: `Bearer rc_quarrelsome_${"Q".repeat(43)}` },
    { authorization: `Basic ${Buffer.from(`${address}:secret`).toString("base64")}` },
    {
      "user-agent": address,
      "x-forwarded-host": address,
      "x-request-id": forged,
      "x-amzn-trace-id": `Root=${address}`,
    },
    { "if-match": address, "accept-encoding": person, accept: address, "content-type": address },
  ];
  for (const more of headers) {
    await world.ask("GET", `${users}/${encodeURIComponent(address)}?attributes=${encodeURIComponent(person)}`, {
      headers: more,
    });
    await world.ask("PATCH", `${users}/${id}`, {
      body: patch({ op: "add", path: "title", value: person }),
      headers: more,
    });
  }
  await world.ask(address, users);
  await world.ask("GET", `/scim/v2/${encodeURIComponent(person)}/${encodeURIComponent(address)}`);
  await world.ask("GET", `/${encodeURIComponent(address)}`);
  await world.ask("GET", `${users}?cursor=${encodeURIComponent(address)}`);
}

async function hire(sent: Sent, address: string): Promise<void> {
  sent.add(address);
  const emails = [{ value: address, primary: true }];
  expect(await world.ask("POST", users, { body: user(address, { emails }) })).toMatchObject({ statusCode: 201 });
}

function bulkOf(full: object, address: string): object {
  const operation = (path: string, bulkId: string, data: object) => ({ method: "POST", path, bulkId, data });
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
    Operations: [
      operation("/Users", address, full),
      operation("/Users", "two", user(`3${address}`, { [address]: address })),
      operation(`/${address}`, "three", full),
      { method: address, path: "/Users/1", data: {} },
    ],
  };
}

describe.each([
  ["a tenant that refuses what it cannot map", acme, 7, /"(?:internal|throttled|unavailable)"/],
  ["a tenant that parks it", parkingTenant, 8, /"mapping-required-missing"/],
] as const)("%s", (_, tenant, seed, buried) => {
  test("no value of anybody is printed, counted, queued or buried", async () => {
    const sent = new Sent();
    world = await printingWorld(tenant, seed);
    await playStranger(sent);
    await world.pass(1, 1);
    await playCompany("entra", seed, sent);
    await playCompany("okta", seed + 10, sent);
    await playStranger(sent);
    await world.pass(3, 1);
    world.failing(30);
    await playStranger(sent);
    await world.pass(3, 1);
    // A day of retries of the directory alone, at the end of which changes are given up.
    world.failing(0, 100);
    await hire(sent, "late@quarrelsome.example.com");
    await world.pass(20, 400);
    world.failing(0);
    await world.pass(2, 400);

    const printed = world.printed();
    const queued = world.queued();
    const secrets = sent.secrets();
    expect(secrets.length).toBeGreaterThan(120);
    const text = `${printed}\n${queued}`;
    const folded = text.toLowerCase();
    expect(secrets.flatMap((value) => found(value, text, folded))).toEqual([]);

    // It would be easy to leave nothing where nothing happens.
    for (const told of [
      "answered",
      "not answered",
      "worked",
      "swept",
      "not swept",
      "tried again later",
      "Invoke Error",
    ])
      expect(printed).toContain(told);
    expect(printed).toMatch(/"TransactionCanceledException"/);
    expect(printed).toContain('"_aws"');
    expect(queued.length).toBeGreaterThan(1_000);
    expect(queued).toMatch(buried);
  });
});

test("the look for values finds one in any form that it may take", () => {
  const value = "Zoë O'Neil@example.com";
  const texts = [
    `x ${value} y`,
    value.toUpperCase(),
    encodeURIComponent(value),
    Buffer.from(value).toString("base64"),
    Buffer.from(value).toString("base64url"),
    JSON.stringify({ message: value }),
  ];
  expect(texts.filter((text) => found(value, text, text.toLowerCase()).length === 0)).toEqual([]);
  expect(found("Ines", "these lines", "these lines")).toEqual([]);
  world = { close: () => {} } as PrintingWorld;
});
