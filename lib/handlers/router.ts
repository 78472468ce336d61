/** Which route a request takes. Endpoints are found in any letter case: administrators paste what they read. */
import type { Caller, Provisioning } from "../provisioning/state.ts";
import { ScimError } from "../scim/error.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";

/** What a handler is given beside the request. */
export interface Call {
  readonly provisioning: Provisioning;
  readonly caller: Caller;
  /** Of the `{id}` in the path; empty when there is none. */
  readonly id: string;
}

/** An answer, and what the log and the metrics have to know of it. */
export interface Answer extends HttpResponse {
  readonly change?: { readonly accepted: boolean; readonly enqueued: boolean };
}

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "any";
  /** `/Users/{id}`; what is logged in place of the path. */
  readonly template: string;
  readonly handle: (request: HttpRequest, call: Call) => Promise<Answer>;
}

export interface Found {
  readonly route: Route;
  readonly id: string;
}

/**
 * The first template that fits decides, so literal ones stand before those with `{id}`.
 *
 * Errors: ScimError 404; 405 with `Allow`.
 */
export function findRoute(routes: readonly Route[], { method, path }: HttpRequest): Found {
  const template = routes.find((route) => fits(route.template, path) !== undefined)?.template;
  if (template === undefined) throw unknownPath();
  const alike = routes.filter((route) => route.template === template);
  const route = alike.find((route) => route.method === method || route.method === "any");
  if (route === undefined) throw wrongMethod(alike, template);
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

function wrongMethod(routes: readonly Route[], template: string): ScimError {
  const allow = routes.map((route) => route.method).join(", ");
  return new ScimError(405, undefined, `${template} takes ${allow} only`, { headers: { allow } });
}
