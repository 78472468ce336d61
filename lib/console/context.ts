/** What the pages and actions of the console work on, and whom they work for. */
import type { Context, Hono } from "hono";
import type { Operations } from "../ops/operations.ts";
import type { LoadedTenant } from "../tenant-folder.ts";
import type { ActionLog } from "./action-log.ts";
import type { Jobs } from "./jobs.ts";
import type { Session } from "./sessions.ts";

export interface ConsoleContext {
  readonly operations: Operations;
  /** The tenant file that is here. */
  readonly loaded: LoadedTenant;
  /** Where the tenant takes SCIM requests; absent where that is not written down. */
  readonly baseUrl?: string;
  /** Of this program. */
  readonly version: string;
  /** Who presses the buttons, as the action log names it. */
  readonly actor: string;
  readonly actions: ActionLog;
  /** Where what it writes is to be read; absent: nowhere that a person could look. */
  readonly actionsAt?: string;
  readonly jobs: Jobs;
  /** In which exact times are shown: an IANA name, `Europe/Berlin`. */
  readonly timeZone: string;
}

interface ConsoleEnv {
  readonly Variables: { readonly session: Session };
}

export type ConsoleApp = Hono<ConsoleEnv>;
export type ConsoleRequest = Context<ConsoleEnv>;
