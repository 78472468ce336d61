/** Whoever follows an alarm to docs/operating.md finds a section about it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { eventful, synthesise } from "./template.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/operating.md"), "utf8");
const runbookUrl = "https://git.example.com/rollcall/operating.md";

/** As GitHub and others make the anchors of headings. */
const sections = new Map(
  page
    .split(/^(?=#{2,4} )/m)
    .map((text) => text.split("\n"))
    .map(([heading = "", ...lines]) => [anchorOf(heading), lines.join("\n")]),
);

function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

function alarmsOf(change: Parameters<typeof synthesise>[0]): { id: string; description: string }[] {
  return Object.entries(synthesise(change).findResources("AWS::CloudWatch::Alarm")).map(([id, { Properties }]) => ({
    id,
    description: Properties.AlarmDescription,
  }));
}

const alarms = alarmsOf(eventful);

describe("the runbook", () => {
  test.each(alarms)("of $id: symptom, meaning, what to do, when it is over", ({ description }) => {
    const [, anchor = ""] = /\. Runbook: docs\/operating\.md#(\S+)$/.exec(description) ?? [];
    const text = sections.get(anchor) ?? "";
    expect(text).toMatch(/^- \*\*What you see\.\*\*/m);
    expect(text).toMatch(/^- \*\*What it means\.\*\*/m);
    expect(text).toMatch(/^- \*\*What to do\.\*\*/m);
    expect(text).toMatch(/^- \*\*Over\*\* \S/m);
  });

  test("each section about an alarm is one that an alarm leads to", () => {
    const led = new Set(alarms.map(({ description }) => description.split("#").at(-1)));
    expect(new Set([...sections.keys()].filter((anchor) => anchor.startsWith("alarm-")))).toEqual(led);
  });

  test("is linked at the address that the tenant file names", () => {
    const linked = alarmsOf({ ...eventful, alarms: { pendingMinutes: 15, runbookUrl } });
    expect(linked.map(({ description }) => description)).toEqual(
      alarms.map(({ description }) => description.replace("docs/operating.md", runbookUrl)),
    );
  });

  test("of the dashboard is there", () => {
    const body = JSON.stringify(synthesise({}).findResources("AWS::CloudWatch::Dashboard"));
    expect(body).toContain("docs/operating.md#when-an-alarm-rings");
    expect(sections.has("when-an-alarm-rings")).toBe(true);
  });

  test("a description fits into the 1024 characters of CloudWatch, whatever the names", () => {
    const long = alarmsOf({ ...eventful, alarms: { pendingMinutes: 1_440, runbookUrl: `https://${"x".repeat(492)}` } });
    expect(Math.max(...long.map(({ description }) => description.length))).toBeLessThan(1_024 - 3 * 32);
  });
});
