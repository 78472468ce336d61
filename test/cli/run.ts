/** Runs the command in process, as a person or a script would. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Io } from "../../lib/cli/io.ts";
import { main } from "../../lib/cli/main.ts";
import { systemClock } from "../../lib/system.ts";
import { parkingTenantFile, type TestStore } from "../ops/store.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface World {
  /** What the person answers; absent: nobody is there. */
  readonly answer?: boolean;
  readonly token?: string;
  readonly colours?: boolean;
  readonly columns?: number;
  readonly dataDir?: string;
  readonly interrupted?: boolean;
  /** ROLLCALL_WEBHOOKS */
  readonly webhooks?: string;
  /** Of npm start. */
  readonly baseUrl?: string;
}

/** The command on a test's store: `run("dlq ls --local")`. Words are parted by spaces; a list takes them as they are. */
export function commandOn(
  store: TestStore,
  tenantFile: object = parkingTenantFile,
): (words: string | readonly string[], world?: World) => Promise<Ran> {
  const tenantsDir = join(store.folder, "tenants");
  mkdirSync(tenantsDir);
  writeFileSync(join(tenantsDir, "parking.json"), JSON.stringify(tenantFile));
  return async (words, world = {}) => {
    const said = { out: "", err: "" };
    const { answer } = world;
    const io: Io = {
      stdout: (text) => {
        said.out += text;
      },
      stderr: (text) => {
        said.err += text;
      },
      colours: world.colours === true,
      ...(world.columns === undefined ? {} : { columns: world.columns }),
      ...(answer === undefined
        ? {}
        : {
            confirm: async (question) => {
              said.err += `${question}\n`;
              return answer;
            },
          }),
      interruption: () => (world.interrupted === true ? AbortSignal.abort() : new AbortController().signal),
      settings: {
        // They wait in truth: a worker of the test works meanwhile.
        clock: { ...systemClock, now: () => store.operations.clock.now() },
        dataDir: world.dataDir ?? store.folder,
        tenant: "parking",
        tenantsDir,
        ...(world.baseUrl === undefined ? {} : { baseUrl: world.baseUrl }),
        ...(world.token === undefined ? {} : { token: world.token }),
        ...(world.webhooks === undefined ? {} : { webhooks: world.webhooks }),
      },
    };
    const code = await main(typeof words === "string" ? words.split(" ") : words, io);
    return { code, ...said };
  };
}
