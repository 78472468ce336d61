/** All tenant files, as far as their deployment goes: one that is broken does not keep the others. */
import type { FleetFile } from "../../ops/fleet/rows.ts";
import { defined } from "../../provisioning/head.ts";
import { TenantFileError } from "../../provisioning/tenant-file.ts";
import { listTenants, loadTenant, thereAre } from "../../tenant-folder.ts";
import { UsageError } from "../io.ts";
import { sentence } from "../sentence.ts";

/** `names`: only these, or all when there are none. Errors: UsageError for a name that there is no file of, or no file at all. */
export function fleetFiles(folder: string, names: readonly string[] = []): FleetFile[] {
  const tenants = listTenants(folder);
  if (tenants.length === 0) throw new UsageError("There is no tenant file in tenants/ yet: copy one, as README says.");
  const unknown = names.filter((name) => !tenants.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(`There is no tenant ${unknown.map((name) => `"${name}"`).join(", ")}; ${thereAre(tenants)}.`);
  }
  return tenants.filter((tenant) => names.length === 0 || names.includes(tenant)).map((tenant) => read(folder, tenant));
}

function read(folder: string, tenant: string): FleetFile {
  try {
    const { settings, hash } = loadTenant(folder, tenant);
    const { region, account } = settings.environment;
    return { tenant, region, hash, ...defined({ account }) };
  } catch (error) {
    const isOurs = error instanceof TenantFileError;
    return { tenant, problem: isOurs ? `${error.problems.join("; ")}.` : sentence(error) };
  }
}
