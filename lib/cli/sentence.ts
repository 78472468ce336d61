/** An error in the words of whoever knows: a stack trace helps nobody at a prompt. */
import { TenantFileError } from "../provisioning/tenant-file.ts";
import { UsageError } from "./io.ts";
import { printable } from "./words.ts";

export function sentence(error: unknown): string {
  // These may have a line for each of several problems.
  if (error instanceof TenantFileError || error instanceof UsageError) {
    return error.message.split("\n").map(printable).join("\n");
  }
  if (!(error instanceof Error)) return String(error);
  if (error.name === "CredentialsProviderError") {
    return "There are no AWS credentials: set AWS_PROFILE, or sign in as for the AWS CLI.";
  }
  const [first = error.name] = error.message.split("\n");
  return first === "" ? error.name : printable(first);
}
