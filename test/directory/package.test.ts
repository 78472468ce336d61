/** The package as an application has it: packed, installed without a network, compiled strictly, and run against the embedded directory. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { directoryEndpoint } from "../../lib/local/directory-endpoint.ts";
import { gateway } from "../../lib/local/gateway.ts";
import { listen } from "../../lib/local/listen.ts";
import { entryTypes } from "../../lib/ops/directory-types/entry-types.ts";
import { typesFile } from "../../lib/ops/directory-types/typescript.ts";
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";
import { buildDirectoryPackage } from "../../supply/directory-package.ts";
import { projectRoot } from "../../supply/packages.ts";
import { type Played, played } from "../ops/played.ts";
import { richTenantFile } from "./rich-tenant.ts";
import { suspended } from "./told.ts";

const run = promisify(execFile);

/** The blocks of the page that begin with the name of a file. */
const page = readFileSync(join(projectRoot, "docs/directory-schema.md"), "utf8");
const examples = [...page.matchAll(/^```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)^```/gm)].map(
  ([, name = "", code = ""]) => [name, code] as const,
);

const tenant = readTenantFile("rich", richTenantFile);

let folder: string;
let app: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rollcall-package-"));
  app = join(folder, "app");
  await buildDirectoryPackage(join(folder, "package"));
  mkdirSync(app);
  cpSync(join(import.meta.dirname, "application"), app, { recursive: true });
  for (const [name, code] of examples) writeFileSync(join(app, name), code);
  writeFileSync(join(app, "tenant-types.ts"), typesFile("rich", entryTypes(tenant)));
  writeFileSync(join(app, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  await run("npm", ["pack", join(folder, "package"), "--pack-destination", folder, "--cache", join(folder, "cache")]);
  const [file = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  // The AWS SDK is the application's: it stands in the folder above, so that nothing is fetched.
  const alone = ["--offline", "--legacy-peer-deps", "--no-audit", "--no-fund", "--cache", join(folder, "cache")];
  await run("npm", ["install", join(folder, file), ...alone], { cwd: app });
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what is installed is one JavaScript file, its declarations and the notices, and nothing besides", () => {
  expect(readdirSync(join(app, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["rollcall"]);
  expect(readdirSync(join(app, "node_modules/rollcall")).toSorted()).toEqual([
    "NOTICE.txt",
    "directory.js",
    "package.json",
    "types",
  ]);
  const code = readFileSync(join(app, "node_modules/rollcall/directory.js"), "utf8");
  const imports = [...code.matchAll(/^\} from "([^"]+)"|^import .* from "([^"]+)"/gm)].map(([, a, b]) => a ?? b);
  expect(imports).toEqual(["@aws-sdk/client-dynamodb"]);
  expect(readFileSync(join(app, "node_modules/rollcall/NOTICE.txt"), "utf8")).toContain("standardwebhooks");
});

describe("an application", () => {
  test("compiles strictly with the types of its tenant, and is refused what would not be there", async () => {
    const compilerOptions = {
      target: "es2022",
      module: "nodenext",
      types: ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      outDir: "out",
    };
    writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const tsc = join(projectRoot, "node_modules/typescript/bin/tsc");
    const compiled = await run(process.execPath, [tsc, "-p", "."], { cwd: app }).catch(
      (error: { stdout: string }) => error,
    );
    expect(compiled.stdout).toBe("");
  });

  test("reads what the worker has made", async () => {
    await served(async (world, endpoint) => {
      const { token, deviceId } = await directoryOf(world);
      const { stdout } = await run(process.execPath, [join(app, "out/main.js"), endpoint, token, deviceId]);
      expect(JSON.parse(stdout)).toEqual({
        sure: expect.objectContaining({ login: "ada@example.com", plan: "limited", isManager: false, level: 4 }),
        perhaps: "ada@example.com",
        cost: 100,
        roles: ["agent"],
        members: ["User true"],
        people: 2,
        serial: "S-1",
        refusal: "headers-missing",
        untold: 6,
        same: true,
      });
    });
  });

  test("lets nobody in who is suspended or removed, and ends the sessions of whom a webhook tells of: the examples of docs/directory-schema.md", async () => {
    await served(async (world, endpoint) => {
      const token = await world.connect("okta");
      const [ada = "", bob = "", carl = ""] = await Promise.all(
        ["Ada", "bob", "carl"].map(async (name) => {
          const value = `${name}@example.com`;
          return await world.post(value, { emails: [{ value, type: "work" }] });
        }),
      );
      await world.work();
      await world.patch(bob, { active: false });
      await world.ask("DELETE", `/Users/${carl}`);
      await world.work();
      const environment = {
        AWS_ENDPOINT_URL_DYNAMODB: endpoint,
        AWS_REGION: "local",
        AWS_ACCESS_KEY_ID: token,
        AWS_SECRET_ACCESS_KEY: "any",
        DIRECTORY_TABLE: "any",
        ROLLCALL_SECRETS: secret,
      };
      const { stdout } = await run(process.execPath, [join(app, "out/examples.js"), JSON.stringify(webhook())], {
        env: { ...process.env, ...environment },
      });
      expect(JSON.parse(stdout)).toEqual({
        active: { id: ada, login: "ada@example.com" },
        suspended: { refused: expect.stringContaining("suspended") },
        removed: { refused: expect.stringContaining("no account") },
        nobody: { refused: expect.stringContaining("no account") },
        byKey: [expect.objectContaining({ id: ada }), null],
        answers: [204, 400],
        ended: [suspended.data.resource.id],
      });
    });
  });

  test("the examples are those of the page", () => {
    expect(examples.map(([name]) => name)).toEqual(["login.ts", "webhook.ts", "follow.ts", "by-key.ts"]);
  });
});

const secret = `whsec_${Buffer.from("a secret of twenty-four b").toString("base64")}`;

function webhook(): object {
  const [body, at] = [JSON.stringify(suspended), new Date()];
  const headers = {
    "webhook-id": suspended.id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(suspended.id, at, body),
  };
  return { body, headers };
}

/** A store whose directory answers the SDK's client at an address. */
async function served(use: (world: Played, endpoint: string) => Promise<void>): Promise<void> {
  const world = played(tenant);
  const server = gateway(directoryEndpoint(world.db, world.operations));
  try {
    const port = await listen(server, "127.0.0.1", 0);
    await use(world, `http://127.0.0.1:${port}/dynamodb`);
  } finally {
    server.close();
    world.close();
  }
}

async function directoryOf(world: Played): Promise<{ token: string; deviceId: string }> {
  const token = await world.connect("okta");
  const ada = await world.post("Ada@example.com", {
    userType: "contractor",
    emails: [{ value: "Ada@example.com", type: "work" }],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "Sales", employeeNumber: "7" },
    "urn:ietf:params:scim:schemas:extension:Acme:2.0:User": { floor: 4 },
  });
  await world.post("bob@example.com");
  await world.createGroup("Support Rome", [ada]);
  const device = { schemas: ["urn:acme:params:scim:schemas:2.0:Device"], serialNumber: "S-1" };
  const { body } = await world.ask("POST", "/Devices", device);
  await world.work();
  world.pass(10_000);
  await world.sweep();
  await world.work();
  return { token, deviceId: typeof body["id"] === "string" ? body["id"] : "" };
}
