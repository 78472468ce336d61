import { afterEach, describe, expect, test, vi } from "vitest";
import { errorForLog, lambdaTelemetry, quietTelemetry } from "../../lib/handlers/telemetry.ts";

afterEach(() => void vi.restoreAllMocks());

/** What is written there, line by line. */
function written(to: "stdout" | "stderr"): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  vi.spyOn(process[to], "write").mockImplementation((text) => {
    lines.push(JSON.parse(String(text)));
    return true;
  });
  return lines;
}

const telemetryOfAcme = () => lambdaTelemetry({ tenant: "acme", namespace: "Rollcall" });

describe("metrics (CloudWatch embedded metric format)", () => {
  test("stand under the namespace and the one dimension that the alarms look at", () => {
    const lines = written("stdout");
    const telemetry = telemetryOfAcme();
    telemetry.flush();
    telemetry.count("OldestPendingSeconds", 90);
    telemetry.count("ApplyLatencyMs", 7);
    telemetry.count("Applied");
    telemetry.count("Applied");
    telemetry.flush();
    telemetry.flush();
    expect(lines).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "Rollcall",
              Dimensions: [["service"]],
              Metrics: [
                { Name: "OldestPendingSeconds", Unit: "Seconds" },
                { Name: "ApplyLatencyMs", Unit: "Milliseconds" },
                { Name: "Applied", Unit: "Count" },
              ],
            },
          ],
        },
        service: "acme",
        OldestPendingSeconds: 90,
        ApplyLatencyMs: 7,
        Applied: [1, 1],
      },
    ]);
  });

  test("have at most a hundred values each in a line: a bulk request may count more", () => {
    const lines = written("stdout");
    const telemetry = telemetryOfAcme();
    for (let n = 0; n < 250; n += 1) telemetry.count("Accepted");
    telemetry.flush();
    expect(lines.map(({ Accepted }) => (Accepted as number[]).length)).toEqual([100, 100, 50]);
  });
});

describe("a line of the log", () => {
  test("is JSON with level, service and time, and what goes wrong stands on the other stream", () => {
    const [usual, wrong] = [written("stdout"), written("stderr")];
    const { logger } = telemetryOfAcme();
    logger.info("answered", { status: 200, tokenId: undefined });
    logger.warn("parked");
    logger.error('a "quoted"\nline');
    const common = { service: "acme", timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) };
    expect(usual).toEqual([{ ...common, level: "INFO", message: "answered", status: 200 }]);
    expect(wrong).toEqual([
      { ...common, level: "WARN", message: "parked" },
      { ...common, level: "ERROR", message: 'a "quoted"\nline' },
    ]);
  });

  test("tells of an embedded server only what goes wrong", () => {
    const [usual, wrong] = [written("stdout"), written("stderr")];
    const { logger, count, flush } = quietTelemetry({ tenant: "acme" });
    logger.info("answered");
    logger.warn("parked");
    count("Applied");
    flush();
    expect([usual.length, wrong.length]).toEqual([0, 1]);
  });
});

describe("an error in the log", () => {
  test("has its name, its cause's name and where it was thrown, but not its message", () => {
    const told = errorForLog(new RangeError("alice@example.com\n    at home", { cause: new TypeError("bob") }));
    expect(told).toMatchObject({ error: "RangeError", cause: "TypeError" });
    expect(told.stack?.[0]).toContain("telemetry.test.ts");
    expect(JSON.stringify(told)).not.toMatch(/alice|home|bob/);
  });

  test("whose message was changed after it was thrown has no place: its stack still begins with the old one", () => {
    const error = new RangeError("alice@example.com\n    at alice@example.com:1:1");
    // Only now is it written.
    expect(error.stack).toContain("alice");
    error.message = "changed";
    expect(errorForLog(error)).toEqual({ error: "RangeError", stack: [] });
    error.message = "";
    expect(JSON.stringify(errorForLog(error))).not.toContain("alice");
  });

  test("without a message has its place", () => {
    expect(errorForLog(new RangeError()).stack?.[0]).toContain("telemetry.test.ts");
  });

  test("that is none has its type", () => {
    expect(errorForLog("alice@example.com")).toEqual({ error: "string" });
  });
});
