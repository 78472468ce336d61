/**
 * Cold start: import and first call of the api function's bundle, beside a bundle with the two SDK clients alone, as
 * processes of their own, alternating. The first call is an unauthorised one, which writes one item; the clients alone write
 * one, too. A table on loopback takes both.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type BuildOptions } from "esbuild";
import { aliases, banner, projectRoot as root } from "../lib/cdk/bundling.ts";
import { tenantFileName } from "../lib/config.ts";
import { median } from "./median.ts";

const rounds = 15;

/** As lib/cdk/bundling.ts has it. */
const bundling: BuildOptions = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  minify: true,
  mainFields: ["module", "main"],
  banner: { js: banner },
  logLevel: "error",
};

const clientsAlone = `
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
const [dynamo, sqs] = [new DynamoDBClient({}), new SQSClient({})];
const input = { TableName: "scim", Key: { pk: { S: "a" }, sk: { S: "b" } } };
export const handler = async () => ({ answer: await dynamo.send(new UpdateItemCommand(input)), sqs, SendMessageCommand });
`;

const environment = {
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench",
  ROLLCALL_TENANT: "acme",
  TENANT_HASH: "bench",
  SCIM_TABLE: "scim",
  DIRECTORY_TABLE: "directory",
  LEAVERS_QUEUE_URL: "http://127.0.0.1:9/leavers",
  CHANGES_QUEUE_URL: "http://127.0.0.1:9/changes",
  LEAVERS_DEAD_LETTER_URL: "http://127.0.0.1:9/leavers-dead",
  CHANGES_DEAD_LETTER_URL: "http://127.0.0.1:9/changes-dead",
};

const firstCall = (file: string) => `
const event = { version: "2.0", rawPath: "/scim/v2/Users", rawQueryString: "", headers: {}, isBase64Encoded: false,
  requestContext: { requestId: "bench", domainName: "localhost", stage: "$default", http: { method: "GET", path: "/scim/v2/Users" } } };
const began = performance.now();
const { handler } = await import(${JSON.stringify(file)});
await handler(event, { awsRequestId: "bench", getRemainingTimeInMillis: () => 1000 });
process.stderr.write("took " + (performance.now() - began));
process.exit(0);
`;

export async function coldStart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-cold-"));
  const table = await openTable();
  const tableUrl = `http://127.0.0.1:${(table.address() as AddressInfo).port}`;
  try {
    const inside: Inside = {};
    const ours = await bundle(folder, "api", { entryPoints: [join(root, "functions/api.ts")], alias: aliases }, inside);
    const alone = await bundle(folder, "clients", { stdin: { contents: clientsAlone, resolveDir: root } });
    const [oursMs, aloneMs]: [number[], number[]] = [[], []];
    for (let n = 0; n < rounds; n += 1) {
      oursMs.push(await timed(ours, tableUrl));
      aloneMs.push(await timed(alone, tableUrl));
    }
    console.log(
      `\ncold start: import and first call, medians of ${rounds}, alternating (ratio: against the two SDK clients alone; goal 1.2)\n`,
    );
    console.log("| bundle | kB minified | ms | ratio |\n| --- | ---: | ---: | ---: |");
    for (const [name, file, ms] of [
      ["two SDK clients", alone, aloneMs],
      ["api function", ours, oursMs],
    ] as const) {
      const kilobytes = (statSync(file).size / 1000).toFixed(0);
      console.log(
        `| ${name} | ${kilobytes} | ${median(ms).toFixed(1)} | ${(median(ms) / median(aloneMs)).toFixed(2)} |`,
      );
    }
    showPackages(inside);
  } finally {
    table.close();
    rmSync(folder, { recursive: true });
  }
}

/** Takes every write. */
async function openTable(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.setHeader("content-type", "application/x-amz-json-1.0");
      response.end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Bytes in a bundle, by the file that they come from. */
type Inside = Record<string, number>;

/** What is loaded at a cold start, and whose it is. */
function showPackages(inside: Inside): void {
  const sums = new Map<string, number>();
  for (const [path, bytes] of Object.entries(inside)) {
    const parts = path.split("node_modules/").at(-1)?.split("/") ?? [];
    const length = path.includes("node_modules/") ? (parts[0]?.startsWith("@") ? 2 : 1) : parts.length - 1;
    const owner = parts.slice(0, length).join("/");
    sums.set(owner, (sums.get(owner) ?? 0) + bytes);
  }
  console.log("\nwhat is in the api function, by package or folder\n\n| from | kB minified |\n| --- | ---: |");
  for (const [owner, bytes] of [...sums].toSorted(([, a], [, b]) => b - a))
    if (bytes >= 1000) console.log(`| ${owner} | ${(bytes / 1000).toFixed(1)} |`);
}

async function bundle(folder: string, name: string, input: BuildOptions, inside: Inside = {}): Promise<string> {
  mkdirSync(join(folder, name));
  const outfile = join(folder, name, "index.mjs");
  const { metafile } = await build({ ...bundling, ...input, outfile, metafile: true });
  for (const { inputs } of Object.values(metafile.outputs))
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) inside[path] = bytesInOutput;
  copyFileSync(join(root, "tenants/acme.json"), join(folder, name, tenantFileName));
  return outfile;
}

async function timed(bundled: string, tableUrl: string): Promise<number> {
  const caller = `${bundled}.call.mjs`;
  writeFileSync(caller, firstCall(bundled));
  const { stderr } = await promisify(execFile)(process.execPath, [caller], {
    env: { ...environment, AWS_ENDPOINT_URL_DYNAMODB: tableUrl, NODE_DISABLE_COMPILE_CACHE: "1" },
  });
  return Number(/took ([\d.]+)/.exec(stderr)?.[1]);
}
