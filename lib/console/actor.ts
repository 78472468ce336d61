/** Who sits at this machine, for the action log: `ada@workstation`. */
import { hostname, userInfo } from "node:os";

export function systemActor(): string {
  return `${userName()}@${hostname()}`;
}

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
