/** What went wrong, in one sentence for the person at the screen. */
import { OperationError } from "../ops/operations.ts";
import { LaneError, TableError } from "../provisioning/ports.ts";
import { TenantFileError } from "../provisioning/tenant-file.ts";

export interface Problem {
  readonly status: 400 | 500 | 503;
  readonly sentence: string;
}

export function problemOf(error: unknown): Problem {
  if (error instanceof OperationError || error instanceof TenantFileError) {
    return { status: 400, sentence: error.message };
  }
  if (error instanceof TableError || error instanceof LaneError) {
    return {
      status: 503,
      sentence: `The tables or the queues did not answer (${error.message}): load the page again.`,
    };
  }
  if (!(error instanceof Error)) return { status: 500, sentence: String(error) };
  if (error.name === "CredentialsProviderError") {
    return {
      status: 503,
      sentence: "There are no AWS credentials any more: sign in as for the AWS CLI, then load the page again.",
    };
  }
  const [first = error.name] = error.message.split("\n");
  return { status: 500, sentence: first === "" ? error.name : first };
}
