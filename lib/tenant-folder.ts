/** The tenant files of a folder, one a tenant: `tenants/<name>.json`. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, parse, resolve } from "node:path";
import { isTenantName, readTenantFile, readTenantSettings, TenantFileError } from "./provisioning/tenant-file.ts";
import type { TenantSettings } from "./provisioning/tenant-settings.ts";
import type { Tenant } from "./provisioning/tenant.ts";
import { isObject, type JsonObject } from "./scim/json.ts";

export interface LoadedTenant {
  readonly tenant: Tenant;
  readonly settings: TenantSettings;
  /** Absolute. */
  readonly path: string;
  /** Of the file's text: 12 hex digits. */
  readonly hash: string;
  /** What stands in it. */
  readonly json: unknown;
}

/** The tenant is not there, or none was named: the message lists those there are. */
export class UnknownTenantError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UnknownTenantError";
  }
}

/** By name, in the order of the alphabet; none when there is no such folder. */
export function listTenants(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).map((file) => parse(file));
  return files.flatMap(({ name, ext }) => (ext === ".json" && isTenantName(name) ? [name] : [])).toSorted();
}

/** Errors: UnknownTenantError; TenantFileError when the file is no JSON, or says something that it may not. */
export function loadTenant(folder: string, name: string): LoadedTenant {
  const tenants = listTenants(folder);
  if (!tenants.includes(name)) throw new UnknownTenantError(`There is no tenant "${name}"; ${thereAre(tenants)}.`);
  const path = resolve(join(folder, `${name}.json`));
  const text = readFileSync(path, "utf8");
  const json = parseJson(name, text);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { tenant: readTenantFile(name, json), settings: readTenantSettings(name, json), path, hash, json };
}

/** As `readDraft` does it. Errors: TenantFileError; the file system's when the file cannot be read. */
export function loadDraft(file: string, present: LoadedTenant): Tenant {
  return readDraft(readFileSync(file, "utf8"), file, present);
}

/**
 * The tenant as another file would make it, before that file is deployed. A file without `environment` says only what
 * differs: its keys replace those of the present file; one with `attributes` at the top is a mapping alone.
 *
 * Errors: TenantFileError, which names the file.
 */
export function readDraft(
  text: string,
  file: string,
  { tenant: { name }, json }: Pick<LoadedTenant, "tenant" | "json">,
): Tenant {
  try {
    const draft = parseJson(name, text);
    const tenant = readTenantFile(name, isObject(draft) ? completed(draft, json) : draft);
    if (!isObject(draft) || mappingKeys.some((key) => key in draft)) return tenant;
    throw new TenantFileError(name, ["there is no mapping in it; expected a tenant file, or its mapping alone"]);
  } catch (error) {
    if (!(error instanceof TenantFileError)) throw error;
    throw new TenantFileError(name, error.problems, file);
  }
}

/** A whole tenant file may do without: then it has the usual mapping. */
const mappingKeys = ["environment", "mapping", "attributes"];

function completed(draft: JsonObject, present: unknown): unknown {
  if ("environment" in draft) return draft;
  return Object.assign({}, present, "attributes" in draft ? { mapping: draft } : draft);
}

/** The end of a sentence: "the tenants are acme and globex". */
export function thereAre(tenants: readonly string[]): string {
  const [only, ...more] = tenants;
  if (only === undefined) return "there is no tenant file in tenants/ yet";
  if (more.length === 0) return `the only tenant is ${only}`;
  return `the tenants are ${tenants.slice(0, -1).join(", ")} and ${tenants.at(-1)}`;
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { line, column } = placeOfError(text);
    // V8 adds where it was, or the text around it: said once, by line and column, is enough.
    const message = error instanceof Error ? error.message : String(error);
    const reason = message.replace(/(?: in JSON| after JSON)? at position .*$|, (?:\.{3})?".*$/s, "");
    throw new TenantFileError(name, [`line ${line}, column ${column} is not JSON: ${reason}`]);
  }
}

/** V8 does not always say where. The shortest beginning that no end could make good ends with the first wrong character. */
function placeOfError(text: string): { line: number; column: number } {
  let good = 0;
  let bad = text.length;
  while (good < bad) {
    const middle = Math.floor((good + bad) / 2);
    if (couldGoOn(text.slice(0, middle + 1))) good = middle + 1;
    else bad = middle;
  }
  const lines = text.slice(0, good).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function couldGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    return /^Unexpected end|^Unterminated/.test(message) || message.includes(`at position ${text.length} `);
  }
}
