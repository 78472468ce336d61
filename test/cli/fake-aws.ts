/**
 * An AWS that has the stacks that a folder has as files, `<region>.<tenant>.json`, and whose other services are empty. Until
 * it is closed the SDK asks it and no other.
 */
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { vi } from "vitest";

interface StoredStack {
  readonly status: string;
  readonly version?: string;
  readonly hash?: string;
  /** Without the tag: somebody else's. */
  readonly isForeign?: boolean;
}

export interface FakeAws {
  /** Such as `DescribeStacks eu-central-1`, in their order. */
  readonly asked: string[];
  /** Regions in which nothing is allowed. */
  readonly closed: Set<string>;
  /** So many requests are too many at once. */
  throttle(requests: number): void;
  close(): void;
}

export async function fakeAws(folder: string): Promise<FakeAws> {
  const asked: string[] = [];
  const closed = new Set<string>();
  const throttled = { left: 0 };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += String(part)));
    request.on("end", () => {
      const [, region = ""] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
      answer(response, region, new URLSearchParams(body));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  function answer(response: ServerResponse, region: string, query: URLSearchParams): void {
    const action = query.get("Action");
    if (action === null)
      return void response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end("{}");
    asked.push(`${action} ${region}`);
    const xml = (status: number, text: string) => response.writeHead(status, { "content-type": "text/xml" }).end(text);
    if ((throttled.left -= 1) >= 0) return void xml(400, errorXml("Throttling", "Rate exceeded"));
    if (closed.has(region)) return void xml(403, errorXml("AccessDenied", `Not authorized to perform ${action}`));
    if (action === "GetCallerIdentity") return void xml(200, resultXml(action, "<Account>111122223333</Account>"));
    if (action === "ListStacks") {
      const rows = stacksIn(region).map((tenant) => `<member><StackName>rollcall-${tenant}</StackName></member>`);
      return void xml(200, resultXml(action, `<StackSummaries>${rows.join("")}</StackSummaries>`));
    }
    if (action !== "DescribeStacks") return void xml(200, resultXml(action, ""));
    const name = query.get("StackName") ?? "";
    const tenant = name.replace(/^rollcall-/, "");
    if (!stacksIn(region).includes(tenant)) {
      return void xml(400, errorXml("ValidationError", `Stack with id ${name} does not exist`));
    }
    xml(200, resultXml(action, `<Stacks>${stackXml(tenant, stackIn(region, tenant), url())}</Stacks>`));
  }

  const stacksIn = (region: string) =>
    readdirSync(folder).flatMap((file) =>
      /^([a-z]+-[a-z]+-\d)\.(.*)\.json$/.exec(file)?.[1] === region ? [file.slice(region.length + 1, -5)] : [],
    );
  const stackIn = (region: string, tenant: string): StoredStack =>
    JSON.parse(readFileSync(join(folder, `${region}.${tenant}.json`), "utf8"));

  const url = () => {
    const address = server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  };
  vi.stubEnv("AWS_ENDPOINT_URL", url());
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  // What is refused is not tried again.
  vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
  return {
    asked,
    closed,
    throttle: (requests) => {
      throttled.left = requests;
    },
    close: () => {
      vi.unstubAllEnvs();
      server.closeAllConnections();
      server.close();
    },
  };
}

const resultXml = (action: string, inner: string) =>
  `<${action}Response><${action}Result>${inner}</${action}Result></${action}Response>`;
const errorXml = (code: string, message: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

const always = [
  "ScimTableName",
  "DirectoryTableName",
  "LeaversQueueUrl",
  "LeaversDeadLetterUrl",
  "ChangesQueueUrl",
  "ChangesDeadLetterUrl",
];

function stackXml(tenant: string, { status, version, hash, isForeign }: StoredStack, url: string): string {
  const isMade = !status.startsWith("CREATE_IN") && status !== "ROLLBACK_COMPLETE";
  const outputs = {
    ...(isMade && { ScimBaseUrl: `https://${tenant}.example.com/scim/v2` }),
    ...(isMade && Object.fromEntries(always.map((name) => [name, `${url}/1/${name}`]))),
    ...(version !== undefined && { RollcallVersion: version }),
    ...(hash !== undefined && { TenantHash: hash }),
  };
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const tag = isForeign ? "" : `<member><Key>rollcall:tenant</Key><Value>${tenant}</Value></member>`;
  return `<member><StackName>rollcall-${tenant}</StackName><StackStatus>${status}</StackStatus>
    <CreationTime>2026-11-01T08:00:00Z</CreationTime><LastUpdatedTime>2026-11-20T08:00:00Z</LastUpdatedTime>
    <Outputs>${members.join("")}</Outputs><Tags>${tag}</Tags></member>`;
}
