/** `npm run audit`: what counts as an answer, and what as a failure. */
import { describe, expect, test } from "vitest";
import { explained, findings, readReport, whyNot } from "../../supply/advisories.ts";
import { lockedPackages } from "../../supply/packages.ts";

const url = "https://github.com/advisories/GHSA-0000-0000-0000";
const advisory = { url, title: "reads too much", severity: "high" };
const reportOf = (name: string) =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: {
      [name]: { severity: "high", via: [advisory], nodes: [`node_modules/${name}`] },
      above: { severity: "high", via: [name], nodes: ["node_modules/above"] },
    },
  });
const found = (name: string, today = "2026-11-24", reasons = explained) => {
  const report = readReport(reportOf(name));
  return report && findings(report, lockedPackages(), today, reasons);
};

describe("npm audit", () => {
  test.each([
    ["nothing", ""],
    ["a sentence", "npm error"],
    ["an error", JSON.stringify({ message: "405 Method Not Allowed", error: { code: "E405" } })],
    ["null", "null"],
    ["another version of the report", JSON.stringify({ auditReportVersion: 3, vulnerabilities: {} })],
  ])("that prints %s has not answered: nothing is known, which is not the same as nothing was found", (_, text) => {
    expect(readReport(text)).toBeUndefined();
  });

  test("says why it has no answer, without the address of a registry", () => {
    const message = "405 Method Not Allowed - POST https://registry.example.com/-/npm/v1/security/advisories/bulk";
    expect(whyNot(JSON.stringify({ message }, null, 2))).toBe("405 Method Not Allowed");
    expect(whyNot("")).toBe("npm printed no report");
  });

  test("an advisory is told once, and whether it is about what is deployed", () => {
    expect(found("zod")).toEqual([
      { package: "zod", area: "production", severity: "high", title: advisory.title, url },
    ]);
    expect(found("vitest")).toMatchObject([{ area: "tools" }]);
  });

  test("an advisory that somebody explained is no failure until the day that the explanation names", () => {
    const reasons = [{ url, why: "that function is not called", until: "2026-12-01" }];
    expect(found("zod", "2026-11-30", reasons)).toMatchObject([{ why: "that function is not called" }]);
    expect(found("zod", "2026-12-01", reasons)?.[0]).not.toHaveProperty("why");
  });
});
