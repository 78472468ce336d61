/** `npm run test:browser`: the console in a real browser, every page and every action. Arguments go to vitest. */
import { fileURLToPath } from "node:url";
import { runVitest } from "../report.ts";
import { installChromium } from "./chromium.ts";

const config = fileURLToPath(new URL("vitest.config.ts", import.meta.url));

try {
  await installChromium();
  const { ok } = await runVitest(["--config", config, ...process.argv.slice(2)]);
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
