/** The tenant file's JSON Schema, for editors. Kept apart from the reading of tenant files: no function needs it. */
import { toJSONSchema } from "zod/mini";
import { tenantSettings } from "./tenant-settings.ts";

/** The text of `tenants/tenant.schema.json`. */
export function tenantJsonSchema(): string {
  return `${JSON.stringify(toJSONSchema(tenantSettings, { io: "input" }), undefined, 2)}\n`;
}
