/** `npm run pictures`: the pictures of README, taken of the demo as it is now, so that they stay true. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { demoProcess } from "../local/demo-process.ts";
import { installChromium, launchChromium } from "./chromium.ts";

const folder = join(import.meta.dirname, "../../docs/pictures");
const bytesMost = 200_000;
const width = 1280;
/** As far as the pictures that say most. */
const overviewHeight = 1_462;
/** Until live parts and the lines of the picture stand. */
const settleMs = 1_500;

await installChromium();
const demo = await demoProcess();
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: "light" });
  await page.goto(demo.link);
  await page.waitForURL((url) => url.pathname === "/");
  await page.waitForTimeout(settleMs);
  const clip = { x: 0, y: 0, width, height: overviewHeight };
  await page.screenshot({ path: fileOf("overview"), fullPage: true, clip });
  await page.goto(new URL("/search?q=carla.rossi@example.com", demo.link).href);
  await page.waitForTimeout(settleMs);
  await page.locator("#attributes").screenshot({ path: fileOf("person") });
} finally {
  await browser.close();
  await demo.end();
}
for (const path of [fileOf("overview"), fileOf("person")]) {
  const { size } = statSync(path);
  console.log(`${path}: ${size} bytes`);
  if (size > bytesMost) throw new Error(`${path} has more than ${bytesMost} bytes`);
}

function fileOf(name: string): string {
  return join(folder, `${name}.png`);
}
