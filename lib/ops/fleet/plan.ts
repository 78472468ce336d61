/** Which tenants a deployment of many deploys, and why it leaves the others alone. */
import type { FleetRow } from "./rows.ts";

export interface PlanOptions {
  /** `upgrade`: only what runs an older release. */
  readonly kind: "deploy" | "upgrade";
  /** Empty: all. Whoever is named is also deployed for the first time. */
  readonly names: readonly string[];
  /** Also what is as it should be, and what was never deployed. */
  readonly all: boolean;
}

export interface FleetPlan {
  readonly deploy: readonly PlannedDeployment[];
  /** These are as they should be. */
  readonly passedOver: readonly string[];
  readonly left: readonly LeftAlone[];
}

export interface PlannedDeployment {
  readonly tenant: string;
  readonly region: string;
  readonly why: string;
}

export interface LeftAlone {
  readonly tenant: string;
  readonly why: string;
  /** It cannot be deployed as it is, whatever was asked for. */
  readonly isFault: boolean;
}

type Verdict = { readonly deploy: string } | { readonly left: string; readonly isFault?: true } | "as it should be";

export function planOf(rows: readonly FleetRow[], options: PlanOptions): FleetPlan {
  const deploy: PlannedDeployment[] = [];
  const passedOver: string[] = [];
  const left: LeftAlone[] = [];
  for (const row of rows) {
    const { tenant, region = "" } = row;
    const verdict = verdictOn(row, options);
    if (verdict === "as it should be") passedOver.push(tenant);
    else if ("deploy" in verdict) deploy.push({ tenant, region, why: verdict.deploy });
    else left.push({ tenant, why: verdict.left, isFault: verdict.isFault === true });
  }
  return { deploy, passedOver, left };
}

function verdictOn(row: FleetRow, options: PlanOptions): Verdict {
  const { tenant, state, status, drift, problem, baseUrl, version } = row;
  if (problem !== undefined) return { left: problem, isFault: true };
  if (state === "updating") return { left: `CloudFormation is at it already: ${status}.`, isFault: true };
  if (state === "failed" && status !== "ROLLBACK_COMPLETE") {
    const cure = "its events in CloudFormation say why, and it has to be mended there first";
    return { left: `Its stack is in ${status}: ${cure}.`, isFault: true };
  }
  if (options.kind === "upgrade") return verdictOnUpgrade(row);
  if (baseUrl === undefined) {
    if (state === "failed") return { deploy: "its first deployment failed" };
    if (options.all || options.names.includes(tenant)) return { deploy: "not deployed" };
    return { left: "Not deployed: its stack is made when it is named, or with --all." };
  }
  if (drift.includes("newer-release") && !options.all) {
    return { left: `It runs ${version}, which is newer than what is here; \`npm run deploy -- ${tenant}\` goes back.` };
  }
  const reasons = driftText(drift);
  if (state === "rolled-back")
    return { deploy: ["its last deployment was rolled back", reasons].filter(Boolean).join(", ") };
  if (reasons !== "") return { deploy: reasons };
  return options.all ? { deploy: "as it should be" } : "as it should be";
}

function verdictOnUpgrade({ drift, baseUrl }: FleetRow): Verdict {
  if (baseUrl === undefined) return { left: "Not deployed: there is nothing to upgrade." };
  return drift.includes("older-release") ? { deploy: driftText(drift) } : "as it should be";
}

/** `tenant file changed, older release` */
export function driftText(drift: FleetRow["drift"]): string {
  return drift.map((one) => one.replaceAll("-", " ")).join(", ");
}
