/**
 * saml-jackson's directory sync on its DynamoDB engine, behind the few lines of HTTP that its guide for frameworks shows.
 *
 * As cheap as its documentation lets it be: events go to a callback that does nothing, values are not encrypted, nothing is
 * reported home. Its AWS SDK finds its credentials in the environment.
 */
import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { eachOf } from "../../../lib/provisioning/in-parallel.ts";
import type { JsonObject } from "../../../lib/scim/json.ts";
import { loadModule } from "../../load-module.ts";
import type { Control } from "../control.ts";
import { bodyOfPerson, userNameOf } from "../people.ts";
import { bareClient } from "./batch-writer.ts";
import { serveBeside, textOf } from "./control.ts";
import { gatherWrites, type Sdk } from "./gather-writes.ts";

interface Jackson {
  readonly directorySyncController: {
    readonly directories: {
      create(options: object): Promise<{ readonly data: { readonly id: string; readonly scim: { secret: string } } }>;
    };
    readonly requests: {
      handle(request: object, callback: () => Promise<void>): Promise<{ status: number; data: object | undefined }>;
    };
    readonly users: { setTenantAndProduct(tenant: string, product: string): Users };
    readonly groups: { setTenantAndProduct(tenant: string, product: string): Groups };
  };
}

interface Users {
  create(user: object): Promise<{ readonly data: { readonly id: string } | null; readonly error: unknown }>;
}

interface Groups {
  create(group: object): Promise<{ readonly data: { readonly id: string } | null; readonly error: unknown }>;
  addUserToGroup(groupId: string, userId: string): Promise<void>;
}

const folder = join(import.meta.dirname, "..", "packages");
const [dynamoUrl = ""] = process.argv.slice(2);
const [tenant, product] = ["bench", "bench"];

const sdk = await loadModule<Sdk>(folder, "@aws-sdk/client-dynamodb");
const { default: jackson } = await loadModule<{ default: { default: (options: object) => Promise<Jackson> } }>(
  folder,
  "@boxyhq/saml-jackson",
);
const nothing = (): void => {};
const { directorySyncController: sync } = await jackson.default({
  externalUrl: "http://127.0.0.1",
  samlAudience: "http://127.0.0.1",
  samlPath: "/saml",
  scimPath: "/scim",
  noAnalytics: true,
  logger: { info: nothing, warn: nothing, error: nothing },
  db: {
    engine: "dynamodb",
    url: dynamoUrl,
    dynamodb: { region: "eu-central-1", readCapacityUnits: 1000, writeCapacityUnits: 1000 },
  },
});
const { data: directory } = await sync.directories.create({ name: "bench", tenant, product, type: "azure-scim-v2" });
const users = sync.users.setTenantAndProduct(tenant, product);
const groups = sync.groups.setTenantAndProduct(tenant, product);

const ids: string[] = [];
const atOnce = 64;
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);

/** Its own code makes each item; only their way to the table is shortened. */
const control: Control = {
  async fill(from, to) {
    const gathered = gatherWrites(sdk, dynamoUrl);
    await eachOf(numbers(from, to), atOnce, async (n) => {
      const raw = bodyOfPerson(n);
      const known = { first_name: "Ada", last_name: "Lovelace", email: userNameOf(n), active: true };
      const id = randomUUID();
      const made = await users.create({ ...known, id, directoryId: directory.id, raw: { ...raw, id } });
      ids[n] = taken(made);
    });
    await gathered.end();
    return ids.slice(from, to);
  },
  async group(size) {
    const name = randomUUID();
    const raw = { displayName: name, members: [] };
    const id = taken(await groups.create({ directoryId: directory.id, name, raw }));
    const gathered = gatherWrites(sdk, dynamoUrl);
    await eachOf(numbers(0, size), atOnce, async (n) => await groups.addUserToGroup(id, ids[n] ?? ""));
    await gathered.end();
    return id;
  },
  members: countMembers,
};

function taken({ data, error }: { readonly data: { readonly id: string } | null; readonly error: unknown }): string {
  if (data === null) throw new Error("saml-jackson did not take what was put in", { cause: error });
  return data.id;
}

/** Its answers have no members, and its own list of them ends after one page of the store: the items of its index are counted. */
async function countMembers(groupId: string): Promise<number> {
  const digest = createHash("ripemd160").update(groupId).digest("hex");
  const client = bareClient(dynamoUrl);
  const input = {
    TableName: "jacksonIndex",
    KeyConditionExpression: "#key = :key",
    ExpressionAttributeNames: { "#key": "key" },
    ExpressionAttributeValues: { ":key": { S: `dsync:members:${tenant}:${product}:groupId:${digest}` } },
    Select: "COUNT" as const,
    ConsistentRead: true,
  };
  let count = 0;
  let ExclusiveStartKey;
  do {
    const page: { Count?: number; LastEvaluatedKey?: never } = (await client.send(
      new QueryCommand({ ...input, ExclusiveStartKey }),
    )) as never;
    count += page.Count ?? 0;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  client.destroy();
  return count;
}

async function scim(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const [, , , resourceType, resourceId] = url.pathname.split("/");
  const [count, startIndex] = [url.searchParams.get("count"), url.searchParams.get("startIndex")];
  const text = await textOf(request);
  const body: JsonObject | undefined = text === "" ? undefined : JSON.parse(text);
  const { status, data } = await sync.requests.handle(
    {
      method: request.method,
      directoryId: directory.id,
      apiSecret: request.headers.authorization?.replace("Bearer ", ""),
      resourceType,
      resourceId,
      body,
      query: {
        count: count === null ? undefined : Number(count),
        startIndex: startIndex === null ? undefined : Number(startIndex),
        filter: url.searchParams.get("filter") ?? undefined,
      },
    },
    async () => {},
  );
  response.writeHead(status, { "content-type": "application/scim+json" });
  response.end(JSON.stringify(data ?? {}));
}

serveBeside({
  scim: (request, response) => {
    scim(request, response).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(JSON.stringify({ detail: String(error) }));
    });
  },
  control,
  basePath: "/scim/v2.0",
  token: directory.scim.secret,
});
