/** A row a tenant: what its stack is, and how far it is from the tenant file and the release that are here. */
import { defined } from "../../provisioning/head.ts";
import { inParallel } from "../../provisioning/in-parallel.ts";
import type { OnProgress } from "../operations.ts";
import { releaseOrder } from "./release.ts";
import { type FleetStack, type Stacks, type StackState, stackState } from "./stack.ts";

/** A tenant file, as far as its deployment goes; or why it cannot be read. */
export type FleetFile =
  | { readonly tenant: string; readonly region: string; readonly account?: string; readonly hash: string }
  | { readonly tenant: string; readonly problem: string };

/** `unknown`: its stack could not be asked for. */
export type FleetState = StackState | "without-file" | "broken-file" | "unknown";

export type Drift = "tenant-file-changed" | "older-release" | "newer-release";

export interface FleetRow {
  readonly tenant: string;
  readonly state: FleetState;
  /** CloudFormation's own word. */
  readonly status?: string;
  readonly region?: string;
  /** Absent beside a `baseUrl`: of before 0.1. */
  readonly version?: string;
  /** Between what is deployed and what is here. */
  readonly drift: readonly Drift[];
  /** Milliseconds since 1970: when the last deployment began. */
  readonly deployedAt?: number;
  readonly costTag?: string;
  /** Absent: nothing was deployed yet. */
  readonly baseUrl?: string;
  /** A sentence: why it is so. */
  readonly problem?: string;
}

export interface FleetSight {
  readonly stacks: Stacks;
  /** Of this program. */
  readonly release: string;
  /** An error in a sentence. */
  readonly sentence: (error: unknown) => string;
  readonly onProgress?: OnProgress;
}

/** CloudFormation answers some ten questions a second, and others ask it, too. */
const atOnce = 4;

/** In the order of the files. What fails for one tenant is its row. */
export async function rowsOf(sight: FleetSight, files: readonly FleetFile[]): Promise<FleetRow[]> {
  let account: Promise<string> | undefined;
  let done = 0;
  return await inParallel(files, atOnce, async (file) => {
    try {
      return await rowOf(sight, file, () => (account ??= sight.stacks.account()));
    } finally {
      sight.onProgress?.((done += 1), files.length);
    }
  });
}

async function rowOf(sight: FleetSight, file: FleetFile, accountHere: () => Promise<string>): Promise<FleetRow> {
  const { tenant } = file;
  if ("problem" in file) return { tenant, state: "broken-file", drift: [], problem: file.problem };
  const { region, account, hash } = file;
  const asked = { tenant, region };
  try {
    const here = account === undefined ? undefined : await accountHere();
    if (here !== account) {
      const problem = `The tenant file is for account ${account}, and these credentials are of ${here}.`;
      return { ...asked, state: "unknown", drift: [], problem };
    }
    const stack = await sight.stacks.find(tenant, region);
    if (stack === undefined) return { ...asked, state: "not-deployed", drift: [] };
    return { ...told(stack), state: stackState(stack), drift: driftOf(stack, hash, sight.release) };
  } catch (error) {
    return { ...asked, state: "unknown", drift: [], problem: sight.sentence(error) };
  }
}

function told(stack: FleetStack): Omit<FleetRow, "state" | "drift"> {
  const { tenant, region, status, deployedAt, costTag, baseUrl, version } = stack;
  return { tenant, region, status, deployedAt, ...defined({ costTag, baseUrl, version }) };
}

/** Nothing of a stack that was never made: it is not another one, it is none. */
function driftOf({ baseUrl, version, tenantHash }: FleetStack, hash: string, release: string): Drift[] {
  if (baseUrl === undefined) return [];
  const order = version === undefined ? -1 : releaseOrder(version, release);
  return [
    ...(tenantHash !== undefined && tenantHash !== hash ? (["tenant-file-changed"] as const) : []),
    ...(order < 0 ? (["older-release"] as const) : []),
    ...(order > 0 ? (["newer-release"] as const) : []),
  ];
}

/** Why the stacks of a region could not be looked through. */
export interface RegionProblem {
  readonly region: string;
  readonly problem: string;
}

/** Stacks of tenants of which there is no file here, in the regions that the files name: left by a move, or by another folder. */
export async function stacksWithoutFile(
  { stacks, sentence }: FleetSight,
  files: readonly FleetFile[],
): Promise<{ rows: FleetRow[]; problems: RegionProblem[] }> {
  const problems: RegionProblem[] = [];
  const regionOf = new Map(files.map((file) => [file.tenant, "region" in file ? file.region : undefined]));
  const regions = [...new Set(regionOf.values())].filter((region) => region !== undefined);
  const found = await inParallel(regions, atOnce, async (region) => {
    try {
      // Of a file that cannot be read nobody knows the region.
      const names = (await stacks.tenantsIn(region)).filter((tenant) => {
        return !regionOf.has(tenant) || ![region, undefined].includes(regionOf.get(tenant));
      });
      return await inParallel(names, atOnce, async (tenant) => await stacks.find(tenant, region));
    } catch (error) {
      problems.push({ region, problem: sentence(error) });
      return [];
    }
  });
  const rows = found.flat().flatMap((stack): FleetRow[] => {
    // Somebody else's, whose name is like ours.
    if (stack?.costTag === undefined) return [];
    const elsewhere = regionOf.get(stack.tenant);
    const problem = elsewhere === undefined ? {} : { problem: `The tenant file is for ${elsewhere}.` };
    return [{ ...told(stack), state: "without-file", drift: [], ...problem }];
  });
  return { rows, problems };
}
