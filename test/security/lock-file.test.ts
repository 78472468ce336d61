/** package-lock.json: whatever is installed is what was reviewed, from whichever registry it comes. */
import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import packageFile from "../../package.json" with { type: "json" };
import { lockedPackages, projectRoot } from "../../supply/packages.ts";

const folders = globSync("{,bench/**/}package-lock.json", { cwd: projectRoot, exclude: ["**/node_modules"] }).map(
  dirname,
);

describe.each(folders)("the lock file in %s", (folder) => {
  const packages = lockedPackages(join(projectRoot, folder));
  const named = (some: readonly { name: string; version: string }[]) =>
    some.map(({ name, version }) => `${name}@${version}`);

  test("has the hash of every archive, those for other machines included", () => {
    const withHash = packages.filter(({ integrity = "" }) => integrity.startsWith("sha512-"));
    expect(withHash.length).toBeGreaterThan(0);
    expect(named(packages.filter((one) => !one.isBundled && !withHash.includes(one)))).toEqual([]);
  });

  test("names no registry: the hash says what a package is, not where it lies", () => {
    expect(named(packages.filter(({ resolved }) => resolved !== undefined))).toEqual([]);
  });
});

describe("what may happen on a machine that installs this", () => {
  const packages = lockedPackages();

  test("only the two packages that need it run a script, and package.json names them", () => {
    const running = packages.filter(({ runsOnInstall }) => runsOnInstall).map(({ name }) => name);
    expect(running.toSorted()).toEqual(["esbuild", "node"]);
    expect(packageFile.allowScripts).toEqual({ esbuild: true, node: true });
  });

  test("nothing that is deployed runs a script", () => {
    expect(packages.filter(({ runsOnInstall, isDevelopment }) => runsOnInstall && !isDevelopment)).toEqual([]);
  });

  test("every version that we ask for is one version, and the lock file has it", () => {
    const asked = Object.entries({ ...packageFile.dependencies, ...packageFile.devDependencies });
    const locked = new Set(packages.map(({ name, version }) => `${name}@${version}`));
    expect(asked.filter(([name, version]) => !locked.has(`${name}@${version}`))).toEqual([]);
  });
});
