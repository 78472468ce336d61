/** The browser of the browser tier: Debian's Chromium, which is installed when it is not there. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";

const executablePath = "/usr/bin/chromium";
const run = promisify(execFile);
/** It runs as root in CI, and asks nobody for updates. */
const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"];

/** Needs root, and a mirror of Debian's, when there is none. Errors: Error with a sentence that says what to install. */
export async function installChromium(): Promise<void> {
  if (existsSync(executablePath)) return;
  try {
    console.log("installing chromium with apt-get");
    await run("apt-get", ["update"]);
    await run("apt-get", ["install", "--yes", "--no-install-recommends", "chromium", "fonts-noto-core"]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The browser tier needs Debian's package chromium, which could not be installed: ${reason}`, {
      cause: error,
    });
  }
}

export async function launchChromium(): Promise<Browser> {
  return await chromium.launch({ executablePath, args });
}
