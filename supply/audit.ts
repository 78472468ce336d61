/**
 * `npm run audit [-- --must-answer]`: is any package of the lock file known to be vulnerable?
 *
 * Only an answer counts as one. A registry that does not offer advisories, or none that is reached, is told as skipped, which
 * CI adds up and shows; with `--must-answer`, as for a release, it is a failure.
 */
import { spawnSync } from "node:child_process";
import { type Finding, findings, readReport, whyNot } from "./advisories.ts";
import { lockedPackages, projectRoot } from "./packages.ts";

const areas = ["production", "tools"] as const;
const asked = process.argv.slice(2);
const unknown = asked.find((word) => word !== "--must-answer");
if (unknown !== undefined) {
  console.error(`audit: "${unknown}" is no option; there is --must-answer.`);
  process.exit(2);
}
const mustAnswer = asked.length > 0;

// `--offline`, from whatever configuration, would make npm report that nothing was found.
const args = ["audit", "--json", "--package-lock-only", "--no-offline", "--prefer-online", "--fetch-retries=1"];
const { stdout } = spawnSync("npm", args, { cwd: projectRoot, encoding: "utf8", timeout: 120_000 });
const report = readReport(stdout);
if (report === undefined) {
  console.log(`Nothing is known: the registry did not answer npm audit (${whyNot(stdout)}).`);
  console.log(mustAnswer ? "0 passed, 2 failed, 0 skipped" : "0 passed, 0 failed, 2 skipped");
  process.exitCode = mustAnswer ? 1 : 0;
} else {
  const packages = lockedPackages();
  const found = findings(report, packages, new Date().toISOString().slice(0, 10));
  for (const one of found) console.log(line(one));
  const failed = areas.filter((area) => found.some((one) => one.area === area && one.why === undefined));
  console.log(`${packages.length} packages were asked about.`);
  console.log(`${areas.length - failed.length} passed, ${failed.length} failed, 0 skipped`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function line({ area, package: name, severity, title, url, why }: Finding): string {
  return `${area}: ${name}: ${severity}: ${title} (${url})${why === undefined ? "" : `; explained: ${why}`}`;
}
