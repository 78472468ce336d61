import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { stackOutputs } from "../../lib/cli/deployed-target.ts";

const names = ["ScimBaseUrl", "ScimTableName", "DirectoryTableName"];
const queues = ["LeaversQueueUrl", "LeaversDeadLetterUrl", "ChangesQueueUrl", "ChangesDeadLetterUrl"];
const outputs = [...names, ...queues].map((OutputKey) => ({ OutputKey, OutputValue: `the ${OutputKey}` }));

describe("the outputs of a tenant's stack", () => {
  test("say where tables and queues are", () => {
    expect(stackOutputs("acme", outputs)).toMatchObject({
      ScimTableName: "the ScimTableName",
      ChangesQueueUrl: "the ChangesQueueUrl",
    });
  });

  test.each([...names, ...queues])("without %s it is an error that names it", (name) => {
    const others = outputs.filter(({ OutputKey }) => OutputKey !== name);
    expect(() => stackOutputs("acme", others)).toThrow(`Stack rollcall-acme has no output ${name}`);
  });
});

describe("rollcall --tenant", () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  test("asks CloudFormation at AWS_ENDPOINT_URL, and tells in a sentence that the tenant is not deployed", async () => {
    const asked: string[] = [];
    server = createServer((request, response) => {
      request.on("data", (body) => asked.push(String(body)));
      request.on("end", () => response.writeHead(400, { "content-type": "text/xml" }).end(noSuchStack));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const env = {
      PATH: process.env["PATH"] ?? "",
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
    const { code, stderr } = await run(["token", "ls", "--tenant", "acme"], env);
    expect(asked[0]).toContain("StackName=rollcall-acme");
    expect(stderr).toBe(
      'Tenant "acme" is not deployed: there is no stack rollcall-acme in eu-central-1; `npm run deploy -- acme` makes it.\n',
    );
    expect(code).toBe(1);
  });
});

const noSuchStack = `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>
  <Code>ValidationError</Code><Message>Stack with id rollcall-acme does not exist</Message></Error><RequestId>1</RequestId></ErrorResponse>`;

async function run(words: string[], env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const bin = join(import.meta.dirname, "../../bin/rollcall.ts");
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, [bin, ...words], { env }, (_error, _stdout, stderr) => {
      resolve({ code: child.exitCode, stderr });
    });
  });
}
