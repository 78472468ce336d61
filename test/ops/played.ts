/** A store that identity providers call by HTTP: requests go through the scim function's own handler, each later than the one before. */
import { createApiHandler } from "../../lib/handlers/api.ts";
import { createSweeperHandler } from "../../lib/handlers/sweeper.ts";
import { invocation } from "../../lib/local/context.ts";
import { createToken } from "../../lib/ops/tokens.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import type { JsonObject } from "../../lib/scim/json.ts";
import { apiEvent } from "../handlers/event.ts";
import { listening } from "../handlers/harness.ts";
import { parkingTenant, type TestStore, testStore } from "./store.ts";

export interface Played extends TestStore {
  /** Of an identity provider; the text. */
  connect(idp: string | undefined, options?: { expiresInDays?: number }): Promise<string>;
  /** `path`: below the base URL. `token` absent: that of the last `connect`. */
  ask(method: string, path: string, body?: object, token?: string): Promise<{ status: number; body: JsonObject }>;
  /** A user as it is sent by POST; the id, or an empty text when it was refused. */
  post(userName: string, more?: object): Promise<string>;
  patch(id: string, value: JsonObject): Promise<number>;
  sweep(): Promise<void>;
}

export function played(tenant: Tenant = parkingTenant): Played {
  const store = testStore(tenant);
  const { telemetry } = listening();
  const handler = createApiHandler({ provisioning: store.operations, telemetry });
  const shown = { token: "" };
  const ask: Played["ask"] = async (method, path, body, token = shown.token) => {
    const headers = { authorization: `Bearer ${token}` };
    store.tick();
    const event = apiEvent(method, `/scim/v2${path}`, body === undefined ? { headers } : { headers, body });
    const answer = await handler(event, invocation("api", 28));
    const text = answer.body ?? "";
    return { status: answer.statusCode ?? 0, body: text === "" ? {} : (JSON.parse(text) as JsonObject) };
  };
  return {
    ...store,
    connect: async (idp, options = {}) => {
      const asked = { label: `${idp ?? "some"} production`, ...options, ...(idp === undefined ? {} : { idp }) };
      shown.token = (await createToken(store.operations, asked)).token;
      return shown.token;
    },
    ask,
    post: async (userName, more = {}) => {
      const { body } = await ask("POST", "/Users", { schemas: [userSchema], userName, ...more });
      const { id } = body;
      return typeof id === "string" ? id : "";
    },
    patch: async (id, value) =>
      (await ask("PATCH", `/Users/${id}`, { schemas: [patchSchema], Operations: [{ op: "replace", value }] })).status,
    sweep: async () => void (await createSweeperHandler({ provisioning: store.operations, telemetry })()),
  };
}

const userSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
const patchSchema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
