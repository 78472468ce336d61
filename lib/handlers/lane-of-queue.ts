/** Which lane a queue is: an event names the queue by its ARN, the configuration by its URL; both end in its name. */
import type { LaneName } from "../provisioning/ports.ts";

/** Errors: one that names the queue, when it is none of ours. */
export function laneOfQueue(queueUrls: Readonly<Record<LaneName, string>>): (queueArn: string) => LaneName {
  const names: Readonly<Record<string, LaneName>> = {
    [lastPart(queueUrls.leavers, "/")]: "leavers",
    [lastPart(queueUrls.changes, "/")]: "changes",
  };
  return (queueArn) => {
    const lane = names[lastPart(queueArn, ":")];
    if (lane === undefined) throw new Error(`The queue ${queueArn} is no lane of this tenant; deploy the stack again.`);
    return lane;
  };
}

function lastPart(text: string, separator: string): string {
  return text.slice(text.lastIndexOf(separator) + 1);
}
