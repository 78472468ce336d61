/** What was answered with an error in the last day, and what that means for Entra's quarantine. */
import type { Refusal } from "../../provisioning/sighting.ts";
import type { Tenant } from "../../provisioning/tenant.ts";
import { sumOf } from "../../provisioning/traffic.ts";
import { maskedText } from "../mask.ts";
import { withoutValues } from "../plain-text.ts";
import { counted, whole } from "../words.ts";
import type { Check } from "./check.ts";
import { type Facts, refusalsMost } from "./facts.ts";

/** Source: Microsoft Learn, "Application provisioning in quarantine status" (docs/entra.md). */
const quarantine = { failed: 5_000, percent: 40, failedMost: 40_000 };
const causesTold = 3;
const peopleTold = 2;
const hour = 3_600_000;

export function refusalsCheck(tenant: Tenant, { traffic, refusals, tokens }: Facts): Check {
  const { writes, unchanged, refused, faults } = sumOf(traffic);
  const failed = refused + faults;
  const all = writes + unchanged + failed;
  // Whoever asks for somebody who is gone gets a 404 as a matter of course: it is counted, but no cause of anything.
  const causes = causesOf(
    tenant,
    refusals.filter(({ kind, status }) => kind === "refused" && status !== 404),
  );
  const percent = all === 0 ? 0 : (failed / all) * 100;
  const isEntra = tokens.some(({ idp }) => idp === "entra");
  const share = `${whole(failed)} of ${counted(all, "write")} failed in the last day${all === 0 ? "" : ` (${percent.toFixed(percent < 10 ? 1 : 0)} %)`}`;
  const rule = isEntra
    ? `; Entra's quarantine begins above ${quarantine.percent} % once 5,000 failed, or above 40,000`
    : "";
  const check = { name: "refusals", summary: `${share}${rule}.` };
  if ((failed >= quarantine.failed && percent > quarantine.percent) || failed > quarantine.failedMost)
    return { ...check, state: "failure", ...told(causes, refusals) };
  if (causes.length === 0) return { ...check, state: "ok" };
  return { ...check, state: "warning", ...told(causes, refusals) };
}

interface Cause {
  readonly status: number;
  readonly detail: string;
  readonly people: ReadonlySet<string>;
  readonly times: number;
  readonly since: number;
}

function causesOf(tenant: Tenant, refusals: readonly Refusal[]): Cause[] {
  const plain = withoutValues(tenant);
  const groups = Map.groupBy(refusals, ({ status = 0, detail = "" }) => `${status} ${plain(detail)}`);
  return [...groups.values()]
    .map((all) => ({
      status: all[0]?.status ?? 0,
      detail: plain(all[0]?.detail ?? ""),
      people: new Set(all.flatMap(({ name }) => name ?? [])),
      times: all.length,
      since: Math.min(...all.map(({ at }) => at)),
    }))
    .sort((a, b) => b.people.size - a.people.size || b.times - a.times);
}

function told(causes: readonly Cause[], refusals: readonly Refusal[]): Partial<Check> {
  const more = causes.length - causesTold;
  const [first] = causes;
  const who = first && [...first.people][0];
  return {
    details: [
      ...causes.slice(0, causesTold).map(causeText),
      ...(more > 0 ? [`and ${counted(more, "other cause")}`] : []),
      ...(refusals.length === refusalsMost ? [`only the latest ${refusalsMost} were looked at`] : []),
    ],
    ...(first === undefined ? {} : { since: Math.min(...causes.map(({ since }) => since)) }),
    action: "Mend the mapping or the people at the identity provider, then have them sent again.",
    ...(who === undefined ? {} : { command: "explain <userName>" }),
  };
}

function causeText({ status, detail, people, times }: Cause): string {
  const names = [...people].slice(0, peopleTold).map(maskedText);
  const others = people.size - names.length;
  const who =
    people.size === 0
      ? counted(times, "request")
      : `${names.join(", ")}${others > 0 ? ` and ${whole(others)} more` : ""}`;
  return `${status} for ${who}: ${detail}`;
}

export function faultsCheck({ traffic, refusals, now }: Facts): Check {
  const { faults } = sumOf(traffic);
  const name = "faults";
  if (faults === 0) return { name, state: "ok", summary: "No request met a fault of ours in the last day." };
  const seen = refusals.filter(({ kind }) => kind === "fault");
  const last = seen[0];
  const now1h = last !== undefined && last.at > now - hour;
  return {
    name,
    state: now1h ? "failure" : "warning",
    summary: `${counted(faults, "request")} met a fault of ours in the last day${now1h ? ", the last within the hour" : ""}.`,
    details: seen
      .slice(0, causesTold)
      .map(({ operation = "", status = 500, requestId }) => `${status} ${operation}, request ${requestId}`),
    ...(seen.length === 0 ? {} : { since: Math.min(...seen.map(({ at }) => at)) }),
    action: "The log of the api function has the stack under the request id.",
  };
}

export function evidenceCheck({ traffic }: Facts): Check {
  const { dropped } = sumOf(traffic);
  const name = "evidence";
  if (dropped === 0) return { name, state: "ok", summary: "All sightings of the last day were kept." };
  return {
    name,
    state: "warning",
    summary: `Not kept in the last day: ${counted(dropped, "sighting")}, above the cap of a minute or more than the table took.`,
    action: "Explanations of that day may miss somebody who was asked for; ask the identity provider's log.",
  };
}
