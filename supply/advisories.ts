/**
 * What `npm audit` answered, judged: each advisory about a package of ours is a failure, unless somebody wrote down here why
 * it does not reach us, and until when that is believed.
 */
import type { LockedPackage } from "./packages.ts";

export interface Explained {
  /** As npm prints it: `https://github.com/advisories/GHSA-…` */
  readonly url: string;
  /** Why it does not reach what is deployed, or the machine that builds it. */
  readonly why: string;
  /** A day, `2027-01-31`; from then on it is a failure again. */
  readonly until: string;
}

/** None: the list is for the days between an advisory and the release that mends it. */
export const explained: readonly Explained[] = [];

/** The parts of npm's audit report, version 2, that are read here. */
export interface AuditReport {
  readonly auditReportVersion: 2;
  readonly vulnerabilities: Readonly<Record<string, Vulnerability>>;
}

interface Vulnerability {
  readonly severity: string;
  /** An advisory, or the name of a package that has one. */
  readonly via: readonly (string | { readonly url: string; readonly title: string; readonly severity: string })[];
  /** Where it is installed: `node_modules/zod`. */
  readonly nodes: readonly string[];
}

export interface Finding {
  readonly package: string;
  readonly area: "production" | "tools";
  readonly severity: string;
  readonly title: string;
  readonly url: string;
  /** Absent: nobody explained it, or the explanation has ended. */
  readonly why?: string;
}

/** Undefined when there is no verdict: the registry did not answer, or answered something else. */
export function readReport(text: string): AuditReport | undefined {
  try {
    const report: Partial<AuditReport> | null = JSON.parse(text);
    return report?.auditReportVersion === 2 && report.vulnerabilities !== undefined
      ? (report as AuditReport)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What npm said in place of a report, without the registry's address. */
export function whyNot(text: string): string {
  const message = /"message": "([^"]+)"/.exec(text)?.[1] ?? "npm printed no report";
  return message.replaceAll(/\s*-?\s*(?:[A-Z]+ )?https?:\/\/\S+/g, "");
}

/** `today`: `2026-11-24`. */
export function findings(
  { vulnerabilities }: AuditReport,
  packages: readonly LockedPackage[],
  today: string,
  reasons: readonly Explained[] = explained,
): Finding[] {
  const production = new Set(packages.flatMap(({ path, isDevelopment }) => (isDevelopment ? [] : [path])));
  return Object.entries(vulnerabilities).flatMap(([name, { via, nodes }]) => {
    const area = nodes.some((path) => production.has(path)) ? "production" : "tools";
    return via.flatMap((advisory) => {
      if (typeof advisory === "string") return [];
      const { url, title, severity } = advisory;
      const reason = reasons.find((one) => one.url === url && today < one.until);
      return [{ package: name, area, severity, title, url, ...(reason && { why: reason.why }) } as const];
    });
  });
}
