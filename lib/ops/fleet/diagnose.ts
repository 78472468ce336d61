/** The doctor, for all tenants that are deployed: who is worst off comes first. */
import { eachOf } from "../../provisioning/in-parallel.ts";
import type { Check } from "../doctor/check.ts";
import type { Diagnosis } from "../doctor/doctor.ts";
import type { OnProgress } from "../operations.ts";

export interface FleetDiagnosis {
  /** The worst first. */
  readonly diagnoses: readonly Diagnosis[];
  /** Whom the doctor could not examine, and why. */
  readonly problems: readonly { readonly tenant: string; readonly problem: string }[];
  /** Whom it did not come to before it was stopped. */
  readonly notAsked: readonly string[];
}

export interface DiagnoseOptions {
  readonly diagnose: (tenant: string) => Promise<Diagnosis>;
  /** An error in a sentence. */
  readonly sentence: (error: unknown) => string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** Each is some thirty small reads of tables of its own. */
const atOnce = 4;

export async function diagnoseFleet(
  tenants: readonly string[],
  { diagnose, sentence, onProgress, signal }: DiagnoseOptions,
): Promise<FleetDiagnosis> {
  const diagnoses: Diagnosis[] = [];
  const problems: { tenant: string; problem: string }[] = [];
  const isOver = () => signal.aborted;
  const one = async (tenant: string) => {
    try {
      diagnoses.push(await diagnose(tenant));
    } catch (error) {
      problems.push({ tenant, problem: sentence(error) });
    }
    onProgress(diagnoses.length + problems.length, tenants.length);
  };
  await eachOf(tenants, atOnce, one, isOver);
  const asked = new Set([...diagnoses, ...problems].map(({ tenant }) => tenant));
  return {
    diagnoses: diagnoses.toSorted(worstFirst),
    problems: problems.toSorted((a, b) => inOrder(a.tenant, b.tenant)),
    notAsked: tenants.filter((tenant) => !asked.has(tenant)),
  };
}

/** What is worst of one: the first of its checks, if that is not well. */
export function worstFinding({ checks: [worst] }: Diagnosis): Check | undefined {
  return worst?.state === "failure" || worst?.state === "warning" ? worst : undefined;
}

function worstFirst(a: Diagnosis, b: Diagnosis): number {
  return b.failures - a.failures || b.warnings - a.warnings || inOrder(a.tenant, b.tenant);
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : 1;
}
