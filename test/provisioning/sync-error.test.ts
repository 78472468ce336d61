import { describe, expect, test } from "vitest";
import { SyncError, type SyncErrorCode, syncErrorCodes } from "../../lib/provisioning/sync-error.ts";

/** What the configuration forbids is never tried again; a table that is busy is. */
const codes: [SyncErrorCode, "never" | "later"][] = [
  ["mapping-required-missing", "never"],
  ["mapping-value-unusable", "never"],
  ["entry-too-large", "never"],
  ["brake-held", "never"],
  ["brake-rejected", "never"],
  ["unreadable-message", "never"],
  ["throttled", "later"],
  ["conflict", "later"],
  ["unavailable", "later"],
  ["newer-format", "later"],
  ["internal", "later"],
];

describe("why a change could not be applied", () => {
  test.each(codes)("%s is tried again: %s", (code, retry) => {
    const cause = new Error("what was below");
    const error = new SyncError(code, "what happened", { cause });
    expect(error).toMatchObject({ name: "SyncError", code, retry, message: "what happened", cause });
  });

  test.each(codes)("%s has one sentence for the operator", (code) => {
    expect(syncErrorCodes[code].summary).toMatch(/^[A-Z][^.]*\.$/);
  });

  test("the list of codes is closed", () => {
    expect(Object.keys(syncErrorCodes)).toEqual(codes.map(([code]) => code));
  });
});
