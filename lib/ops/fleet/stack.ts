/** The stacks of all tenants, as CloudFormation has them. */

export interface FleetStack {
  readonly tenant: string;
  readonly region: string;
  /** CloudFormation's own word, such as `UPDATE_COMPLETE`. */
  readonly status: string;
  /** Milliseconds since 1970: when the last deployment began. */
  readonly deployedAt: number;
  /** The tag `rollcall:tenant`, by which its costs are told apart. */
  readonly costTag?: string;
  /** Absent: the first deployment has not ended well yet. */
  readonly baseUrl?: string;
  /** Of the release that was deployed; stacks of before 0.1 do not say. */
  readonly version?: string;
  /** Of the tenant file that was deployed. */
  readonly tenantHash?: string;
}

export interface Stacks {
  /** The account that the credentials belong to. Errors: the SDK's. */
  account(): Promise<string>;
  /** Absent: there is none. Errors: the SDK's. */
  find(tenant: string, region: string): Promise<FleetStack | undefined>;
  /** Of each stack that is called as one of a tenant. Errors: the SDK's. */
  tenantsIn(region: string): Promise<readonly string[]>;
}

/** `rolled-back`: the last deployment failed, and what was there before runs. `failed`: there is nothing that could run. */
export type StackState = "deployed" | "rolled-back" | "updating" | "failed" | "not-deployed";

/** Source: CloudFormation user guide, "Understand stack status codes". */
export function stackState({ status }: Pick<FleetStack, "status">): StackState {
  // A change set that nobody executed: nothing was made.
  if (status === "REVIEW_IN_PROGRESS") return "not-deployed";
  if (status.endsWith("_IN_PROGRESS")) return "updating";
  if (status === "UPDATE_ROLLBACK_COMPLETE" || status === "IMPORT_ROLLBACK_COMPLETE") return "rolled-back";
  if (status.endsWith("_FAILED") || status === "ROLLBACK_COMPLETE") return "failed";
  return status === "DELETE_COMPLETE" ? "not-deployed" : "deployed";
}
