/** The oauth function in this process, asked by events as API Gateway shapes them, with a clock that stands still. */
import { createOAuthHandler, type OAuthHandler } from "../../lib/handlers/oauth.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import { createClient, type MadeClient } from "../../lib/ops/clients.ts";
import type { PublicKey } from "../../lib/provisioning/client.ts";
import type { Clock, Table } from "../../lib/provisioning/ports.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { systemChance } from "../../lib/system.ts";
import { apiEvent, type Asked } from "../handlers/event.ts";
import { listening, type Told } from "../handlers/harness.ts";
import { manualClock, temporaryDatabase } from "../local/temporary-database.ts";
import { type TokenAnswer, withOAuth } from "./served.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | boolean>>;
  readonly body: TokenAnswer["body"];
}

export interface TokenEndpoint {
  readonly table: Table;
  readonly clock: Clock;
  readonly told: Told;
  readonly newClient: (keys?: readonly PublicKey[]) => Promise<MadeClient>;
  /** `form`: an object is encoded. */
  readonly post: (form: string | Readonly<Record<string, string>>, asked?: Asked) => Promise<Answer>;
  readonly handler: OAuthHandler;
  readonly close: () => void;
}

export function tokenEndpoint(
  options: { table?: (table: Table) => Table; tenant?: Tenant; publicUrl?: string } = {},
): TokenEndpoint {
  const { db, close } = temporaryDatabase();
  const clock = manualClock();
  const stored = sqliteTable(db);
  const table = options.table?.(stored) ?? stored;
  const tenant = options.tenant ?? withOAuth;
  const { telemetry, told } = listening();
  const { publicUrl } = options;
  const handler = createOAuthHandler({
    provisioning: { table, clock, chance: systemChance, tenant },
    telemetry,
    ...(publicUrl !== undefined && { publicUrl }),
  });
  return {
    table: stored,
    clock,
    told,
    handler,
    newClient: async (keys) =>
      await createClient(
        { table: stored, clock, tenant: withOAuth },
        { label: "Entra", idp: "entra", ...(keys !== undefined && { keys }) },
      ),
    post: async (form, asked = {}) => {
      const headers = { "content-type": "application/x-www-form-urlencoded", ...asked.headers };
      const body = typeof form === "string" ? form : new URLSearchParams(form).toString();
      const result = await handler(apiEvent("POST", "/oauth/token", { ...asked, body, headers }));
      return {
        status: result.statusCode ?? 0,
        headers: result.headers ?? {},
        body: JSON.parse(result.body ?? "{}") as TokenAnswer["body"],
      };
    },
    close,
  };
}

export const grant = { grant_type: "client_credentials" } as const;
