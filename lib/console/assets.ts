/** Style, script and icon: read once, served under the hash of what is in them, so that a browser may keep them. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConsoleApp } from "./context.ts";

const mediaTypes = {
  "console.css": "text/css; charset=utf-8",
  "console.js": "text/javascript; charset=utf-8",
  "favicon.svg": "image/svg+xml",
} as const;
type AssetName = keyof typeof mediaTypes;

const year = 31_536_000;
const names: readonly AssetName[] = ["console.css", "console.js", "favicon.svg"];
const assets = new Map(names.map((name) => [name, assetOf(name)]));

/** `/assets/1a2b3c4d/console.css` */
export function assetPath(name: AssetName): string {
  return assets.get(name)?.path ?? "";
}

/** For whoever has no session yet, too: there is nothing of a tenant in them. */
export function addAssets(app: ConsoleApp): void {
  for (const { path, text, mediaType } of assets.values())
    app.get(path, (c) =>
      c.body(text, 200, { "content-type": mediaType, "cache-control": `private, max-age=${year}, immutable` }),
    );
}

function assetOf(name: AssetName): { path: string; text: string; mediaType: string } {
  const text = readFileSync(join(import.meta.dirname, "assets", name), "utf8");
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { path: `/assets/${hash}/${name}`, text, mediaType: mediaTypes[name] };
}
