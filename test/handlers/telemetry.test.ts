import { afterEach, describe, expect, test, vi } from "vitest";
import { errorForLog, lambdaTelemetry } from "../../lib/handlers/telemetry.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("metrics (CloudWatch embedded metric format)", () => {
  test("stand under the namespace and the one dimension that the alarms look at", () => {
    // Powertools then prints by the console that a test can watch, and would print no metrics.
    vi.stubEnv("POWERTOOLS_DEV", "true");
    vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
    const printed = vi.spyOn(console, "log").mockReturnValue();
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    const telemetry = lambdaTelemetry({ tenant: "acme", namespace: "Rollcall" });
    telemetry.flush();
    telemetry.count("OldestPendingSeconds", 90);
    telemetry.count("Applied");
    telemetry.count("Applied");
    telemetry.flush();
    telemetry.flush();
    expect([printed.mock.calls.length, warned.mock.calls.length]).toEqual([1, 0]);
    const emf: { _aws: { CloudWatchMetrics: object[] } } = JSON.parse(String(printed.mock.calls[0]?.[0]));
    expect(emf).toMatchObject({ service: "acme", OldestPendingSeconds: 90, Applied: [1, 1] });
    expect(emf._aws.CloudWatchMetrics).toMatchObject([
      {
        Namespace: "Rollcall",
        Dimensions: [["service"]],
        Metrics: [
          { Name: "OldestPendingSeconds", Unit: "Seconds" },
          { Name: "Applied", Unit: "Count" },
        ],
      },
    ]);
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
