/** Runs vitest and says in one closing line how it went: `N passed, N failed, N skipped`, which CI reads. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Every test that ran passed, at least one ran, and vitest itself had nothing to complain about. */
  readonly ok: boolean;
}

export interface RunOptions {
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends vitest; what had not been reported by then is not counted. */
  readonly signal?: AbortSignal;
}

/** The fields of vitest's JSON report that are read here. */
interface JsonReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));
const nodeMajorMin = 24;

/** `args` are vitest's own, such as `--config` or the files to run. The closing line is the last that is printed. */
export async function runVitest(args: readonly string[], options: RunOptions = {}): Promise<Summary> {
  expectNode();
  const folder = await mkdtemp(join(tmpdir(), "rollcall-report-"));
  try {
    const file = join(folder, "report.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const exitCode = await spawnVitest(["run", ...reporters, ...args], options);
    const summary = summaryOf(await readReport(file), exitCode);
    console.log(`${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`);
    return summary;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** With npm's install scripts off, the `node` package is not there and the machine's own Node runs instead. */
function expectNode(): void {
  if (Number(process.versions.node.split(".")[0]) >= nodeMajorMin) return;
  throw new Error(
    `The tests need Node ${nodeMajorMin} or later, and this is ${process.version}: run them by npm, after an \`npm ci\` that may run install scripts.`,
  );
}

function spawnVitest(args: readonly string[], { env, signal }: RunOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vitest, ...args], { stdio: "inherit", env: { ...process.env, ...env } });
    const end = (): boolean => child.kill("SIGTERM");
    if (signal?.aborted === true) end();
    signal?.addEventListener("abort", end, { once: true });
    child.once("error", reject);
    child.once("exit", (code) => {
      signal?.removeEventListener("abort", end);
      resolve(code ?? 1);
    });
  });
}

/** Undefined when vitest ended before it wrote one. */
async function readReport(file: string): Promise<JsonReport | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- vitest is pinned, and so is the form of its report.
  return text === undefined ? undefined : (JSON.parse(text) as JsonReport);
}

function summaryOf(report: JsonReport | undefined, exitCode: number): Summary {
  const passed = report?.numPassedTests ?? 0;
  const tests = report?.numFailedTests ?? 0;
  // A file that cannot be loaded, or an error outside of a test, fails the run without failing a test.
  const failed = tests === 0 && exitCode !== 0 ? 1 : tests;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  return { passed, failed, skipped, ok: exitCode === 0 && failed === 0 && passed > 0 };
}
