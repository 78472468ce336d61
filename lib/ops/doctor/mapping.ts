/** Does the directory have what the tenant file says, and does the stack have the tenant file? */
import type { Operations } from "../operations.ts";
import { counted, whole } from "../words.ts";
import type { Check } from "./check.ts";
import type { Facts } from "./facts.ts";

export function mappingCheck({ sample: { entries, older, complete } }: Facts): Check {
  const name = "mapping";
  const of = complete ? `all ${counted(entries, "user")}` : `a sample of ${counted(entries, "user")}`;
  if (entries === 0) return { name, state: "skipped", summary: "Nobody is in the directory yet." };
  if (older === 0) return { name, state: "ok", summary: `The mapping of the tenant file made the profiles of ${of}.` };
  const about = complete ? "" : `, which is about ${Math.round((older / entries) * 100)} % of all`;
  return {
    name,
    state: "warning",
    summary: `The profiles of ${whole(older)} of ${of} were made by another mapping${about}.`,
    action:
      "The comparison says whether any profile differs. Without `--dry-run` these are made anew, and the others' stamp is renewed.",
    command: "resync --mapping-changed --dry-run",
  };
}

export function deploymentCheck({ deployment, tenant }: Operations): Check {
  const name = "tenant file";
  if (deployment === undefined)
    return { name, state: "skipped", summary: "Embedded: `npm start` reads the tenant file when it starts." };
  const { deployedHash, fileHash } = deployment;
  if (deployedHash === undefined)
    return {
      name,
      state: "unknown",
      summary: "The stack does not say which tenant file it was made of: deploy it again.",
    };
  if (deployedHash === fileHash)
    return { name, state: "ok", summary: `The stack runs with the tenant file as it is here (${fileHash}).` };
  return {
    name,
    state: "warning",
    summary: `The stack runs with another tenant file (${deployedHash}) than the one here (${fileHash}).`,
    action: `Deploy it, or take the file that was deployed: npm run deploy -- ${tenant.name}`,
  };
}
