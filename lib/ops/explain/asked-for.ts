/** What the sightings say about the subject as it stands: was it refused since, was it looked for and not created? */
import type { Sighting } from "../../provisioning/sighting.ts";
import type { Facts, Stored } from "./facts.ts";
import type { Heard } from "./heard.ts";
import { isOwn } from "./sightings-about.ts";

export interface Refused {
  readonly latest: Sighting;
  readonly first: Sighting;
  /** Since it was last accepted. */
  readonly count: number;
}

/** A refusal, or a fault of ours, that is later than all that was accepted. What succeeded afterwards was mended. */
export function refusedOf({ sightings, stored }: Facts): Refused | undefined {
  const since = sightings.filter(
    (sighting) =>
      (sighting.kind === "refused" || sighting.kind === "fault") &&
      (stored === undefined || concerns(sighting, stored)),
  );
  const [latest] = since;
  const first = since.at(-1);
  return latest && first && { latest, first, count: since.length };
}

function concerns(sighting: Sighting, { head }: Stored): boolean {
  const { at, operation = "", status } = sighting;
  if (at <= head.lastModified || !isOwn(sighting) || operation.startsWith("GET")) return false;
  // Whoever asks for a deleted one by its id is told so: that is no news.
  return head.state === "live" || status !== 404;
}

/** Searches that found nobody. Of one that is stored: those after it was accepted, by which it was not found. */
export function missesOf({ sightings, stored }: Facts): readonly Sighting[] {
  return sightings.filter(
    (sighting) =>
      sighting.kind === "lookedUp" &&
      (stored === undefined || (isOwn(sighting) && sighting.at > stored.head.lastModified)),
  );
}

/**
 * Whether it follows from there being no sighting that it was never named: requests were counted, and none of the sightings
 * was above the cap of what is kept.
 */
export function isConclusive({ heard }: Facts): boolean {
  return requestsOf(heard) > 0 && heard.traffic.dropped === 0 && heard.lastAt !== undefined;
}

export function requestsOf({ traffic }: Heard): number {
  const { reads, writes, unchanged, refused } = traffic;
  return reads + writes + unchanged + refused;
}

/** Nobody of this name is stored any more, but somebody was: who gave the name up last. */
export function releasedOf({ sightings, stored }: Facts): Sighting | undefined {
  return stored === undefined ? sightings.find(({ kind }) => kind === "released") : undefined;
}
