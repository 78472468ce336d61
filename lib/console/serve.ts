/** The console on this machine alone: opens a port of 127.0.0.1, and says by which link it opens. */
import { createAdaptorServer } from "@hono/node-server";
import { Server } from "node:http";
import type { Operations } from "../ops/operations.ts";
import { closeServer, listen, StartError } from "../local/listen.ts";
import { commandFor } from "../ops/command.ts";
import { systemClock } from "../system.ts";
import type { LoadedTenant } from "../tenant-folder.ts";
import { actionLog, type ActionRecord } from "./action-log.ts";
import { createApp } from "./app.ts";
import { createJobs } from "./jobs.ts";
import { problemOf } from "./problem.ts";
import { createSessions } from "./sessions.ts";

export interface ConsoleOptions {
  readonly operations: Operations;
  readonly loaded: LoadedTenant;
  /** Where the tenant takes SCIM requests. */
  readonly baseUrl?: string;
  readonly version: string;
  /** 0: any free one. Absent: the usual one, so that addresses which were sent to a colleague work there; a free one when it is taken. */
  readonly port?: number;
  /** Who will press the buttons: for the action log. */
  readonly actor: string;
  readonly onAction: (record: ActionRecord) => void;
  /** The file that it writes to. */
  readonly actionsAt?: string;
}

export interface OpenConsole {
  /** Opens it in one browser, once. */
  readonly link: string;
  readonly port: number;
  /** Ends what is under way. */
  close(): Promise<void>;
}

export const usualPort = 8090;
const host = "127.0.0.1";
const patienceMs = 2_000;

/** Errors: StartError when the port cannot be had. */
export async function openConsole(options: ConsoleOptions): Promise<OpenConsole> {
  const { operations, loaded, version, actor, onAction, actionsAt, baseUrl } = options;
  const sessions = createSessions(operations.clock);
  const jobs = createJobs(operations.clock, (error) => problemOf(error).sentence);
  const tenant = operations.tenant.name;
  const context = {
    operations,
    loaded,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(actionsAt === undefined ? {} : { actionsAt }),
    version,
    actor,
    actions: actionLog(onAction, { who: actor, tenant, now: () => systemClock.now() }),
    jobs,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  let opened = 0;
  const app = createApp({ context, sessions, port: () => opened, command: commandFor(operations, "console") });
  const server = createAdaptorServer({ fetch: app.fetch });
  if (!(server instanceof Server)) throw new TypeError("the console speaks HTTP/1.1");
  opened = await (options.port === undefined
    ? listenAsUsual(server)
    : listen(server, host, options.port, "CONSOLE_PORT or --port"));
  return {
    link: `http://${host}:${opened}/open?key=${sessions.linkKey}`,
    port: opened,
    close: async () => {
      await jobs.close();
      await closeServer(server, patienceMs);
    },
  };
}

async function listenAsUsual(server: Server): Promise<number> {
  try {
    return await listen(server, host, usualPort);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return await listen(server, host, 0);
  }
}
