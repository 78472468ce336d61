/** Of this program, as package.json has it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const { version }: { readonly version: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../package.json"), "utf8"),
);
