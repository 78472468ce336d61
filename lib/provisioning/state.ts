/** A resource as it was accepted: what a read or a write answers, before it is put into a SCIM body. */
import type { Resource, ResourceType } from "../scim/schema.ts";
import type { Chance, Clock, Lanes, Table } from "./ports.ts";
import type { Tenant } from "./tenant.ts";

/** All that the use cases need; made once in a composition root. */
export interface Provisioning {
  readonly table: Table;
  readonly lanes: Lanes;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly tenant: Tenant;
}

export interface Member {
  readonly id: string;
  readonly type: "User" | "Group";
}

export interface State {
  readonly type: ResourceType;
  readonly id: string;
  readonly resource: Resource;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly lastModified: number;
  /** Of a group, ascending by id; absent when they were not asked for. */
  readonly members?: readonly Member[];
  /** Of a user, when asked for: what has been applied. */
  readonly groups?: readonly { readonly id: string; readonly displayName?: string }[];
}

/** Who asks: for the log. */
export interface Caller {
  readonly requestId: string;
  readonly tokenId: string;
  /** An operator's import, not an identity provider. */
  readonly importId?: string;
  /** The identity provider, as far as it is known. */
  readonly dialect?: string;
  /**
   * Milliseconds since 1970: by then the caller has been told that it is not known what became of the request, so nothing
   * is written any more. Lambda freezes a function behind its answer and thaws it with another request.
   */
  readonly writeBefore?: number;
}
