/**
 * The cursor of the feed: a place, sealed with the secret of the tenant, so that nobody can make one or show one of another tenant.
 *
 * The secret was made with the first token that may read the feed (lib/ops/tokens.ts): the feed's function writes nothing.
 */
import type { FeedPlace } from "../events/feed-place.ts";
import { readCursorSecret } from "../provisioning/cursor-secret.ts";
import type { Table } from "../provisioning/ports.ts";
import { ScimError } from "../scim/error.ts";
import type { Seal } from "../scim/cursor.ts";
import { sealWith } from "./cursor-seal.ts";

export interface FeedCursors {
  readonly cursorOf: (place: FeedPlace) => string;
  /** Errors: ScimError 400. */
  readonly placeOf: (cursor: string) => FeedPlace;
}

/** Errors: TableError; Error when there is no secret, which an operator made go. */
export async function feedCursors(table: Table, tenant: string): Promise<FeedCursors> {
  const secret = await readCursorSecret(table);
  if (secret === undefined) throw new Error("the secret of the cursors is gone: make another token for the feed");
  return sealedBy(sealWith(secret), `feed\0${tenant}`);
}

function sealedBy(seal: Seal, boundTo: string): FeedCursors {
  return {
    cursorOf: ({ position, at, eventId }) => seal.seal(JSON.stringify([position, at, eventId]), boundTo),
    placeOf: (cursor) => {
      const text = /^[\w-]{1,1024}$/.test(cursor) ? seal.open(cursor, boundTo) : undefined;
      if (text === undefined) throw notOurs();
      const [position, at, eventId] = JSON.parse(text) as [number, number, string | null];
      return { position, at, ...(eventId !== null && { eventId }) };
    },
  };
}

function notOurs(): ScimError {
  const detail =
    "after is no cursor of this feed: it was changed, or is of another tenant; send the next of an earlier answer as it is, end, or no after at all";
  return new ScimError(400, undefined, detail);
}
