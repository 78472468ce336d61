/**
 * How a tenant's stack is found, and what it tells: the stack writes these outputs, `rollcall --tenant` reads them.
 * Table and queue names are generated, so there is no other way to know them.
 */

export interface StackOutputs {
  /** What the identity provider is given: ends in `/scim/v2`. */
  readonly ScimBaseUrl: string;
  readonly ScimTableName: string;
  readonly DirectoryTableName: string;
  readonly LeaversQueueUrl: string;
  readonly LeaversDeadLetterUrl: string;
  readonly ChangesQueueUrl: string;
  readonly ChangesDeadLetterUrl: string;
  /** Of the tenant file that was deployed. */
  readonly TenantHash: string;
}

export function stackName(tenant: string): string {
  return `rollcall-${tenant}`;
}
