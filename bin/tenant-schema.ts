/** Writes tenants/tenant.schema.json, which editors check tenant files with: `node bin/tenant-schema.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tenantJsonSchema } from "../lib/provisioning/tenant-json-schema.ts";

writeFileSync(join(import.meta.dirname, "../tenants/tenant.schema.json"), tenantJsonSchema());
