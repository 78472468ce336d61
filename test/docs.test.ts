/** What the documents say is true: commands run, codes are those of the code, files and limits are there. */
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../lib/cli/main.ts";
import { syncErrorCodes } from "../lib/provisioning/sync-error.ts";
import { limits } from "../lib/scim/limits.ts";
import { type FakeAws, fakeAws } from "./cli/fake-aws.ts";
import { startServer, type TestServer } from "./local/served.ts";

const root = join(import.meta.dirname, "..");
const text = (path: string) => readFileSync(join(root, path), "utf8");

describe("docs/errors.md", () => {
  const rows = text("docs/errors.md")
    .split("\n")
    .filter((line) => /^\| `[a-z-]+` \|/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));

  test("has a row for each code of a change that could not be applied, and no other", () => {
    const codes = rows.map((cells) => cells[1]?.replaceAll("`", ""));
    expect(new Set(codes)).toEqual(new Set(Object.keys(syncErrorCodes)));
    expect(codes).toHaveLength(new Set(codes).size);
  });

  test.each(Object.entries(syncErrorCodes))("says of %s whether it is tried again", (code, { retry }) => {
    const again = rows.find((cells) => cells[1] === `\`${code}\``)?.[2] ?? "";
    expect(again.startsWith("no") ? "never" : "later").toBe(retry);
  });
});

describe("docs/directory-schema.md", () => {
  test("has a row with each code of the reader's errors, and no other", () => {
    const [, table = ""] = /^\| code \| what to do \|\n([\s\S]*?)\n\n/m.exec(text("docs/directory-schema.md")) ?? [];
    const cells = table.split("\n").map((line) => line.split("|")[1] ?? "");
    const documented = cells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code));
    const [, union = ""] = /type DirectoryErrorCode =([\s\S]*?)\n\n/.exec(text("lib/directory/error.ts")) ?? [];
    const codes = [...union.matchAll(/\| "([a-z-]+)"/g)].map(([, code]) => code);
    expect(new Set(documented)).toEqual(new Set(codes));
    expect(documented).toHaveLength(codes.length);
  });
});

describe("docs/operating.md", () => {
  const page = text("docs/operating.md");

  test("its links within the page lead to headings", () => {
    const anchorOf = (heading: string) =>
      heading
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-");
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });

  test.each([
    "activity",
    "brake",
    "client",
    "connect",
    "dlq",
    "doctor",
    "events",
    "explain",
    "fleet",
    "import",
    "export",
    "mapping",
    "orphans",
    "resync",
    "support-bundle",
    "token",
  ])("a heading leads to %s, and a line shows how it is called", (command) => {
    expect(page).toMatch(new RegExp(`\\[\`${command}\`\\]\\(#`));
    expect(page).toContain(`npx rollcall ${command}`);
  });
});

const idpPages = ["docs/entra.md", "docs/okta.md", "docs/other-idps.md"];

describe("the pages for identity providers", () => {
  test.each(idpPages)("README links %s", (page) => {
    expect(text("README.md")).toContain(`[${page}](${page})`);
  });

  test.each(idpPages)("%s names only commands that there are", (page) => {
    const commands = [...text(page).matchAll(/`npx rollcall ([a-z]+)/g)].map(([, command]) => command);
    expect(commands).not.toHaveLength(0);
    expect(commands.filter((command) => !existsSync(join(root, `lib/cli/commands/${command}.ts`)))).toEqual([]);
  });
});

describe("docs/ARCHITECTURE.md and README.md", () => {
  test.each(["docs/ARCHITECTURE.md", "README.md", "docs/errors.md", ...idpPages])(
    "%s names only files that are there",
    (document) => {
      const named =
        text(document).match(/\b(?:lib|functions|bin|test|docs|tenants|bench)\/[\w./-]+\.(?:ts|json|md)\b/g) ?? [];
      expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    },
  );

  test("README names the limits that are in force", () => {
    const readme = text("README.md");
    const thousands = (n: number) => n.toLocaleString("en");
    expect(readme).toContain(`| page | ${limits.pageSize}, at most ${thousands(limits.pageSizeMost)} |`);
    expect(readme).toContain(`${thousands(limits.filterCharacters)} characters, ${limits.filterDepth} levels`);
    expect(readme).toContain(`| operations in a PATCH | ${thousands(limits.patchOperations)} |`);
    expect(readme).toContain(`${limits.valuesPerLookup}, and ${limits.lookupsPerResource} lookups together`);
  });
});

describe("the commands that README.md shows", () => {
  let server: TestServer;
  let aws: FakeAws;
  let tenantsDir: string;
  const webhook = createServer((request, response) => void request.resume().on("end", () => response.end()));
  beforeAll(async () => {
    server = await startServer();
    aws = await fakeAws(server.dataDir);
    tenantsDir = withWebhook(join(server.dataDir, "tenants"));
    await new Promise<void>((resolve) => void webhook.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    webhook.close();
    aws.close();
    await server.close();
  });

  const commands = [...text("README.md").matchAll(/^```sh\n([\s\S]*?)^```/gm)]
    .flatMap(([, block = ""]) => block.trimEnd().split("\n"))
    .map((line) => line.replace(/#.*$/, "").trim())
    .filter((line) => line !== "");

  test.each(commands.filter((command) => command.startsWith("npx rollcall")))(
    "%s",
    { timeout: 120_000 },
    async (command) => {
      // A deployed tenant is for the rehearsal: here the same words mean the embedded data.
      const words = (
        command
          .replace("<the token>", server.token)
          .replace("--tenant acme", "--local")
          .replace(".rollcall/ticket.md", join(server.dataDir, "ticket.md"))
          .replace("tenants/acme.json", join(root, "tenants/acme.json"))
          .match(/"[^"]*"|\S+/g) ?? []
      )
        .slice(2)
        .map((word) => word.replaceAll('"', ""));
      const simulated = words[0] === "simulate" ? ["--base-url", server.baseUrl] : [];
      const said: string[] = [];
      const code = await main([...words, ...simulated], {
        stdout: () => {},
        stderr: (line) => said.push(line),
        colours: false,
        interruption: () => new AbortController().signal,
        settings: {
          dataDir: server.dataDir,
          tenant: "acme",
          tenantsDir,
          webhooks: `app=http://127.0.0.1:${(webhook.address() as AddressInfo).port}/events`,
        },
      });
      expect({ code, said }).toMatchObject({ code: 0 });
    },
  );

  test("the others are scripts of package.json", () => {
    const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };
    const others = commands.filter((command) => !command.startsWith("npx rollcall"));
    expect(others).toEqual(["npm ci && npm run demo", "npm start", "npm run deploy -- acme"]);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["start", "test", "demo", "deploy"]));
  });
});

/** The tenant files of here in another folder, where acme has the webhook that the commands for sinks name. */
function withWebhook(folder: string): string {
  cpSync(join(root, "tenants"), folder, { recursive: true });
  const file = JSON.parse(text("tenants/acme.json")) as object;
  const events = { webhooks: { app: { url: "https://app.example.com/events" } } };
  writeFileSync(join(folder, "acme.json"), JSON.stringify({ ...file, events }));
  return folder;
}
