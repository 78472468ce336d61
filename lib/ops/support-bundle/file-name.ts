/** What a support bundle is called, as a file. */
import type { SupportBundle } from "./bundle.ts";

/** Names nobody, and no two are the same unless they are made in one second. */
export function bundleFileName({ tenant, at }: Pick<SupportBundle, "tenant" | "at">): string {
  const [date = "", time = ""] = new Date(at).toISOString().split("T");
  return `rollcall-support-${tenant}-${date}-${time.slice(0, 8).replaceAll(":", "")}.md`;
}
