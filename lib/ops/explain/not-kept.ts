/** What was sent and left out: told by the log where something else changed, by a sighting where nothing did. */
import type { Change } from "../../provisioning/change.ts";
import type { Sighting } from "../../provisioning/sighting.ts";

export interface NotKept {
  /** As the identity provider wrote it. */
  readonly path: string;
  readonly what: "attribute" | "member";
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requestId: string;
}

/** The latest first. What is read-only or never stored is sent as a matter of course, and is not among them. */
export function notKeptOf(changes: readonly Change[], sightings: readonly Sighting[]): NotKept[] {
  const ofChanges = changes.flatMap(({ at, requestId, ignored = [] }) =>
    ignored.flatMap(({ path, reason }): NotKept[] => {
      if (reason === "unknown") return [{ path, what: "attribute", at, requestId }];
      return reason === "unknownMember" ? [{ path, what: "member", at, requestId }] : [];
    }),
  );
  const ofSightings = sightings.flatMap(({ kind, at, requestId, detail = "" }) =>
    kind === "ignored"
      ? detail
          .split(", ")
          .map((path): NotKept => ({ path, what: /^members\[/i.test(path) ? "member" : "attribute", at, requestId }))
      : [],
  );
  return [...ofChanges, ...ofSightings].sort((a, b) => b.at - a.at);
}
