/** Which route a request takes. Endpoints are found in any letter case: administrators paste what they read. */
import type { Caller, Provisioning } from "../provisioning/state.ts";
import { ScimError } from "../scim/error.ts";
import type { ResourceType } from "../scim/schema.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import type { Named } from "./named.ts";

/** What a handler is given beside the request. */
export interface Call {
  readonly provisioning: Provisioning;
  readonly caller: Caller;
  /** Of the `{id}` in the path; empty when there is none. */
  readonly id: string;
  /** Until the function is ended. */
  readonly remainingMs: () => number;
}

/** An answer, and what the log and the metrics have to know of it. */
export interface Answer extends HttpResponse {
  readonly change?: Change;
  /** Of a write that changed nothing: what it held that nobody knows. */
  readonly notKept?: NotKept;
  /** Of a bulk request. */
  readonly operations?: readonly OperationTold[];
  /** Who was searched for by name, and not found. */
  readonly missed?: readonly Named[];
}

export interface NotKept {
  readonly id: string;
  readonly paths: readonly string[];
}

export interface Change {
  readonly accepted: boolean;
  readonly enqueued: boolean;
  /** Somebody who was active was deactivated or deleted. */
  readonly left: boolean;
}

/** A write inside of a bulk request, which is counted and logged as one that came alone. */
export interface OperationTold {
  readonly requestId: string;
  readonly method: string;
  /** Absent: the operation could not be read. */
  readonly type?: ResourceType;
  /** Whom it was about. */
  readonly named: readonly Named[];
  readonly change?: Change;
  readonly notKept?: NotKept;
  /** What it was answered with, if that is no success. */
  readonly error?: ScimError;
  /** What was thrown, if the error is not the client's. */
  readonly fault?: unknown;
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "any";
  /** `/Users/{id}`; what is logged in place of the path. */
  readonly template: string;
  /** Of which type its resources are; absent where they may be of any, or none. */
  readonly type?: ResourceType;
  readonly handle: (request: HttpRequest, call: Call) => Promise<Answer>;
}

export interface Found {
  readonly route: Route;
  readonly id: string;
}

/** What OPTIONS asks for. */
interface Allowed {
  readonly allow: string;
}

/**
 * The first template that fits decides, so literal ones stand before those with `{id}`. HEAD is answered by GET, OPTIONS by
 * the list of what there is (RFC 9110 sections 9.3.2 and 9.3.7).
 *
 * Errors: ScimError 404; 405 with `Allow`.
 */
export function findRoute(
  routes: readonly Route[],
  { method, path }: Pick<HttpRequest, "method" | "path">,
): Found | Allowed {
  const template = routes.find((route) => fits(route.template, path) !== undefined)?.template;
  if (template === undefined) throw unknownPath();
  const alike = routes.filter((route) => route.template === template);
  const asked = method === "HEAD" ? "GET" : method;
  const route = alike.find((route) => route.method === asked || route.method === "any");
  if (route === undefined && method === "OPTIONS") return { allow: allowed(alike) };
  if (route === undefined) throw wrongMethod(allowed(alike), template);
  return { route, id: fits(template, path) ?? "" };
}

/** What stands in place of `{id}`, "" when nothing does; undefined when the path is another. */
function fits(template: string, path: string): string | undefined {
  const [parts, segments] = [template.split("/"), path.split("/")];
  if (parts.length !== segments.length) return undefined;
  let id = "";
  for (const [n, part] of parts.entries()) {
    const segment = segments[n] ?? "";
    if (part === "{id}") id = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return id;
}

function unknownPath(): ScimError {
  return new ScimError(
    404,
    undefined,
    "there is nothing at this path; /ResourceTypes below the base URL names the endpoints",
  );
}

function allowed(routes: readonly Route[]): string {
  const methods = routes.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  return [...methods, "OPTIONS"].join(", ");
}

function wrongMethod(allow: string, template: string): ScimError {
  return new ScimError(405, undefined, `${template} takes ${allow} only`, { headers: { allow } });
}
