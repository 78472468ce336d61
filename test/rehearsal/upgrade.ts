/** What is rehearsed of an upgrade: the identity provider does not stop for it, and tables that a stack left are taken up by the next one. */
import assert from "node:assert/strict";
import { CloudFormationClient, UpdateTerminationProtectionCommand } from "@aws-sdk/client-cloudformation";
import { DescribeTableCommand, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { stackName } from "../../lib/stack-outputs.ts";
import { eventually } from "./eventually.ts";
import { createUser, deactivateUser, type ScimApi, scimApi, userSchema } from "./scim-api.ts";
import { adopt, credentials, deploy, keepLogsLonger, type Stage } from "./stage.ts";
import type { Steps } from "./steps.ts";
import type { Scene } from "./story.ts";

/** While a deployment lasts so many are created, and no more than that. */
const usersMost = 200;

/** Errors: of the step that failed, after it was told. */
export async function tellUpgrade({ stage, tenant, region, outputs, signal }: Scene, { step }: Steps): Promise<void> {
  const rollcall = (...args: string[]) => stage.rollcall(...args, "--tenant", tenant);
  const api = scimApi(outputs.ScimBaseUrl, await makeToken(stage, tenant));
  const names = await step(
    "another tenant file is deployed while the identity provider goes on: each create is accepted",
    async () => {
      keepLogsLonger(stage, tenant);
      const running = { isOver: false };
      const created = createUntil(api, running);
      // Told when it is awaited: the deployment may take longer than the first answer that is none.
      created.catch(() => {});
      try {
        const { TenantHash } = await deploy(stage, tenant);
        assert.notEqual(TenantHash, outputs.TenantHash);
      } finally {
        running.isOver = true;
      }
      const all = await created;
      assert.ok(all.length > 3, `Only ${all.length} were created meanwhile.`);
      return all;
    },
  );
  await step("all of them are applied: before the deployment, during it and after it", async () => {
    const dynamo = new DynamoDBClient({ endpoint: stage.awsUrl, region, credentials });
    // A worker that the emulator ended in a batch took its messages along: the sweep sends these again two minutes later.
    const allApplied = async () => {
      const logins = new Set(await activeLogins(dynamo, outputs.DirectoryTableName));
      const missing = names.filter((name) => !logins.has(name));
      assert.deepEqual(missing, [], `${missing.length} of ${names.length} are not applied.`);
    };
    await eventually(signal, allApplied, 4);
    dynamo.destroy();
  });
  await step("rollcall doctor finds the new tenant file deployed, and nothing pending", () =>
    eventually(signal, async () => {
      const states = stateOf(await rollcall("doctor"));
      assert.deepEqual([states("tenant file"), states("pending")], ["ok", "ok"]);
    }),
  );
}

/** As the application reads them. */
async function activeLogins(client: DynamoDBClient, TableName: string): Promise<string[]> {
  const logins: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    for (const { sk, state, profile } of Items) {
      if (sk?.S !== "Entry" || state?.S !== "active") continue;
      const { login }: { login?: string } = JSON.parse(profile?.S ?? "{}");
      if (login !== undefined) logins.push(login);
    }
  }
  return logins;
}

/** A stack that is not thrown away with its data, deleted by mistake. */
export async function tellAdoption(
  { stage, tenant, region, signal }: Omit<Scene, "outputs">,
  { step }: Steps,
): Promise<void> {
  const aws = { endpoint: stage.awsUrl, region, credentials };
  const [cloudFormation, dynamo] = [new CloudFormationClient(aws), new DynamoDBClient(aws)];
  const rollcall = (...args: string[]) => stage.rollcall(...args, "--tenant", tenant);
  const ada = "ada@example.com";

  const first = await step("cdk deploy of a stack whose data stay", () => deploy(stage, tenant, { ephemeral: false }));
  const token = await makeToken(stage, tenant);
  const { id } = await step("somebody is provisioned by it", async () => {
    const created = await createUser(scimApi(first.ScimBaseUrl, token), person(ada));
    await eventually(signal, async () => isActive(await rollcall("show", ada)));
    return created;
  });
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: first.DirectoryTableName }));
  const tables = {
    scimTable: first.ScimTableName,
    directoryTable: first.DirectoryTableName,
    eventsTable: first.EventsTableName ?? "",
  };
  const directoryStreamArn = Table?.LatestStreamArn ?? "";
  await step("cdk destroy: the stack goes, and its tables stay", async () => {
    const StackName = stackName(tenant);
    await cloudFormation.send(
      new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }),
    );
    await stage.cdk("destroy", "-c", `tenant=${tenant}`, "--force");
    for (const TableName of Object.values(tables)) {
      const { Table } = await dynamo.send(new DescribeTableCommand({ TableName }));
      assert.equal(Table?.TableStatus, "ACTIVE");
    }
  });
  const next = await step("the tenant file adopts them: cdk deploy makes no others", async () => {
    adopt(stage, tenant, { ...tables, directoryStreamArn });
    const made = await deploy(stage, tenant, { ephemeral: false });
    assert.deepEqual([made.ScimTableName, made.DirectoryTableName, made.EventsTableName], Object.values(tables));
    return made;
  });
  await step("the old token lets in, she is found, and her deactivation is applied", async () => {
    const api = scimApi(next.ScimBaseUrl, token);
    const { status, body } = await api("GET", `/Users/${id}`);
    assert.equal(status, 200);
    assert.partialDeepStrictEqual(body, { userName: ada });
    await deactivateUser(api, id);
    await eventually(signal, async () =>
      assert.partialDeepStrictEqual(await rollcall("show", ada), [{ entry: { version: 2, state: "suspended" } }]),
    );
  });
  await step("rollcall doctor looks at the adopted tables", async () => {
    const states = stateOf(await rollcall("doctor"));
    assert.equal(states("restore"), "ok");
    assert.ok(["ok", "warning"].includes(states("tables") ?? ""), states("tables"));
  });
  cloudFormation.destroy();
  dynamo.destroy();
}

async function createUntil(api: ScimApi, running: { readonly isOver: boolean }): Promise<string[]> {
  const names: string[] = [];
  while (!running.isOver && names.length < usersMost) {
    const name = `upgrade.${names.length}@example.com`;
    await createInsistently(api, person(name));
    names.push(name);
  }
  return names;
}

/**
 * The emulator ends the process of the old code at once, with the request that it has at hand: that is a 502, and an identity
 * provider sends the request again. A 409 is then the answer to what was accepted the first time. Errors: any other answer.
 */
async function createInsistently(api: ScimApi, attributes: ReturnType<typeof person>): Promise<void> {
  const create = async () => await api("POST", "/Users", { schemas: [userSchema], ...attributes });
  const first = await create();
  if (first.status === 201) return;
  assert.equal(first.status, 502, JSON.stringify(first.body));
  const again = await create();
  assert.ok(again.status === 201 || again.status === 409, `${again.status} ${JSON.stringify(again.body)}`);
}

const person = (name: string) => ({ userName: name, displayName: name, emails: [{ value: name, primary: true }] });

async function makeToken(stage: Stage, tenant: string): Promise<string> {
  const made = await stage.rollcall("token", "create", "--label", "upgrade", "--tenant", tenant);
  assert.ok(typeof made === "object" && made !== null && "token" in made && typeof made.token === "string");
  return made.token;
}

function isActive(shown: unknown): void {
  assert.partialDeepStrictEqual(shown, [{ applied: { status: "applied" }, entry: { state: "active" } }]);
}

function stateOf(diagnosis: unknown): (name: string) => string | undefined {
  assert.ok(typeof diagnosis === "object" && diagnosis !== null && "checks" in diagnosis);
  const { checks } = diagnosis as { checks: { name: string; state: string }[] };
  return (name) => checks.find((check) => check.name === name)?.state;
}
