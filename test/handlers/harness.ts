/** The scim function in this process, on a SQLite file of its own, asked by events as API Gateway shapes them. */
import { gunzipSync } from "node:zlib";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { createApiHandler } from "../../lib/handlers/api.ts";
import type { MetricName, Telemetry } from "../../lib/handlers/telemetry.ts";
import { invocation } from "../../lib/local/context.ts";
import { sqliteLane } from "../../lib/local/sqlite-lane.ts";
import { sqliteTable } from "../../lib/local/sqlite-table.ts";
import type { LaneName } from "../../lib/provisioning/ports.ts";
import type { Provisioning } from "../../lib/provisioning/state.ts";
import { putToken } from "../../lib/provisioning/token.ts";
import type { Json, JsonObject } from "../../lib/scim/json.ts";
import { systemChance } from "../../lib/system.ts";
import { hashToken, newToken } from "../../lib/token.ts";
import { acme } from "../local/served.ts";
import { manualClock, temporaryDatabase } from "../local/temporary-database.ts";
import { apiEvent, type Asked } from "./event.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | boolean>>;
  readonly body: JsonObject;
  readonly text: string;
}

/** What was told, in order. */
export interface Told {
  readonly lines: { readonly level: string; readonly message: string; readonly [name: string]: unknown }[];
  readonly counts: [MetricName, number][];
}

export interface Harness {
  readonly provisioning: Provisioning;
  readonly told: Told;
  readonly token: string;
  /** `target`: below the host; the token is shown unless `authorization` is given. */
  readonly ask: (method: string, target: string, asked?: Asked) => Promise<Answer>;
  readonly close: () => void;
}

export async function harness(
  options: { publicUrl?: string; seconds?: number; change?: (p: Provisioning) => Provisioning } = {},
): Promise<Harness> {
  const { db, close } = temporaryDatabase();
  const clock = manualClock();
  const lane = (name: LaneName) => sqliteLane({ db, name, clock });
  const lanes = { leavers: lane("leavers"), changes: lane("changes") };
  const whole: Provisioning = { table: sqliteTable(db), lanes, clock, chance: systemChance, tenant: acme };
  const provisioning = options.change?.(whole) ?? whole;
  const { id, text: token } = newToken();
  await putToken(whole.table, { id, hash: hashToken(token), label: "test", createdAt: clock.now() });
  const { telemetry, told } = listening();
  const { publicUrl } = options;
  const handler = createApiHandler({ provisioning, telemetry, ...(publicUrl === undefined ? {} : { publicUrl }) });
  return {
    provisioning,
    told,
    token,
    ask: async (method, target, asked = {}) => {
      const headers = { authorization: `Bearer ${token}`, ...asked.headers };
      const result = await handler(
        apiEvent(method, target, { ...asked, headers }),
        invocation("api", options.seconds ?? 28),
      );
      const text = readable(result);
      const body: JsonObject = text === "" ? {} : JSON.parse(text);
      return { status: result.statusCode ?? 0, headers: result.headers ?? {}, body, text };
    },
    close,
  };
}

function readable({ body = "", headers = {}, isBase64Encoded = false }: APIGatewayProxyStructuredResultV2): string {
  if (!isBase64Encoded) return body;
  const bytes = Buffer.from(body, "base64");
  return (headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** Telemetry that keeps what it is told. */
export function listening(): { telemetry: Telemetry; told: Told } {
  const told: Told = { lines: [], counts: [] };
  const line =
    (level: string) =>
    (message: unknown, ...more: unknown[]): void => {
      told.lines.push(Object.assign({ level, message: String(message) }, ...more));
    };
  const telemetry: Telemetry = {
    logger: { info: line("info"), warn: line("warn"), error: line("error") },
    count: (name, value = 1) => void told.counts.push([name, value]),
    flush: () => {},
  };
  return { telemetry, told };
}

export const scimErrorSchema = "urn:ietf:params:scim:api:messages:2.0:Error";

export function textOf(value: Json | undefined): string {
  if (typeof value !== "string") throw new Error("not a text");
  return value;
}
