/** The packages that the lock file pins: what `npm ci` installs, and nothing else. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** As the package declares it: an SPDX expression, or "" for none. */
  readonly licence: string;
  /** Below the project: `node_modules/zod`. */
  readonly path: string;
  /** For building and testing alone; the deployed functions need none of these. */
  readonly isDevelopment: boolean;
  /** It comes inside another package's archive, whose hash covers it. */
  readonly isBundled: boolean;
  /** SHA-512 of the archive. */
  readonly integrity?: string;
  /** Where it would come from; the file is to hold none, so that every registry serves. */
  readonly resolved?: string;
  readonly runsOnInstall: boolean;
}

/** The fields of lock file version 3 that are read here. */
interface LockEntry {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

export const projectRoot = join(import.meta.dirname, "..");

/** By name, then by version. `folder`: that of the lock file. */
export function lockedPackages(folder = projectRoot): LockedPackage[] {
  const { packages }: { packages: Readonly<Record<string, LockEntry>> } = JSON.parse(
    readFileSync(join(folder, "package-lock.json"), "utf8"),
  );
  const all = Object.entries(packages).filter(([path]) => path !== "");
  return all
    .map(([path, entry]) => lockedPackage(path, entry))
    .toSorted((a, b) => sortKey(a).localeCompare(sortKey(b), "en"));
}

/** What an installation without development tools has. */
export function productionPackages(): LockedPackage[] {
  return lockedPackages().filter(({ isDevelopment }) => !isDevelopment);
}

function lockedPackage(path: string, entry: LockEntry): LockedPackage {
  const { version, license = "", integrity, resolved } = entry;
  return {
    name: packageOf(path),
    version,
    licence: license,
    path,
    isDevelopment: entry.dev === true,
    isBundled: entry.inBundle === true,
    runsOnInstall: entry.hasInstallScript === true,
    ...(integrity !== undefined && { integrity }),
    ...(resolved !== undefined && { resolved }),
  };
}

/** The name of the package that a path below `node_modules` belongs to. */
export function packageOf(path: string): string {
  const [scope = "", name = ""] = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length).split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}

function sortKey({ name, version }: LockedPackage): string {
  return `${name} ${version}`;
}
