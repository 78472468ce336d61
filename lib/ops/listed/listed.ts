/** One line of a list: who it is, and how far what the identity provider said has come. */
import { defined, type Head, isGivenUp, isParked } from "../../provisioning/head.ts";
import { isInactive } from "../explain/publish.ts";
import { identityOf } from "../find-resource.ts";

/** Times are milliseconds since 1970. */
export interface Listed {
  readonly type: string;
  readonly id: string;
  /** userName or displayName; absent once it is deleted. */
  readonly name?: string;
  /** Of somebody, beside the userName. */
  readonly displayName?: string;
  readonly externalId?: string;
  readonly state: "active" | "inactive" | "deleted";
  /** `again`: applied, and the worker is to look at it once more (a resync, roles, the memberships of a deleted one). */
  readonly status: "applied" | "pending" | "again" | "parked" | "givenUp";
  /** Since when it waits. */
  readonly since?: number;
  /** A SyncError code: why it is parked, or why the worker tries again. */
  readonly code?: string;
  readonly lastModified: number;
  /** When the identity provider said that this one leaves. */
  readonly leftAt?: number;
}

export function listedOf(head: Head): Listed {
  const { resource, lastModified, leftAt, failure } = head;
  const { displayName, externalId } = resource;
  const identity = identityOf(head);
  const status = statusOf(head);
  return {
    ...identity,
    state: head.state === "deleted" ? "deleted" : isInactive(head) ? "inactive" : "active",
    status,
    lastModified,
    ...defined({
      displayName: typeof displayName === "string" && displayName !== identity.name ? displayName : undefined,
      externalId: typeof externalId === "string" ? externalId : undefined,
      since: status === "applied" ? undefined : head.pendingSince,
      code: failure?.code,
      leftAt,
    }),
  };
}

function statusOf(head: Head): Listed["status"] {
  if (isParked(head)) return "parked";
  if (isGivenUp(head)) return "givenUp";
  if (head.applied < head.version) return "pending";
  return head.waitKey === undefined ? "applied" : "again";
}
