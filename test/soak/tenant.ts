/**
 * The tenant of the soak: small enough that test/soak/directory.ts can say by itself what the directory is to have. Whoever
 * has no title is parked until there is one.
 */
import { readTenantFile } from "../../lib/provisioning/tenant-file.ts";

export const soakTenant = readTenantFile("soak", {
  environment: { region: "eu-central-1" },
  mapping: {
    policy: "park",
    attributes: {
      login: { from: "userName", case: "lower", required: true, lookup: true },
      email: { from: "emails.value", lookup: true },
      title: { from: "title", required: true },
      department: { from: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department" },
    },
  },
});
