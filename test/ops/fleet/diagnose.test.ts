/** The doctor for many: the worst first, and one that cannot be examined does not keep the others. */
import { expect, test } from "vitest";
import type { Diagnosis } from "../../../lib/ops/doctor/doctor.ts";
import { diagnoseFleet, worstFinding } from "../../../lib/ops/fleet/diagnose.ts";

const diagnosis = (tenant: string, failures: number, warnings: number): Diagnosis => ({
  tenant,
  at: 1,
  failures,
  warnings,
  checks: [{ name: "parked", state: failures > 0 ? "failure" : warnings > 0 ? "warning" : "ok", summary: "…" }],
});
const all = [diagnosis("b", 0, 0), diagnosis("a", 0, 0), diagnosis("warned", 0, 2), diagnosis("bad", 2, 0)];
const sentence = (error: unknown) => (error instanceof Error ? error.message : "");

const asked = (control = new AbortController(), onProgress = () => {}) =>
  diagnoseFleet(["b", "lost", "a", "warned", "bad"], {
    diagnose: async (tenant) => {
      const found = all.find((one) => one.tenant === tenant);
      if (found === undefined) throw new Error("no access");
      return found;
    },
    sentence,
    onProgress,
    signal: control.signal,
  });

test("the worst comes first, and whoever cannot be examined has a sentence", async () => {
  const { diagnoses, problems, notAsked } = await asked();
  expect(diagnoses.map(({ tenant }) => tenant)).toEqual(["bad", "warned", "a", "b"]);
  expect(problems).toEqual([{ tenant: "lost", problem: "no access" }]);
  expect(notAsked).toEqual([]);
  expect(diagnoses.map((one) => worstFinding(one)?.state)).toEqual(["failure", "warning", undefined, undefined]);
});

test("stopped, it tells of whom it has examined, and of whom not", async () => {
  const control = new AbortController();
  const { diagnoses, notAsked } = await asked(control, () => control.abort());
  expect(diagnoses.length).toBeGreaterThan(0);
  expect(notAsked).toContain("bad");
});
