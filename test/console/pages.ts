/** The console as a browser without script has it, over a store of a test: pages by their address, actions by their forms. */
import type { ActionRecord } from "../../lib/console/action-log.ts";
import { actionLog } from "../../lib/console/action-log.ts";
import { createApp } from "../../lib/console/app.ts";
import { createJobs } from "../../lib/console/jobs.ts";
import { problemOf } from "../../lib/console/problem.ts";
import { createSessions } from "../../lib/console/sessions.ts";
import type { Operations } from "../../lib/ops/operations.ts";
import { readTenantSettings } from "../../lib/provisioning/tenant-file.ts";
import type { LoadedTenant } from "../../lib/tenant-folder.ts";
import { parkingTenantFile } from "../ops/store.ts";

export interface Pages {
  /** The HTML. Errors: when the status is another than `status`. */
  get(path: string, status?: number): Promise<string>;
  /** Follows the redirect, as a browser does; `csrf` is added. */
  post(
    path: string,
    fields?: Readonly<Record<string, string | File>>,
  ): Promise<{ path: string; html: string; status: number }>;
  /** As it is: no cookie, no token of a form is added. */
  raw(path: string, init?: RequestInit): Promise<Response>;
  readonly cookie: string;
  readonly csrf: string;
  readonly link: string;
  /** What the action log has. */
  readonly actions: ActionRecord[];
  close(): Promise<void>;
}

const port = 8090;
export const origin = `http://127.0.0.1:${port}`;

/** `tenantFile`: what `operations.tenant` was read from. */
export async function openPages(operations: Operations, tenantFile: object = parkingTenantFile): Promise<Pages> {
  const sessions = createSessions(operations.clock);
  const jobs = createJobs(operations.clock, (error) => problemOf(error).sentence);
  const actions: ActionRecord[] = [];
  const { tenant } = operations;
  const loaded: LoadedTenant = {
    tenant,
    settings: readTenantSettings(tenant.name, tenantFile),
    path: `/nowhere/${tenant.name}.json`,
    hash: "000000000000",
    json: tenantFile,
  };
  const log = actionLog((record) => actions.push(record), { who: "ada@test", tenant: tenant.name, now: () => 0 });
  const context = {
    operations,
    loaded,
    baseUrl: "http://127.0.0.1:8080/scim/v2",
    version: "0.0.0-test",
    actor: "ada@test",
    actions: log,
    actionsAt: "/nowhere/console-actions.jsonl",
    jobs,
    timeZone: "UTC",
  };
  const app = createApp({ context, sessions, port: () => port, command: "npx rollcall console --local" });
  const raw: Pages["raw"] = async (path, init) => {
    const headers = new Headers(init?.headers);
    if (!headers.has("host")) headers.set("host", `127.0.0.1:${port}`);
    return await app.request(`${origin}${path}`, { ...init, headers });
  };
  const link = `/open?key=${sessions.linkKey}`;
  const cookie = (await raw(link)).headers.get("set-cookie")?.split(";")[0] ?? "";
  const get: Pages["get"] = async (path, status = 200) => {
    const answer = await raw(path, { headers: { cookie } });
    const html = await answer.text();
    if (answer.status === status) return html;
    throw new Error(`${path} was answered with ${answer.status}: ${html.slice(0, 500)}`);
  };
  const csrf = /name="csrf" value="([^"]+)"/.exec(await get("/no-such-page", 404))?.[1] ?? "";
  return {
    get,
    post: async (path, fields = {}) => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ csrf, ...fields })) body.set(name, value);
      const answer = await raw(path, { method: "POST", body, headers: { cookie, origin } });
      const to = answer.headers.get("location");
      if (to === null) return { path, html: await answer.text(), status: answer.status };
      return { path: to, html: await get(to), status: answer.status };
    },
    raw,
    cookie,
    csrf,
    link,
    actions,
    close: async () => await jobs.close(),
  };
}
