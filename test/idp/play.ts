/** Plays a recorded dialogue of an identity provider against a server, by the player that comes with the recordings. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Each file plays what one identity provider sends in the life of its users and groups, and what it needs to see. */
export const dialogues = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".json"));

export interface Failed {
  readonly name: string;
  readonly why: readonly string[];
}

/** The steps that failed, with their reasons. */
export async function play({ baseUrl, token }: { baseUrl: string; token: string }, file: string): Promise<Failed[]> {
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
export function walks(file: string): string[] {
  const text = readFileSync(join(import.meta.dirname, file), "utf8");
  const { steps }: { steps: { name: string; walk?: object }[] } = JSON.parse(text);
  return steps.filter(({ walk }) => walk !== undefined).map(({ name }) => name);
}
