import { afterAll, describe, expect, test } from "vitest";
import { cursorSecret } from "../../lib/provisioning/cursor-secret.ts";
import { type Table, TableError } from "../../lib/provisioning/ports.ts";
import { harness } from "../handlers/harness.ts";

const api = await harness();
afterAll(() => api.close());

describe("the secret of the cursors (R56)", () => {
  test("is one for all instances, also when two make it at once or an answer is lost", async () => {
    const { provisioning: p } = api;
    let lost = true;
    const lossy: Table = {
      ...p.table,
      write: async (write) => {
        await p.table.write(write);
        if (lost) {
          lost = false;
          throw new TableError("lost", "no answer");
        }
      },
    };
    const secrets = await Promise.all([cursorSecret({ ...p, table: lossy }), cursorSecret(p), cursorSecret(p)]);
    expect(new Set([...secrets, await cursorSecret(p)]).size).toBe(1);
    expect(secrets[0]).toHaveLength(72);
  });
});
