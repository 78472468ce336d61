/** The application's reader on DynamoDB itself: what it asks is understood there, and answered as the embedded directory answers. */
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dynamoTable } from "../../lib/aws/dynamo-table.ts";
import { createTableInputs } from "../../lib/aws/table-definition.ts";
import { directory, type Directory } from "../../lib/directory/index.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { clientOn } from "../directory/client.ts";
import { type TestStore, testStore } from "../ops/store.ts";
import { realDynamoClient } from "./clients.ts";

const tenant = readTenantFile("reading", {
  environment: { region: "eu-central-1" },
  mapping: {
    attributes: {
      login: { from: "userName", required: true, lookup: true },
      email: { from: "emails.value", lookup: true },
    },
  },
});
const client = realDynamoClient();
const people: string[] = [];
let store: TestStore;
let groupId: string;
let readers: readonly [real: Directory, embedded: Directory];

beforeAll(async () => {
  store = testStore(tenant);
  for (let n = 0; n < 130; n += 1)
    people.push(await store.createUser({ userName: `p${n}@example.com`, emails: [{ value: "Team@example.com" }] }));
  groupId = await store.createGroup("Pilots", people);
  for (let n = 0; n < 3; n += 1) await store.createGroup(`Crew ${n}`, people.slice(0, 2));
  await store.work();
  for (const id of people.slice(1)) await store.patchUser(id, { active: false });
  await store.deleteUser(people[2] ?? "");
  await store.work();
  const id = randomUUID();
  const names = { scim: `scim-${id}`, directory: `directory-${id}` };
  for (const input of createTableInputs(names)) await client.send(new CreateTableCommand(input));
  const table = dynamoTable({ client, names });
  for (const { pk, sk, attributes } of store.db
    .prepare("SELECT pk, sk, attributes FROM item WHERE tbl = 'directory'")
    .all()) {
    const key = { table: "directory", pk: String(pk), sk: String(sk) } as const;
    await table.write({ kind: "put", key, attributes: JSON.parse(String(attributes)) });
  }
  readers = [
    directory({ client, tableName: names.directory }),
    directory({ client: clientOn(store.db), tableName: "Directory" }),
  ];
});
afterAll(() => {
  client.destroy();
  store.close();
});

async function all<T extends { readonly id: string }>(list: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of list) found.push(one);
  return found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

test.each<[string, (read: Directory) => Promise<unknown>, (answer: any) => unknown, unknown]>([
  ["getUser", async (read) => await read.getUser(people[0] ?? ""), ({ state }) => state, "active"],
  ["getUser of somebody removed", async (read) => await read.getUser(people[2] ?? ""), ({ state }) => state, "removed"],
  ["findUser", async (read) => await read.findUser({ login: "P0@EXAMPLE.COM" }), ({ id }) => id === people[0], true],
  [
    "findUser of several",
    async (read) => await read.findUser({ email: "team@example.com" }),
    ({ id }) => id === people[0],
    true,
  ],
  [
    "findUsers of more than a batch",
    async (read) => await read.findUsers({ email: "team@example.com" }),
    ({ length }) => length,
    129,
  ],
  ["users", async (read) => await all(read.users()), ({ length }) => length, 129],
  ["groupsOf", async (read) => await read.groupsOf(people[0] ?? ""), ({ length }) => length, 4],
  ["membersOf", async (read) => await all(read.membersOf(groupId)), ({ length }) => length, 129],
])("%s", async (_name, ask, sign, expected) => {
  const [real, embedded] = await Promise.all(readers.map(ask));
  expect(real).toEqual(embedded);
  expect(sign(real)).toBe(expected);
});
