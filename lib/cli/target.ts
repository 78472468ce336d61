/** Whose data a command works on: `--tenant acme` is a deployed stack, `--local` the embedded data. */
import type { Command } from "commander";
import type { Operations } from "../ops/operations.ts";
import { loadTenant, type LoadedTenant, UnknownTenantError } from "../tenant-folder.ts";
import { openDeployed } from "./deployed-target.ts";
import { type Settings, UsageError } from "./io.ts";
import { openLocal } from "./local-target.ts";

export interface TargetOptions {
  readonly tenant?: string;
  readonly local?: boolean;
}

export interface Target {
  readonly operations: Operations;
  /** The tenant file that is here. */
  readonly loaded: LoadedTenant;
  /** Where it takes SCIM requests; absent where that is not written down. */
  readonly baseUrl?: string;
  close(): void;
}

export function withTargetOptions(command: Command): Command {
  return command
    .option("--tenant <name>", "the deployed stack of this tenant; AWS as for the AWS CLI (AWS_PROFILE …)")
    .option("--local", "the embedded data of npm start (ROLLCALL_DATA, ROLLCALL_TENANT)");
}

/** Errors: what `loadNamed` says; what the SDK or the database says. */
async function openTarget(options: TargetOptions, settings: Settings): Promise<Target> {
  const loaded = loadNamed(options, settings);
  return options.local === true ? openLocal(settings, loaded) : await openDeployed(loaded);
}

/** The tenant file. Errors: UsageError unless exactly one target is named and is there; TenantFileError. */
export function loadNamed(options: TargetOptions, settings: Settings): LoadedTenant {
  if (!isTargetNamed(options) || (options.tenant !== undefined && options.local === true)) {
    throw new UsageError("Name exactly one of --tenant <name> (a deployed stack) and --local (the embedded data).");
  }
  return load(settings.tenantsDir, options.tenant ?? settings.tenant);
}

export function isTargetNamed(options: TargetOptions): boolean {
  return options.tenant !== undefined || options.local === true;
}

/** Opens the target for `use`, and closes it whatever happens. */
export async function withTarget<T>(
  options: TargetOptions,
  settings: Settings,
  use: (target: Target) => Promise<T>,
): Promise<T> {
  const target = await openTarget(options, settings);
  try {
    return await use(target);
  } finally {
    target.close();
  }
}

function load(folder: string, name: string): LoadedTenant {
  try {
    return loadTenant(folder, name);
  } catch (error) {
    if (error instanceof UnknownTenantError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
