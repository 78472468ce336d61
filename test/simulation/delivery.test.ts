import { describe, expect, test } from "vitest";
import { temporaryDatabase } from "../local/temporary-database.ts";
import { deliverAll } from "./deliver-all.ts";

const runs = 100;
const first = 1;

describe("delivery under faults (a sink is down for hours or days, loses answers, hangs; workers, publishers and replays die)", () => {
  test(`${runs} seeds: all comes, each subject in its order but for what was parked, the fold is the directory, and a sink that is well does not wait`, async () => {
    const { db, close } = temporaryDatabase();
    db.exec("PRAGMA synchronous = OFF");
    const seen = { events: 0, parked: 0, again: 0 };
    try {
      for (let seed = first; seed < first + runs; seed += 1) {
        db.exec("DELETE FROM message; DELETE FROM sent");
        const { violations, trace, ...had } = await deliverAll(seed, db);
        expect(violations.length === 0 ? "" : [`seed ${seed}`, ...trace.slice(-80), ...violations].join("\n")).toBe("");
        seen.events += had.events;
        seen.parked += had.parked;
        seen.again += had.again;
      }
    } finally {
      close();
    }
    // Else the worlds are too friendly to say anything.
    expect(Math.min(seen.events, seen.parked * 10, seen.again * 5)).toBeGreaterThan(runs * 10);
  });
});
