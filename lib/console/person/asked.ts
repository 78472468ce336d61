/** What the address asks besides: about one attribute, or whether somebody should not be inactive. */
import type { Asked } from "../../ops/explain/facts.ts";
import type { ConsoleRequest } from "../context.ts";

export function askedOf(c: ConsoleRequest): Asked {
  const [attribute, expect] = [c.req.query("attribute")?.trim(), c.req.query("expect")];
  return {
    ...(attribute === undefined || attribute === "" ? {} : { attribute }),
    ...(expect === "inactive" ? { expect } : {}),
  };
}
