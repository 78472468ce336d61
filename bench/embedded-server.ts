/** `npm start` in a process of its own, on data of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { openDatabase } from "../lib/local/database.ts";
import { newToken } from "../lib/token.ts";
import { type Ask, asking } from "./identity-provider.ts";

export interface EmbeddedServer {
  readonly ask: Ask;
  /** The same file, as a second process has it. */
  readonly db: DatabaseSync;
  close(): Promise<void>;
}

/** `before` finds the data folder as the server will. */
export async function embeddedServer(
  before: (db: DatabaseSync) => Promise<void> = async () => {},
): Promise<EmbeddedServer> {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"));
  const db = openDatabase({ folder, tenant: "acme" });
  await before(db);
  const { text: token } = newToken("bench");
  const child = spawn(process.execPath, ["bin/serve.ts"], {
    cwd: join(import.meta.dirname, ".."),
    env: { PORT: "0", ROLLCALL_DATA: folder, ROLLCALL_TOKEN: token },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  let out = "";
  for await (const chunk of child.stdout) {
    out += String(chunk);
    if (out.includes("\nready ")) break;
  }
  const [, baseUrl] = /\nready (\S+)/.exec(out) ?? [];
  if (baseUrl === undefined) throw new Error(`the server did not start: ${out}`);
  return {
    ask: asking(baseUrl, token),
    db,
    close: async () => {
      child.kill("SIGTERM");
      await ended;
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}
