/** One seeded user by accept and apply, for a store that takes no rows. */
import { apply, type Worker } from "../../lib/provisioning/apply.ts";
import { createResource } from "../../lib/provisioning/write-resource.ts";
import { userType } from "../../lib/scim/resource-type.ts";
import { seedNumber, seedUser } from "./people.ts";

/** `n`: from 0. */
export async function acceptAndApply(w: Worker, n: number): Promise<void> {
  const type = w.tenant.types.find(({ id }) => id === userType.id) ?? userType;
  const caller = { requestId: w.chance.uuid(), tokenId: "seed" };
  const { state } = await createResource(w, type, seedUser(seedNumber(n)), { caller });
  await apply(w, "changes", { type: type.id, id: state.id, version: state.version });
}
