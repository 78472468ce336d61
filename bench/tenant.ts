/** The tenant that is measured: acme, without what it shows besides; the benches of events switch them on. */
import { join } from "node:path";
import type { Tenant } from "../lib/provisioning/tenant.ts";
import { loadTenant } from "../lib/tenant-folder.ts";

const { events: _, ...plain } = loadTenant(join(import.meta.dirname, "..", "tenants"), "acme").tenant;

export const benchTenant: Tenant = plain;
