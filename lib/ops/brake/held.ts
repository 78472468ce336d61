/** The reason codes of those whom the brake keeps from leaving. */
import type { SyncErrorCode } from "../../provisioning/sync-error.ts";

export const brakeHeld = "brake-held" satisfies SyncErrorCode;
/** An operator said that they stay. */
export const brakeRejected = "brake-rejected" satisfies SyncErrorCode;
