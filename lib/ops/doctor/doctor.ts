/** The doctor: one page that says whether provisioning works, and what to do where it does not. */
import { commandFor } from "../command.ts";
import type { Operations } from "../operations.ts";
import { addressCheck } from "./address.ts";
import { alarmsCheck } from "./alarms.ts";
import { brakeCheck } from "./brake.ts";
import { type Check, worstFirst } from "./check.ts";
import { contactChecks } from "./contact.ts";
import { eventChecks } from "./events.ts";
import { type Facts, readFacts } from "./facts.ts";
import { pendingCheck, parkedCheck } from "./lanes.ts";
import { leaversCheck, leaversClockCheck } from "./leavers.ts";
import { letInCheck } from "./let-in.ts";
import { deploymentCheck, mappingCheck } from "./mapping.ts";
import { orphansCheck } from "./orphans.ts";
import { evidenceCheck, faultsCheck, refusalsCheck } from "./refusals.ts";
import { restoreCheck } from "./restore.ts";
import { sweepCheck } from "./sweep.ts";
import { tablesCheck } from "./tables.ts";
import { tokensCheck } from "./tokens.ts";

export interface Diagnosis {
  readonly tenant: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly failures: number;
  readonly warnings: number;
  /** The worst first. */
  readonly checks: readonly Check[];
}

/** Errors: TableError. */
export async function doctor(o: Operations): Promise<Diagnosis> {
  return diagnosisOf(o, await readFacts(o));
}

export function diagnosisOf(o: Operations, facts: Facts): Diagnosis {
  const checks: Check[] = [
    ...contactChecks(facts),
    letInCheck(facts),
    addressCheck(o.tenant, facts),
    refusalsCheck(o.tenant, facts),
    faultsCheck(facts),
    leaversCheck(o.tenant, facts),
    leaversClockCheck(o.tenant, facts),
    brakeCheck(o.tenant, facts),
    pendingCheck(facts),
    parkedCheck(facts),
    sweepCheck(o, facts),
    ...eventChecks(o, facts),
    tokensCheck(facts),
    restoreCheck(facts),
    tablesCheck(facts),
    deploymentCheck(o),
    mappingCheck(facts),
    evidenceCheck(facts),
    orphansCheck(facts),
    alarmsCheck(facts),
  ];
  const count = (state: Check["state"]) => checks.filter((check) => check.state === state).length;
  return {
    tenant: o.tenant.name,
    at: facts.now,
    failures: count("failure"),
    warnings: count("warning"),
    checks: worstFirst(checks).map((check) => withWholeCommand(o, check)),
  };
}

function withWholeCommand(o: Operations, { command, ...check }: Check): Check {
  return command === undefined ? check : { ...check, command: commandFor(o, command) };
}
