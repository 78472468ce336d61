/** Plays a recorded dialogue of an identity provider against a server, by the player that comes with the recordings. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { groupSchema, inTurns, user } from "../local/served.ts";

/** Each file plays what one identity provider sends in the life of its users and groups, and what it needs to see. */
export const dialogues = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".json"));

interface Failed {
  readonly name: string;
  readonly why: readonly string[];
}

interface Server {
  readonly baseUrl: string;
  readonly token: string;
}

/** Users and groups that are there before the dialogues begin. */
export async function fill({ baseUrl, token }: Server, users: number, groups: number): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
  const post = async (path: string, body: object) => {
    const { status } = await fetch(`${baseUrl}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (status !== 201) throw new Error(`POST ${path} was answered by ${status}`);
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
  await inTurns(
    numbers(users),
    20,
    async (n) => await post("/Users", user(`person${n}@example.com`, { externalId: `e${n}` })),
  );
  await inTurns(
    numbers(groups),
    10,
    async (n) => await post("/Groups", { schemas: [groupSchema], displayName: `Group ${n}` }),
  );
}

/**
 * The steps that failed when all are played at the same time. Two things count only in a run that is alone: a walk over all
 * pages, whose total may rightly change while others write, and how long an answer took, which here is how long two
 * processors need to start twenty players.
 */
export async function playTogether(server: Server, files: readonly string[]): Promise<Failed[]> {
  const failed = await Promise.all(
    files.map(async (file) => (await play(server, file)).filter(({ name }) => !walks(file).includes(name))),
  );
  const untimed = failed
    .flat()
    .map(({ name, why }) => ({ name, why: why.filter((reason) => !reason.startsWith("took ")) }));
  return untimed.filter(({ why }) => why.length > 0);
}

/** The steps that failed, with their reasons. */
export async function play({ baseUrl, token }: Server, file: string): Promise<Failed[]> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-dialogue-"));
  const report = join(folder, "report.json");
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
  rmSync(folder, { recursive: true });
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
