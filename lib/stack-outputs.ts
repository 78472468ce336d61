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
  /** The release that was deployed. */
  readonly RollcallVersion: string;
  /** A managed policy for the application: it reads the Directory table and nothing else. Exported, so that another stack imports it. */
  readonly ReaderPolicyArn: string;
  /** The next four only where the tenant file has `events`. */
  readonly EventsTableName?: string;
  /** Where the application reads the feed: ends in `/events`. */
  readonly FeedUrl?: string;
  /** JSON: the URL of each sink's queue, by the sink's name. */
  readonly SinkQueueUrls?: string;
  /** JSON: the same of its dead letters. */
  readonly SinkDeadLetterUrls?: string;
  readonly EventBusName?: string;
  /** Where identity providers ask for tokens, when the tenant file has `oauth`: ends in `/oauth/token`. */
  readonly TokenUrl?: string;
}

export function stackName(tenant: string): string {
  return `rollcall-${tenant}`;
}

/** Under which another stack of the account and region imports an output. */
export function exportName(stack: string, output: keyof StackOutputs): string {
  return `${stack}-${output}`;
}
