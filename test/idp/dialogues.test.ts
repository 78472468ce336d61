import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { groupSchema, inTurns, startServer, type TestServer, user } from "../local/served.ts";

/** Each file plays what one identity provider sends in the life of its users and groups, and what it needs to see. */
const dialogues = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".json"));
/** Those that are played side by side as well. */
const named = ["entra-default.json", "entra-compliant.json", "okta-oin.json", "okta-aiw.json"];

describe("dialogues of identity providers on an empty store", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => await server.close());

  test.each(dialogues)("%s", async (file) => {
    expect(await play(server, file)).toEqual([]);
  });

  test.each(named)("%s, twice at the same time", async (file) => {
    const failed = await Promise.all([play(server, file), play(server, file)]);
    // A walk over all pages may rightly see a total that changes while others write: it counts in a run that is alone.
    expect(failed.flat().filter(({ name }) => !walks(file).includes(name))).toEqual([]);
  });
});

describe("dialogues of identity providers on a store with 2,000 users and 50 groups", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
    const users = Array.from({ length: 2_000 }, (_, n) => user(`person${n}@example.com`, { externalId: `e${n}` }));
    await inTurns(users, 20, async (one) => await server.ask("POST", "/Users", one));
    const groups = Array.from({ length: 50 }, (_, n) => ({ schemas: [groupSchema], displayName: `Group ${n}` }));
    await inTurns(groups, 10, async (one) => await server.ask("POST", "/Groups", one));
  });
  afterAll(async () => await server.close());

  test.each(dialogues)("%s", async (file) => {
    expect(await play(server, file)).toEqual([]);
  });
});

interface Failed {
  readonly name: string;
  readonly why: readonly string[];
}

/** The steps that failed, with their reasons. */
async function play({ baseUrl, token, dataDir }: TestServer, file: string): Promise<Failed[]> {
  const report = join(dataDir, `${crypto.randomUUID()}.json`);
  const script = join(import.meta.dirname, "replay.mjs");
  const env = { BASE_URL: baseUrl, TOKEN: token };
  const output = await promisify(execFile)(
    process.execPath,
    [script, "--json", report, join(import.meta.dirname, file)],
    { env },
  ).then(
    ({ stdout }) => stdout,
    // Exit code 1: steps failed. The report says which.
    (error: { stdout?: string; stderr?: string }) => `${error.stdout ?? ""}${error.stderr ?? ""}`,
  );
  const { steps }: { steps: (Failed & { result: string })[] } = JSON.parse(read(report, output));
  rmSync(report);
  return steps.filter(({ result }) => result === "fail").map(({ name, why }) => ({ name, why }));
}

function read(report: string, output: string): string {
  try {
    return readFileSync(report, "utf8");
  } catch {
    throw new Error(`the dialogue was not played: ${output}`);
  }
}

/** The names of the steps that walk over all pages. */
function walks(file: string): string[] {
  const text = readFileSync(join(import.meta.dirname, file), "utf8");
  const { steps }: { steps: { name: string; walk?: object }[] } = JSON.parse(text);
  return steps.filter(({ walk }) => walk !== undefined).map(({ name }) => name);
}
