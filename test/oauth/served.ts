/** The embedded server with OAuth switched on, its operator, and a clock that a test can move on. */
import * as oidc from "openid-client";
import { createClient, type MadeClient } from "../../lib/ops/clients.ts";
import type { PublicKey } from "../../lib/provisioning/client.ts";
import type { Clock } from "../../lib/provisioning/ports.ts";
import type { Tenant } from "../../lib/provisioning/tenant.ts";
import { systemClock } from "../../lib/system.ts";
import { acme, startServer, type TestServer } from "../local/served.ts";

export const withOAuth: Tenant = { ...acme, oauth: { tokenMinutes: 60 } };

export interface OAuthServer extends TestServer {
  /** Without a path. */
  readonly origin: string;
  readonly tokenUrl: string;
  readonly pass: (ms: number) => void;
  readonly now: () => number;
  readonly newClient: (keys?: readonly PublicKey[]) => Promise<MadeClient>;
  /** A request to the token endpoint by hand. */
  readonly post: (
    body: string | Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<TokenAnswer>;
  /** The status of a SCIM request with this text as its token. */
  readonly shown: (token: string) => Promise<number>;
}

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly access_token?: string;
    readonly token_type?: string;
    readonly expires_in?: number;
    readonly scope?: string;
    readonly error?: string;
    readonly error_description?: string;
  };
}

export async function oauthServer(): Promise<OAuthServer> {
  let ahead = 0;
  const clock: Clock = { now: () => systemClock.now() + ahead, sleep: async (ms) => await systemClock.sleep(ms) };
  const server = await startServer({ tenant: withOAuth, clock });
  const origin = new URL(server.baseUrl).origin;
  const tokenUrl = `${origin}/oauth/token`;
  return {
    ...server,
    origin,
    tokenUrl,
    pass: (ms) => {
      ahead += ms;
    },
    now: () => clock.now(),
    newClient: async (keys) =>
      await createClient(server.operations, { label: "Entra", idp: "entra", ...(keys !== undefined && { keys }) }),
    post: async (body, headers = {}) => {
      const form = typeof body === "string" ? body : new URLSearchParams(body).toString();
      const all = { "content-type": "application/x-www-form-urlencoded", ...headers };
      const response = await fetch(tokenUrl, { method: "POST", body: form, headers: all });
      return {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as TokenAnswer["body"],
      };
    },
    shown: async (token) =>
      (await server.ask("GET", "/Users?count=0", undefined, { authorization: `Bearer ${token}` })).status,
  };
}

/** What the library makes of our token endpoint. */
export function configured(
  { origin, tokenUrl }: Pick<OAuthServer, "origin" | "tokenUrl">,
  clientId: string,
  authentication: oidc.ClientAuth,
): oidc.Configuration {
  const made = new oidc.Configuration({ issuer: origin, token_endpoint: tokenUrl }, clientId, {}, authentication);
  // The embedded server speaks plain HTTP on the loopback.
  oidc.allowInsecureRequests(made);
  return made;
}

export function basic(id: string, secret: string): Readonly<Record<string, string>> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
}
