import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { onlyServerOn } from "../../lib/local/one-server.ts";
import { startServer } from "./served.ts";
import { type TemporaryFolder, temporaryFolder } from "./temporary-database.ts";

let folder: TemporaryFolder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe("a data file", () => {
  test("has one server: a second one says whose data they are and where, and leaves the token of the first", async () => {
    const first = await startServer({ dataDir: folder.path });
    await expect(startServer({ dataDir: folder.path })).rejects.toThrow(
      `Another server is running on the data of tenant "acme" in ${folder.path}: stop that one, or name another data folder with ROLLCALL_DATA.`,
    );
    expect((await first.ask("GET", "/Users")).status).toBe(200);
    await first.close();
  });

  test("has the next server after the first has stopped, or could not start", async () => {
    const failing = { dataDir: folder.path, alsoOpen: async () => await Promise.reject(new Error("no port")) };
    await expect(startServer(failing)).rejects.toThrow("no port");
    await (await startServer({ dataDir: folder.path })).close();
    await (await startServer({ dataDir: folder.path })).close();
  });

  test("is locked by a file that nobody else may read", () => {
    const { release } = onlyServerOn({ folder: folder.path, tenant: "acme" });
    expect((statSync(join(folder.path, "acme.server")).mode & 0o777).toString(8)).toBe("600");
    release();
  });
});
