/**
 * The environment of the functions, as one schema: the stack writes it, the functions read it, so that the two
 * cannot drift. The tenant file itself is too large for it (Lambda allows 4 KB) and lies beside the code as `tenant.json`.
 */
import * as z from "zod/mini";

const text = z.string().check(z.minLength(1));

const environment = z.object({
  ROLLCALL_TENANT: text,
  SCIM_TABLE: text,
  DIRECTORY_TABLE: text,
  LEAVERS_QUEUE_URL: text,
  LEAVERS_DEAD_LETTER_URL: text,
  CHANGES_QUEUE_URL: text,
  CHANGES_DEAD_LETTER_URL: text,
  /** A changed tenant file changes the function, so that warm environments with the old one end. */
  TENANT_HASH: text,
  /** Absent: the address that the request came to is the public one. */
  ROLLCALL_PUBLIC_URL: z.exactOptional(text),
  /** The next four: only where the tenant file has `events`, and of them what the function needs. */
  EVENTS_TABLE: z.exactOptional(text),
  /** JSON: the URL of each sink's queue, by the sink's name. */
  SINK_QUEUE_URLS: z.exactOptional(text),
  /** JSON: the same of its dead letters. */
  SINK_DEAD_LETTER_URLS: z.exactOptional(text),
  EVENT_BUS_NAME: z.exactOptional(text),
});

/** What the stack sets; every value is a string, or a token that becomes one. */
export type FunctionEnvironment = z.infer<typeof environment>;

export interface LaneQueues {
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
}

export interface FunctionConfig {
  readonly tenant: string;
  readonly tenantHash: string;
  readonly tables: { readonly scim: string; readonly directory: string; readonly events?: string };
  readonly lanes: { readonly leavers: LaneQueues; readonly changes: LaneQueues };
  /** By the name of the sink. */
  readonly sinkQueueUrls: Readonly<Record<string, string>>;
  /** By the name of the sink. */
  readonly sinkDeadLetterUrls: Readonly<Record<string, string>>;
  readonly eventBusName?: string;
  /** Without `/scim/v2` and without a slash at the end. */
  readonly publicUrl?: string;
}

/** Where the functions find their tenant file: beside the code. */
export const tenantFileName = "tenant.json";

/** CloudWatch namespace of our metrics; their one dimension is `service`, the tenant's name. */
export const metricsNamespace = "Rollcall";

/**
 * What a function is configured with.
 *
 * Errors: one that names every variable that is missing or empty.
 */
export function functionConfig(env: Readonly<Record<string, string | undefined>>): FunctionConfig {
  const read = environment.safeParse(env);
  if (!read.success) throw new Error(missing(read.error.issues.map((issue) => issue.path.join("."))));
  const set = read.data;
  return {
    tenant: set.ROLLCALL_TENANT,
    tenantHash: set.TENANT_HASH,
    tables: {
      scim: set.SCIM_TABLE,
      directory: set.DIRECTORY_TABLE,
      ...(set.EVENTS_TABLE !== undefined && { events: set.EVENTS_TABLE }),
    },
    sinkQueueUrls: JSON.parse(set.SINK_QUEUE_URLS ?? "{}") as Record<string, string>,
    sinkDeadLetterUrls: JSON.parse(set.SINK_DEAD_LETTER_URLS ?? "{}") as Record<string, string>,
    ...(set.EVENT_BUS_NAME !== undefined && { eventBusName: set.EVENT_BUS_NAME }),
    lanes: {
      leavers: { queueUrl: set.LEAVERS_QUEUE_URL, deadLetterUrl: set.LEAVERS_DEAD_LETTER_URL },
      changes: { queueUrl: set.CHANGES_QUEUE_URL, deadLetterUrl: set.CHANGES_DEAD_LETTER_URL },
    },
    ...(set.ROLLCALL_PUBLIC_URL === undefined ? {} : { publicUrl: set.ROLLCALL_PUBLIC_URL.replace(/\/$/, "") }),
  };
}

function missing(names: readonly string[]): string {
  const which = names.length === 1 ? "This environment variable is" : "These environment variables are";
  return `${which} missing or empty: ${names.join(", ")}; the stack of the tenant sets them, so deploy it again.`;
}
