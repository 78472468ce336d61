/** What the last look for orphans found. The doctor does not look itself: that is a walk over everybody. */
import { age, counted, whole } from "../words.ts";
import type { Check } from "./check.ts";
import { day, type Facts } from "./facts.ts";

const oldDays = 30;

export function orphansCheck({ orphans, now }: Facts): Check {
  const name = "orphans";
  if (orphans === undefined) return { name, state: "skipped", summary: "Nobody has looked yet.", command: "orphans" };
  const { at, days, silent, groupless, dangling, missing, extra, different } = orphans;
  const looked = `looked ${age(now - at)} ago`;
  const here = `${whole(silent)} not named for ${days} days, ${whole(groupless)} in no group, ${counted(dangling, "member")} ${dangling === 1 ? "points" : "point"} nowhere`;
  const compared =
    missing === undefined
      ? ""
      : `; against the identity provider's export: ${whole(missing)} missing here, ${whole(extra ?? 0)} extra, ${whole(different ?? 0)} in another state`;
  const summary = `${here}${compared} (${looked}).`;
  // Silence is usual with an identity provider that sends only changes; these are not.
  const wrong = dangling + (missing ?? 0) + (extra ?? 0) + (different ?? 0);
  const check = { name, summary, command: "orphans" };
  if (wrong > 0) return { ...check, state: "warning", since: at, action: "See who it is, and mend the assignments." };
  if (now - at <= oldDays * day) return { name, state: "ok", summary };
  return {
    ...check,
    state: "warning",
    since: at,
    action: "That is long ago: look again, best with an export of the assignments.",
  };
}
