/**
 * Which identity provider calls, as far as a request shows it. Only for people to read: how a request is understood never
 * depends on it (lib/scim/dialects).
 */
import type { HttpRequest } from "./http.ts";

export const idpNames = ["entra", "okta", "onelogin", "jumpcloud", "google", "ping", "sailpoint", "authentik"] as const;

/** Words of the User-Agent header, as vendors send them. */
const agents: readonly (readonly [RegExp, (typeof idpNames)[number]])[] = [
  [/okta/i, "okta"],
  [/onelogin/i, "onelogin"],
  [/jumpcloud/i, "jumpcloud"],
  [/google/i, "google"],
  [/ping(?:federate|one|identity)/i, "ping"],
  [/sailpoint|identitynow/i, "sailpoint"],
  [/authentik/i, "authentik"],
  [/azure|entra|microsoft/i, "entra"],
];

/** Undefined when nothing tells it. */
export function idpOf({ method, query, headers, body }: HttpRequest): string | undefined {
  const agent = headers["user-agent"] ?? "";
  const named = agents.find(([pattern]) => pattern.test(agent))?.[1];
  if (named !== undefined) return named;
  // A flag that its administrators add to the tenant URL; and operations with a capital letter, without it.
  if ([...query.keys()].some((key) => key.toLowerCase() === "aadoptscim062020")) return "entra";
  if (body === undefined || method === "GET") return undefined;
  const text = body.isBase64 ? Buffer.from(body.text, "base64").toString("utf8") : body.text;
  if (method === "PATCH" && /"op"\s*:\s*"(?:Add|Replace|Remove)"/.test(text)) return "entra";
  return text.includes("http://schemas.microsoft.com/") ? "entra" : undefined;
}
