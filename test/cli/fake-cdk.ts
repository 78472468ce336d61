/**
 * Stands in for the CDK CLI: `fake-cdk.ts <folder> deploy -c tenant=<name> …`. The folder has the stacks as files, a journal,
 * and what is to happen to a tenant: a file `<name>.fails`, or `<name>.waits`, for as long as that is there.
 */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    context: { type: "string", short: "c", default: "" },
    output: { type: "string", default: "" },
    "require-approval": { type: "string" },
    progress: { type: "string" },
    "no-notices": { type: "boolean" },
  },
});
const [folder = "", verb = ""] = positionals;
const tenant = values.context.replace(/^tenant=/, "");
const journal = (what: string) => appendFileSync(join(folder, "journal"), `${verb} ${tenant} ${what}\n`);
// As the real one: its folder is its own while it runs.
if (existsSync(values.output)) throw new Error(`${values.output} is in use.`);
mkdirSync(values.output);
const text = readFileSync(`tenants/${tenant}.json`, "utf8");
const { environment }: { environment: { region: string } } = JSON.parse(text);
const path = join(folder, `${environment.region}.${tenant}.json`);

journal("begun");
console.log(`\u001B[32m${tenant}\u001B[39m: deploying…`);
while (existsSync(join(folder, `${tenant}.waits`))) await sleep(20);
if (existsSync(join(folder, `${tenant}.fails`))) {
  writeFileSync(path, JSON.stringify({ status: "UPDATE_ROLLBACK_COMPLETE", version: "0.0.9", hash: "old" }));
  console.error(`❌ rollcall-${tenant} failed: ToolkitError: the table is a teapot`);
  journal("failed");
  process.exitCode = 1;
} else {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  writeFileSync(path, JSON.stringify({ status: "UPDATE_COMPLETE", version: "0.2.0", hash }));
  console.log(`✅ rollcall-${tenant}`);
  journal("ended");
}
