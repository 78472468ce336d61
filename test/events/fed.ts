/** Events that a test puts into the feed as a publisher does: positions without a gap, and the end moved with them. */
import type { DirectoryEvent } from "../../lib/events/event.ts";
import { entrySubject, eventId, eventText } from "../../lib/events/event.ts";
import { feedDays, feedEnd } from "../../lib/events/feed.ts";
import { expiresAfter } from "../../lib/provisioning/expiry.ts";
import { feedHeadKey, feedKey } from "../../lib/provisioning/keys.ts";
import type { Table, Write } from "../../lib/provisioning/ports.ts";

export function userEvent(n: number, at: number, type = "user.updated"): DirectoryEvent {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  const subject = entrySubject("User", id);
  return {
    id: eventId(subject, at),
    type,
    timestamp: new Date(at).toISOString(),
    data: {
      tenant: "acme",
      subject,
      sequence: at,
      version: 2,
      resource: { type: "User", id },
      state: "active",
      changed: ["department"],
    },
  };
}

/** Appends them in this order. `at`: when they come into the feed, in milliseconds since 1970. */
export async function append(table: Table, events: readonly DirectoryEvent[], at: number): Promise<void> {
  for (let n = 0; n < events.length; n += 99) {
    const begin = await feedEnd(table);
    const part = events.slice(n, n + 99).map((event, i): Write => {
      const attributes = { event: eventText(event), expires: expiresAfter(at, feedDays) };
      return { kind: "put", key: feedKey(begin + 1 + i), attributes };
    });
    const head: Write = { kind: "update", key: feedHeadKey, set: { position: begin + part.length } };
    await table.transact([...part, head]);
  }
}

/** So many of one user each, numbered on from `from`. */
export async function appendMany(table: Table, count: number, at: number, from = 1): Promise<void> {
  await append(
    table,
    Array.from({ length: count }, (_, n) => userEvent(from + n, at)),
    at,
  );
}
