/** `rollcall fleet`: many tenants, their stacks, and a stand-in for CDK that deploys them. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { main } from "../../lib/cli/main.ts";
import { temporaryFolder } from "../local/temporary-database.ts";
import { type FakeAws, fakeAws } from "./fake-aws.ts";
import { fleetSettings } from "./fleet-settings.ts";

let folder: ReturnType<typeof temporaryFolder>;
let aws: FakeAws;
beforeEach(async () => {
  folder = temporaryFolder();
  mkdirSync(join(folder.path, "tenants"));
  aws = await fakeAws(folder.path);
});
afterEach(() => {
  aws.close();
  folder.remove();
});

const here = "eu-central-1";
const there = "us-east-1";

/** The file; its hash. */
function file(tenant: string, region = here, more: object = {}): string {
  const text = JSON.stringify({
    environment: { region, ...more },
    mapping: { attributes: { login: { from: "userName" } } },
  });
  writeFileSync(join(folder.path, "tenants", `${tenant}.json`), text);
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function stack(tenant: string, more: object, region = here): void {
  const text = JSON.stringify({ status: "UPDATE_COMPLETE", version: "0.2.0", ...more });
  writeFileSync(join(folder.path, `${region}.${tenant}.json`), text);
}

const fails = (tenant: string) => writeFileSync(join(folder.path, `${tenant}.fails`), "");
const waits = (tenant: string) => writeFileSync(join(folder.path, `${tenant}.waits`), "");
const goesOn = (tenant: string) => rmSync(join(folder.path, `${tenant}.waits`));

/** `begun acme`, `ended acme` … in the order in which it happened. */
function journal(): string[] {
  const path = join(folder.path, "journal");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((text) => text.replace(/^deploy (\S+) (\S+)$/, "$2 $1"));
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(10);
}

interface Person {
  readonly answer?: boolean;
  readonly signal?: AbortSignal;
}

async function run(
  words: string,
  { answer, signal }: Person = {},
): Promise<{ code: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const code = await main(words.split(" "), {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    colours: false,
    columns: 120,
    ...(answer !== undefined && { confirm: async () => answer }),
    interruption: () => signal ?? new AbortController().signal,
    settings: fleetSettings(folder.path),
  });
  return { code, ...said };
}

const dataOf = ({ out }: { out: string }): unknown => JSON.parse(out);

describe("fleet ls", () => {
  test("has a row for each tenant of two regions, and for the stack that has no file any more", async () => {
    stack("acme", { hash: file("acme") });
    file("fresh", there);
    file("initech", there);
    stack("initech", { hash: "another", version: "0.1.0" }, there);
    file("old");
    stack("old", { version: undefined, status: "UPDATE_ROLLBACK_COMPLETE" });
    stack("gone", { hash: "x" });
    stack("website", { isForeign: true });
    const { code, out } = await run("fleet ls");
    expect(out.replaceAll(/ +/g, " ").trim().split("\n")).toEqual([
      "tenant state region release drift last deployed cost tag",
      "acme deployed eu-central-1 0.2.0 - 2026-11-20 acme",
      "fresh not deployed us-east-1 - - - -",
      "initech deployed us-east-1 0.1.0 tenant file changed, older release 2026-11-20 initech",
      "old rolled back eu-central-1 before 0.1 older release 2026-11-20 old",
      "gone stack without file eu-central-1 0.2.0 - 2026-11-20 gone",
    ]);
    expect(code).toBe(0);
  });

  test("of a file that is broken, of a region without access and of another account tells why, each once", async () => {
    stack("acme", { hash: file("acme") });
    writeFileSync(join(folder.path, "tenants/broken.json"), "{");
    file("far", there);
    file("far-too", there);
    file("other", here, { account: "999999999999" });
    aws.closed.add(there);
    const { code, out } = await run("fleet ls");
    const text = out.replaceAll(/\s+/g, " ");
    expect(text).toContain("acme deployed");
    expect(text).toContain("broken file cannot be read");
    expect(text).toMatch(/broken: line 1, column 2 is not JSON/);
    expect(text).toContain("far, far-too: Not authorized to perform DescribeStacks");
    expect(text).toContain(
      "other: The tenant file is for account 999999999999, and these credentials are of 111122223333.",
    );
    expect(text).toContain(`Stacks without a file in ${there} could not be looked for: Not authorized`);
    expect(code).toBe(0);
  });

  test("is asked for again where CloudFormation finds that it was asked too often", async () => {
    for (const tenant of ["acme", "globex"]) stack(tenant, { hash: file(tenant) });
    aws.throttle(3);
    expect((await run("fleet ls")).out.match(/^\w+ +deployed /gm)).toHaveLength(2);
  });

  test("without credentials is a sentence, not the end", async () => {
    file("acme");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    vi.stubEnv("AWS_CONFIG_FILE", join(folder.path, "none"));
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder.path, "none"));
    const { out } = await run("fleet ls");
    expect(out).toContain("acme: There are no AWS credentials: set AWS_PROFILE");
  });

  test("without a tenant file says how to begin", async () => {
    const { code, err } = await run("fleet ls");
    expect([code, err]).toEqual([2, "There is no tenant file in tenants/ yet: copy one, as README says.\n"]);
  });

  test("--json is the same as data, with the base URL and ISO times", async () => {
    stack("acme", { hash: file("acme") });
    expect(dataOf(await run("fleet ls --json"))).toEqual({
      release: "0.2.0",
      rows: [
        {
          tenant: "acme",
          state: "deployed",
          status: "UPDATE_COMPLETE",
          region: here,
          version: "0.2.0",
          drift: [],
          deployedAt: "2026-11-20T08:00:00.000Z",
          costTag: "acme",
          baseUrl: "https://acme.example.com/scim/v2",
        },
      ],
      problems: [],
    });
  });
});

describe("fleet doctor", () => {
  test("examines who is deployed, and fails when one is not well", async () => {
    stack("acme", { hash: file("acme") });
    stack("globex", { hash: "another" });
    file("globex");
    file("fresh");
    const { code, out } = await run("fleet doctor");
    expect(out).toMatch(/^globex: \d+ failures?, \d+ warnings?\n {2}\S/);
    expect(out).toMatch(/^acme: \d+ failure/m);
    expect(out).toContain("    npx rollcall doctor --tenant globex\n");
    expect(out).toContain("Not deployed: fresh");
    expect(code).toBe(1);
  });

  test("--json has all that was found of each", async () => {
    stack("acme", { hash: file("acme") });
    file("far", there);
    aws.closed.add(there);
    expect(dataOf(await run("fleet doctor --json"))).toEqual({
      diagnoses: [expect.objectContaining({ tenant: "acme", checks: expect.any(Array) })],
      problems: [{ tenant: "far", problem: expect.stringContaining("Not authorized") }],
      notAsked: [],
      notDeployed: [],
    });
  });

  test("where nobody is deployed there is nothing to examine", async () => {
    file("acme");
    expect(await run("fleet doctor")).toMatchObject({ code: 0, out: "No tenant is deployed.\n" });
  });
});

/** Deployed, all of an older release. */
const old = ["a", "b", "c", "d", "e"];
function manyOld(): void {
  for (const tenant of old) {
    file(tenant);
    stack(tenant, { version: "0.1.0", hash: "another" });
  }
}

describe("fleet deploy", () => {
  test("shows its plan first, and deploys nothing where that is not wanted", async () => {
    stack("fine", { hash: file("fine") });
    file("changed", there);
    stack("changed", { hash: "another" }, there);
    file("fresh");
    for (const [words, answer] of [
      ["fleet deploy --dry-run", undefined],
      ["fleet deploy", false],
    ] as const) {
      const { code, out } = await run(words, answer === undefined ? {} : { answer });
      expect(out.replaceAll(/ +/g, " ")).toBe(
        `1 tenant to deploy
tenant region because
changed us-east-1 tenant file changed
Rights that this release adds are not asked for again: \`npx cdk diff -c tenant=<name>\` shows them.
1 tenant as it should be
1 tenant left alone
 fresh: Not deployed: its stack is made when it is named, or with --all.
`,
      );
      expect(code).toBe(0);
    }
    const unasked = await run("fleet deploy");
    expect([unasked.code, unasked.err]).toEqual([2, expect.stringContaining("add --yes")]);
    expect(journal()).toEqual([]);
  });

  test("deploys as many at once as were asked for, each into a log and a folder of its own", async () => {
    manyOld();
    for (const tenant of old) waits(tenant);
    const running = run("fleet deploy --yes --at-once 2");
    await until(() => journal().length === 2);
    expect(journal()).toEqual(expect.arrayContaining(["begun a", "begun b"]));
    goesOn("a");
    await until(() => journal().includes("begun c"));
    expect(journal()).toHaveLength(4);
    for (const tenant of ["b", "c", "d", "e"]) goesOn(tenant);
    const { code, out, err } = await running;
    expect([code, out]).toEqual([0, expect.stringContaining("5 tenants deployed.")]);
    expect(err).toMatch(/^a: begun; 0 done, 1 running, 4 left$/m);
    expect(err).toMatch(/^\w: deployed in \d+ s; 5 done, 0 running, 0 left$/m);
    expect(readFileSync(join(folder.path, "data/fleet/c.log"), "utf8")).toContain("✅ rollcall-c");
    expect(existsSync(join(folder.path, "data/fleet/c.cdk.out"))).toBe(false);
  });

  test("stops at the first failure with the end of its log; the same command again goes on with who is left", async () => {
    manyOld();
    fails("b");
    const first = await run("fleet deploy --yes --at-once 1");
    expect(first.code).toBe(1);
    expect(first.out).toMatch(
      /^b failed after \d+ s: exit code 1\. Its log ends:\n {2}\| b: deploying…\n {2}\| ❌ rollcall-b failed/m,
    );
    expect(first.out).toContain("3 tenants not begun, because one failed; --keep-going goes on all the same: c, d, e.");
    expect(journal()).toEqual(["begun a", "ended a", "begun b", "failed b"]);
    rmSync(join(folder.path, "b.fails"));
    rmSync(join(folder.path, "data/fleet/b.cdk.out"), { recursive: true });
    const second = await run("fleet deploy --yes --at-once 1");
    expect(second.out).toContain("its last deployment was rolled back");
    expect(second.out).toContain("1 tenant as it should be");
    expect(second.code).toBe(0);
    expect(
      journal()
        .slice(4)
        .filter((text) => text.startsWith("ended")),
    ).toEqual(["ended b", "ended c", "ended d", "ended e"]);
    expect(await run("fleet deploy --yes")).toMatchObject({
      code: 0,
      out: "0 tenants to deploy\n5 tenants as it should be\n",
    });
  });

  test("says what failed also where no log could be begun", async () => {
    manyOld();
    writeFileSync(join(folder.path, "data"), "a file where the folder of the logs should be");
    const { code, out } = await run("fleet deploy --yes");
    expect(code).toBe(1);
    expect(out).toContain("0 tenants deployed.");
    expect(out).toContain("a failed after");
  });

  test("--keep-going deploys the others all the same", async () => {
    manyOld();
    fails("b");
    const { code, out } = await run("fleet deploy --yes --keep-going --json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      planned: { deploy: old.map((tenant) => ({ tenant, region: here })), passedOver: [], left: [] },
      deployed: expect.arrayContaining(["a", "c", "d", "e"].map((tenant) => expect.objectContaining({ tenant }))),
      failed: [
        {
          tenant: "b",
          failure: "exit code 1",
          log: join(folder.path, "data/fleet/b.log"),
          lastLines: ["b: deploying…", "❌ rollcall-b failed: ToolkitError: the table is a teapot"],
        },
      ],
      notStarted: [],
      stopped: false,
    });
  });

  test("a tenant file that is broken and a stack that is being updated are told; the others are deployed", async () => {
    manyOld();
    writeFileSync(join(folder.path, "tenants/broken.json"), '{"environment":{}}');
    stack("c", { status: "UPDATE_IN_PROGRESS" });
    const { code, out } = await run("fleet deploy --yes");
    expect(out).toMatch(/broken: .*region/);
    expect(out).toContain("c: CloudFormation is at it already: UPDATE_IN_PROGRESS.");
    expect(out).toContain("4 tenants deployed.");
    expect(code).toBe(1);
  });

  test("makes the stack of whoever is named, and asks nothing of the others", async () => {
    manyOld();
    file("fresh", there);
    expect(await run("fleet deploy fresh --yes")).toMatchObject({ code: 0 });
    expect(journal()).toEqual(["begun fresh", "ended fresh"]);
    expect(aws.asked).toEqual([`DescribeStacks ${there}`]);
  });

  test("a name that there is no file of is a usage error, before anything is asked", async () => {
    file("acme");
    const { code, err } = await run("fleet deploy acme glbex --yes");
    expect([code, err]).toEqual([2, 'There is no tenant "glbex"; the only tenant is acme.\n']);
    expect(aws.asked).toEqual([]);
  });

  test("a program that is not there is a failure like another", async () => {
    manyOld();
    rmSync(join(folder.path, "tenants"), { recursive: true });
    mkdirSync(join(folder.path, "tenants"));
    file("a");
    mkdirSync(join(folder.path, "data/fleet/a.log"), { recursive: true });
    const { code, out } = await run("fleet deploy --yes");
    expect([code, out]).toEqual([1, expect.stringMatching(/a failed after \d+ s: EISDIR/)]);
  });

  test("Ctrl-C at a terminal lets what runs end well, and begins no more", async () => {
    manyOld();
    for (const tenant of old) waits(tenant);
    const script = join(import.meta.dirname, "fleet-process.ts");
    // A group of its own, as a shell makes it: its Ctrl-C reaches all who are in it.
    const child = spawn(process.execPath, [script, folder.path, "fleet", "deploy", "--yes", "--at-once", "2"], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const said = { out: "", err: "" };
    child.stdout.on("data", (text) => (said.out += String(text)));
    child.stderr.on("data", (text) => (said.err += String(text)));
    const closed = once(child, "close");
    await until(() => journal().length === 2);
    process.kill(-(child.pid ?? 0), "SIGINT");
    await until(() => said.err.includes("Stopping: what runs is finished"));
    for (const tenant of old) goesOn(tenant);
    expect((await closed)[0]).toBe(1);
    expect(journal().toSorted()).toEqual(["begun a", "begun b", "ended a", "ended b"]);
    expect(said.out).toContain("2 tenants deployed.\n3 tenants not begun, because it was stopped: c, d, e.");
  });
});

describe("fleet upgrade", () => {
  test("deploys what runs an older release, and not what differs from its file alone", async () => {
    file("changed");
    stack("changed", { hash: "another" });
    file("fresh");
    stack("older", { hash: file("older"), version: "0.1.7" });
    const { code, out } = await run("fleet upgrade --yes");
    expect([code, out]).toEqual([0, expect.stringContaining("1 tenant deployed.")]);
    expect(journal()).toEqual(["begun older", "ended older"]);
  });
});
