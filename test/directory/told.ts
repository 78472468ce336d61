/** Events as an application is told them. */
import { entrySubject, eventId, type EntryEvent } from "../../lib/events/event.ts";

const userId = "5b6f0c4e-1111-4222-8333-944444444444";

export function userEvent(kind: string, sequence: number): EntryEvent {
  const subject = entrySubject("User", userId);
  return {
    id: eventId(subject, sequence),
    type: `user.${kind}`,
    timestamp: new Date(sequence).toISOString(),
    data: {
      tenant: "acme",
      subject,
      sequence,
      version: 2,
      resource: { type: "User", id: userId },
      state: kind === "suspended" ? "suspended" : "active",
      changed: [],
    },
  };
}

export const suspended = userEvent("suspended", Date.UTC(2026, 10, 25));
