/** Have many people left at once, and is somebody held because of it? */
import type { Tenant } from "../../provisioning/tenant.ts";
import { age, counted, whole } from "../words.ts";
import type { Check } from "./check.ts";
import type { Facts } from "./facts.ts";

export function brakeCheck({ leavers: { brake } }: Tenant, { brake: note, parked, now }: Facts): Check {
  const name = "brake";
  const held = parked.filter(({ reason }) => reason === "brake-held").length;
  const { state, at = now, count = 0, threshold = 0, windowMinutes = brake.windowMinutes } = note;
  const many = `${counted(count, "person").replace("persons", "people")} left within ${windowMinutes} min, where ${whole(threshold)} may`;
  if (held > 0 || state === "held") {
    return {
      name,
      state: "failure",
      summary: `${state === undefined ? "It is off" : many}; ${whole(held)} held, who stay active until you decide.`,
      since: at,
      action: "See whom it holds, and decide: they are to leave, or it was a mistake at the identity provider.",
      command: "brake status",
    };
  }
  if (state === undefined) return { name, state: "ok", summary: "Nobody is held, and no more leave than is usual." };
  return {
    name,
    state: "warning",
    summary: `${many}, ${age(now - at)} ago. It only tells, so all of them are suspended.`,
    since: at,
    action: "If it was meant, `brake allow` ends this warning; if not, mend it at the identity provider.",
    command: "brake status",
  };
}
