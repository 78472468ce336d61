/** `rollcall console`: a link that opens the pages of the embedded data, until Ctrl-C. */
import { statSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { main } from "../../lib/cli/main.ts";
import { actionFile } from "../../lib/console/action-file.ts";
import { type TestStore, testStore } from "../ops/store.ts";
import { eventually } from "../local/served.ts";
import { commandOn, type Ran } from "./run.ts";

let store: TestStore;
let run: ReturnType<typeof commandOn>;
beforeEach(() => {
  store = testStore();
  run = commandOn(store);
});
afterEach(() => store.close());

/** As it is while it runs: `use` gets what it printed. */
async function whileOpen(words: string, use: (out: string) => Promise<void>): Promise<Ran> {
  const said = { out: "", err: "" };
  const control = new AbortController();
  const running = main(words.split(" "), {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    colours: false,
    interruption: () => control.signal,
    settings: { dataDir: store.folder, tenant: "parking", tenantsDir: `${store.folder}/tenants` },
  });
  await eventually(() => said.err.includes("Ctrl-C"));
  try {
    await use(said.out);
  } finally {
    control.abort();
  }
  return { code: await running, ...said };
}

describe("rollcall console", () => {
  test("prints a link of 127.0.0.1 that opens the console in one browser, and ends with Ctrl-C", async () => {
    const { code, err } = await whileOpen("console --local --port 0", async (out) => {
      expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\?key=[\w-]{43}\n$/);
      const opened = await fetch(out.trim());
      const cookie = opened.headers.get("set-cookie")?.split(";")[0] ?? "";
      const page = await fetch(new URL("/people", out), { headers: { cookie } });
      expect([page.status, (await fetch(out.trim())).status]).toEqual([200, 401]);
    });
    expect(code).toBe(0);
    expect(err).toContain(`console-actions.jsonl in ${store.folder}`);
  });

  test("listens on 127.0.0.1 alone, not on this machine's other addresses", async () => {
    await whileOpen("console --local --port 0", async (out) => {
      const { port } = new URL(out.trim());
      await expect(fetch(`http://127.0.0.2:${port}/`)).rejects.toThrow("fetch failed");
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(401);
    });
  });

  test("what is done there is written for its owner's eyes", () => {
    const { onAction, actionsAt } = actionFile(store.folder);
    onAction({
      at: "2026-11-25T00:00:00.000Z",
      who: "ada",
      tenant: "parking",
      action: "token revoke",
      outcome: "done",
    });
    expect(statSync(actionsAt).mode & 0o777).toBe(0o600);
  });

  test("--json gives the link as data", async () => {
    await whileOpen("console --local --port 0 --json", async (out) => {
      const { link, port } = JSON.parse(out);
      expect(new URL(link).port).toBe(String(port));
      expect((await fetch(link)).status).toBe(200);
    });
  });

  test("a port that is taken is told in one sentence, with exit code 1", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, err } = await run(`console --local --port ${port}`, { interrupted: true });
    taken.close();
    expect(code).toBe(1);
    expect(err.replaceAll("\n", " ")).toMatch(/^Port \d+ of 127\.0\.0\.1 is in use: .*--port/);
  });

  test.each(["70000", "-1", "http"])("--port %s: exit code 2", async (port) => {
    const { code, err } = await run(`console --local --port ${port}`);
    expect([code, err.replaceAll("\n", " ")]).toEqual([2, expect.stringContaining("0 to 65535")]);
  });
});
