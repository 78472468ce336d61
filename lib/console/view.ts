/** What every page needs to know of the one who looks at it, and of the moment. */
import { masked } from "../ops/mask.ts";
import type { Json } from "../scim/json.ts";
import type { ConsoleContext, ConsoleRequest } from "./context.ts";

export interface View {
  readonly tenant: string;
  /** Absent: the embedded data. */
  readonly isDeployed: boolean;
  /** With what is asked for behind it. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly timeZone: string;
  readonly version: string;
  readonly csrfToken: string;
  readonly showsValues: boolean;
}

export function viewOf(c: ConsoleRequest, { operations, version, timeZone }: ConsoleContext): View {
  const { csrfToken, showsValues } = c.get("session");
  const { pathname, search } = new URL(c.req.url);
  return {
    tenant: operations.tenant.name,
    isDeployed: operations.deployment !== undefined,
    path: `${pathname}${search}`,
    now: operations.clock.now(),
    timeZone,
    version,
    csrfToken,
    showsValues,
  };
}

/** A value of somebody: masked until it is asked for. Absent is absent. */
export function shownValue({ showsValues }: Pick<View, "showsValues">, value: Json | undefined): string {
  if (value === undefined) return "—";
  const shown = showsValues ? value : masked(value);
  return typeof shown === "string" ? shown : JSON.stringify(shown);
}
